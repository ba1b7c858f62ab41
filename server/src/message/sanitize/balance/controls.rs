//! Fields of forms: nothing of them is kept but the words that a browser would show in them.

use super::{Attribute, Tag, Writer, element, entities, tags};

/// The options of a `select` that is being read; character references not yet decoded.
#[derive(Default)]
pub(super) struct Choice {
    open: Option<Choosable>,
    /// The one that a browser would show so far.
    shown: Option<Choosable>,
}

struct Choosable {
    words: String,
    is_selected: bool,
}

impl Choice {
    pub(super) fn reads(&mut self, text: &str) {
        if let Some(option) = &mut self.open {
            option.words.push_str(text);
        }
    }

    /// The open option ends, and another may begin.
    fn turn(&mut self, next: Option<Choosable>) {
        let ended = std::mem::replace(&mut self.open, next);
        let is_unset = |is_selected: bool| {
            let shown = self.shown.as_ref();
            shown.is_none_or(|shown| is_selected && !shown.is_selected)
        };
        if let Some(ended) = ended.filter(|ended| is_unset(ended.is_selected)) {
            self.shown = Some(ended);
        }
    }
}

impl Writer<'_> {
    /// The words of an `input`, as far as it shows any.
    pub(super) fn input(&mut self, attributes: &[Attribute<'_>]) {
        let kind = element::value(attributes, "type").to_ascii_lowercase();
        let shown = match kind.trim() {
            "hidden" | "password" | "checkbox" | "radio" | "file" | "color" | "range" => return,
            "image" => "alt",
            _ => "value",
        };
        if is_shown(attributes) {
            self.say(&element::value(attributes, shown));
        }
    }

    /// A `textarea` begins: its text follows.
    pub(super) fn field(&mut self, attributes: &[Attribute<'_>]) {
        self.is_field_shown = is_shown(attributes);
    }

    /// The content of a `textarea`.
    pub(super) fn field_text(&mut self, text: &str) {
        if std::mem::take(&mut self.is_field_shown) {
            self.say(&entities::decode(text));
        }
    }

    /// A `select` begins.
    pub(super) fn choice(&mut self, attributes: &[Attribute<'_>]) {
        match is_shown(attributes) {
            true => self.choice = Some(Choice::default()),
            false => self.skip("select"),
        }
    }

    /// Whether a start tag belongs to the open `select`; others end it, if they cannot lie in it.
    pub(super) fn is_chosen_from(&mut self, name: &str, attributes: &[Attribute<'_>]) -> bool {
        let Some(choice) = &mut self.choice else {
            return false;
        };
        if name == "option" {
            let is_selected = attributes.iter().any(|one| one.name == "selected");
            choice.turn(Some(Choosable {
                words: String::new(),
                is_selected,
            }));
        } else if matches!(name, "select" | "input" | "textarea") || is_block(name) {
            self.end_choice();
            return false;
        }
        true
    }

    /// Whether an end tag belongs to the open `select`.
    pub(super) fn ends_choice(&mut self, name: &str) -> bool {
        let Some(choice) = &mut self.choice else {
            return false;
        };
        if name == "option" {
            choice.turn(None);
        } else if name == "select" || is_block(name) {
            self.end_choice();
        }
        self.choice.is_some()
    }

    /// Writes what a browser shows of the open `select`.
    pub(super) fn end_choice(&mut self) {
        let Some(mut choice) = self.choice.take() else {
            return;
        };
        choice.turn(None);
        if let Some(shown) = choice.shown {
            self.say(&entities::decode(&shown.words));
        }
    }

    /// Writes the words of a field, apart from what follows.
    fn say(&mut self, words: &str) {
        let words = words.trim();
        if !words.is_empty() && self.skipping.is_none() {
            self.words(words);
            self.words(" ");
        }
    }
}

fn is_shown(attributes: &[Attribute<'_>]) -> bool {
    !element::is_hidden(attributes) && !element::is_unseen(attributes)
}

fn is_block(name: &str) -> bool {
    tags::known(name).is_some_and(Tag::is_block)
}
