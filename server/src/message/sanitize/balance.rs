//! Writes hostile HTML anew: listed elements only, each closed where it was opened, tables complete,
//! depth and number capped. What comes out holds no surprise for a parser, so that none is slow on it.

mod controls;
mod link;
mod room;

use controls::Choice;

use super::{
    Pictures, css, element, entities,
    lexer::{Attribute, Lexer, Token},
    links::{Link, base::Base},
    tags::{self, BODY, Kind, SPAN, TBODY, TD, TR, Tag},
    wanted::Wanted,
};
use crate::message::trackers::Trackers;

/// Elements within each other; real mail stays below 100.
const MAX_DEPTH: usize = 256;
/// Elements of one text; the largest newsletters have some thousand.
const MAX_TAGS: usize = 40_000;

/// Characters of one text before it is divided: for each `&` and each character of which UTF-8
/// begins with 0xC2, html5ever 0.40's serializer looks through all the rest of the text.
const MAX_COSTLY: usize = 256;

/// HTML written anew, and what was seen on the way.
pub(super) struct Balanced {
    pub(super) html: String,
    /// The sheets, one after the other.
    pub(super) css: String,
    pub(super) has_remote_content: bool,
    pub(super) trackers: Trackers,
    pub(super) is_cut: bool,
    pub(super) is_css_cut: bool,
}

/// Writes `html` anew, with these pictures and, if it is turned, its colours for the dark as well.
pub(super) fn balance(html: &str, pictures: &mut dyn Pictures, is_turned: bool) -> Balanced {
    let mut writer = Writer {
        out: String::with_capacity(html.len()),
        stack: Vec::new(),
        links: Vec::new(),
        dropped_depth: 0,
        tags: 0,
        is_cut: false,
        costly: 0,
        skipping: None,
        after_pre: false,
        has_remote_content: false,
        trackers: Trackers::default(),
        pictures,
        base: None,
        choice: None,
        is_field_shown: false,
        has_body: false,
        media: None,
        css: String::new(),
        budget: css::Budget::new(is_turned),
    };
    for token in Lexer::new(html) {
        match token {
            Token::Text(text) => writer.text(text),
            Token::Start(name, attributes) => writer.start(&name, &attributes),
            Token::End(name) => writer.end(&name),
            Token::Raw(name, text) if name == "style" => writer.sheet(text),
            Token::Raw(name, text) if name == "textarea" => writer.field_text(text),
            Token::Raw(..) => {}
        }
    }
    writer.end_choice();
    writer.pop_to(0);
    if writer.budget.is_too_much_for(writer.tags) {
        writer.css.clear();
        writer.budget.is_cut = true;
    }
    Balanced {
        html: writer.out,
        css: writer.budget.hints() + &writer.css,
        has_remote_content: writer.has_remote_content,
        trackers: writer.trackers,
        is_cut: writer.is_cut,
        is_css_cut: writer.budget.is_cut,
    }
}

struct Open {
    tag: Tag,
    /// Its end tag came while blocks within it were open: it ends with the last of them.
    ended: bool,
}

/// An element that is left out with its content.
struct Skip {
    name: String,
    depth: usize,
}

struct Writer<'a> {
    out: String,
    stack: Vec<Open>,
    /// The links among them.
    links: Vec<Link>,
    /// Elements not written because of [`MAX_DEPTH`] and not yet ended.
    dropped_depth: usize,
    /// Those written.
    tags: usize,
    /// There were more.
    is_cut: bool,
    /// See [`MAX_COSTLY`]; since the last tag.
    costly: usize,
    skipping: Option<Skip>,
    /// A line break right after `<pre>` means nothing.
    after_pre: bool,
    has_remote_content: bool,
    trackers: Trackers,
    pictures: &'a mut dyn Pictures,
    base: Option<Base>,
    choice: Option<Choice>,
    /// What the `textarea` just begun says is to be seen.
    is_field_shown: bool,
    has_body: bool,
    /// The `media` of the `style` element just begun.
    media: Option<String>,
    css: String,
    budget: css::Budget,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) {
        if self.skipping.is_some() {
            return;
        }
        if let Some(choice) = &mut self.choice {
            return choice.reads(text);
        }
        // Decoded and escaped again: html5ever need not read unfinished references.
        if text.contains(['&', '\0']) {
            self.words(&entities::decode(text));
        } else {
            self.words(text);
        }
    }

    /// Text without references.
    fn words(&mut self, text: &str) {
        let text = if self.after_pre {
            text.trim_start_matches(['\r', '\n'])
        } else {
            text
        };
        if text.is_empty() {
            return;
        }
        self.after_pre = false;
        if self.is_in_frame() {
            if text.trim().is_empty() {
                return;
            }
            self.ensure_cell();
        }
        let is_plain = !text.contains(['&', '<', '>']) && text.is_ascii();
        if is_plain {
            self.link_reads(text);
            self.out.push_str(text);
        } else {
            self.divided(text);
        }
    }

    /// Text, divided where it costs the second sanitizer too much.
    fn divided(&mut self, text: &str) {
        let mut read = 0;
        for (at, c) in text.char_indices() {
            self.costly += usize::from(matches!(c, '&' | '\u{80}'..='\u{bf}'));
            if self.costly > MAX_COSTLY {
                self.link_reads(text.get(read..at).unwrap_or_default());
                read = at;
                self.push(SPAN, "");
                self.pop_to(self.stack.len().saturating_sub(1));
                self.costly = 1;
            }
            entities::escape_char(c, &mut self.out);
        }
        self.link_reads(text.get(read..).unwrap_or_default());
    }

    fn start(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        if !self.leave_skip(name) || self.is_chosen_from(name, attributes) {
            return;
        }
        self.has_remote_content = self.has_remote_content || element::is_remote(name, attributes);
        if tags::is_dropped_whole(name) {
            return self.skip(name);
        }
        match name {
            "style" => self.media = element::media(attributes),
            "body" => self.body(attributes),
            "base" => self.base(attributes),
            "area" => self.area(attributes),
            "input" => self.input(attributes),
            "textarea" => self.field(attributes),
            "select" => self.choice(attributes),
            _ => {}
        }
        let Some(tag) = tags::known(name) else {
            return;
        };
        if element::is_hidden(attributes) {
            if tag.kind != Kind::Void {
                self.skip(name);
            }
            return;
        }
        let is_in_link = !self.links.is_empty();
        let mut wanted = Wanted::new(self.pictures, self.base.as_mut());
        let kept = element::keep(tag, is_in_link, attributes, &mut self.budget, &mut wanted);
        self.has_remote_content |= wanted.is_remote;
        for url in wanted.remote {
            self.trackers.picture(&url, element::is_unseen(attributes));
        }
        if let Some(link) = &kept.link {
            self.trackers.link(&link.href);
        }
        let Some(written) = kept.written else {
            return;
        };
        if self.is_too_deep_for(tag) {
            self.dropped_depth += 1;
            return;
        }
        let is_cut = self.tags >= MAX_TAGS;
        self.is_cut |= is_cut;
        if is_cut || !self.make_room(tag) {
            return;
        }
        self.push(tag, &written);
        if !kept.alt.is_empty() {
            self.link_reads(&kept.alt);
            self.link_passes(tag);
        }
        self.links.extend(kept.link);
        self.budget.colors(kept.colors);
    }

    /// The content of a `style` element.
    fn sheet(&mut self, text: &str) {
        if self.skipping.is_some() {
            return;
        }
        self.has_remote_content = self.has_remote_content || css::wants_remote(text);
        if let Some(media) = self.media.take() {
            let mut wanted = Wanted::new(self.pictures, self.base.as_mut());
            let mut address = |value: &str| wanted.address(value);
            let sheet = css::sheet(text, &media, &mut self.budget, &mut address);
            self.css.push_str(&sheet);
            self.has_remote_content |= wanted.is_remote;
            for url in wanted.remote {
                self.trackers.picture(&url, false);
            }
        }
    }

    /// The sender's `body`: an element of its own, so that it can have looks within the frame.
    fn body(&mut self, attributes: &[Attribute<'_>]) {
        if self.has_body || !self.stack.is_empty() {
            return;
        }
        self.has_body = true;
        let mut wanted = Wanted::new(self.pictures, self.base.as_mut());
        let written = element::body(attributes, &mut self.budget, &mut wanted);
        self.has_remote_content |= wanted.is_remote;
        for url in wanted.remote {
            self.trackers.picture(&url, element::is_unseen(attributes));
        }
        if !written.is_empty() {
            self.push(BODY, &written);
        }
    }

    /// Leaves out the element just begun, with its content.
    fn skip(&mut self, name: &str) {
        self.skipping = Some(Skip {
            name: name.to_owned(),
            depth: 1,
        });
    }

    /// Whether this start tag is to be looked at; within a skipped element it is only counted.
    fn leave_skip(&mut self, name: &str) -> bool {
        let Some(skip) = &mut self.skipping else {
            return true;
        };
        if skip.name != name {
            return false;
        }
        if tags::ends_by_itself(name) {
            self.skipping = None;
            return true;
        }
        skip.depth += 1;
        false
    }

    fn end(&mut self, name: &str) {
        if let Some(skip) = &mut self.skipping {
            if skip.name == name {
                skip.depth -= 1;
                if skip.depth == 0 {
                    self.skipping = None;
                }
            }
            return;
        }
        if self.ends_choice(name) {
            return;
        }
        let Some(tag) = tags::known(name).filter(|tag| tag.kind != Kind::Void) else {
            return;
        };
        if self.dropped_depth > 0 {
            self.dropped_depth -= 1;
            return;
        }
        let is_table_part = tag.is_wall();
        for at in (0..self.stack.len()).rev() {
            let Some(open) = self.stack.get_mut(at) else {
                return;
            };
            if open.tag == tag && !open.ended {
                let holds_block = self
                    .stack
                    .iter()
                    .skip(at + 1)
                    .any(|open| open.tag.is_block());
                if tag.kind == Kind::Inline && holds_block {
                    if let Some(open) = self.stack.get_mut(at) {
                        open.ended = true;
                    }
                } else {
                    self.pop_to(at);
                }
                return;
            }
            let stops = if is_table_part {
                open.tag.kind == Kind::Table
            } else {
                open.tag.is_wall()
            };
            if stops {
                return;
            }
        }
    }

    fn push(&mut self, tag: Tag, attributes: &str) {
        self.out.push('<');
        self.out.push_str(tag.name);
        self.out.push_str(attributes);
        self.out.push('>');
        self.after_pre = tag.name == "pre";
        self.costly = 0;
        self.tags += 1;
        self.link_passes(tag);
        if tag.kind != Kind::Void {
            self.stack.push(Open { tag, ended: false });
        }
    }

    /// Closes elements until `depth` are open, and those that only waited for it.
    fn pop_to(&mut self, depth: usize) {
        while self.stack.len() > depth || self.stack.last().is_some_and(|open| open.ended) {
            let Some(open) = self.stack.pop() else {
                return;
            };
            self.out.push_str("</");
            self.out.push_str(open.tag.name);
            self.out.push('>');
            self.after_pre = false;
            self.costly = 0;
            match open.tag.name {
                "a" => self.end_link(),
                _ => self.link_passes(open.tag),
            }
        }
    }
}
