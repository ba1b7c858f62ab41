//! Writes hostile HTML anew: listed elements only, each closed where it was opened, tables complete,
//! depth and number capped. What comes out holds no surprise for a parser, so that none is slow on it.

use super::{
    Pictures, css, element, entities,
    lexer::{Attribute, Lexer, Token},
    tags::{self, BODY, Kind, TBODY, TD, TR, Tag},
};

/// Elements within each other; real mail stays below 100.
const MAX_DEPTH: usize = 256;
/// Elements of one text; the largest newsletters have some thousand.
const MAX_TAGS: usize = 100_000;

/// Characters of one text before it is divided: for each `&` and each character of which UTF-8
/// begins with 0xC2, html5ever 0.40's serializer looks through all the rest of the text.
const MAX_COSTLY: usize = 256;

/// HTML written anew, and what was seen on the way.
pub(super) struct Balanced {
    pub(super) html: String,
    /// The sheets, one after the other.
    pub(super) css: String,
    pub(super) has_remote_content: bool,
    pub(super) is_cut: bool,
    pub(super) is_css_cut: bool,
}

/// Writes `html` anew, with these pictures.
pub(super) fn balance(html: &str, pictures: &mut dyn Pictures) -> Balanced {
    let mut writer = Writer {
        out: String::with_capacity(html.len()),
        stack: Vec::new(),
        dropped_depth: 0,
        tags: 0,
        costly: 0,
        skipping: None,
        after_pre: false,
        has_remote_content: false,
        pictures,
        has_body: false,
        media: None,
        css: String::new(),
        budget: css::Budget::default(),
    };
    for token in Lexer::new(html) {
        match token {
            Token::Text(text) => writer.text(text),
            Token::Start(name, attributes) => writer.start(&name, &attributes),
            Token::End(name) => writer.end(&name),
            Token::Raw(name, text) if name == "style" => writer.sheet(text),
            Token::Raw(..) => {}
        }
    }
    writer.pop_to(0);
    if writer.budget.is_too_much_for(writer.tags.min(MAX_TAGS)) {
        writer.css.clear();
        writer.budget.is_cut = true;
    }
    Balanced {
        html: writer.out,
        css: writer.css,
        has_remote_content: writer.has_remote_content,
        is_cut: writer.tags > MAX_TAGS,
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
    /// Elements not written because of [`MAX_DEPTH`] and not yet ended.
    dropped_depth: usize,
    tags: usize,
    /// See [`MAX_COSTLY`]; since the last tag.
    costly: usize,
    skipping: Option<Skip>,
    /// A line break right after `<pre>` means nothing.
    after_pre: bool,
    has_remote_content: bool,
    pictures: &'a mut dyn Pictures,
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
        // Decoded and escaped again: html5ever need not read unfinished references.
        if !text.contains(['&', '<', '>', '\0']) && text.is_ascii() {
            self.out.push_str(text);
            return;
        }
        for c in entities::decode(text).chars() {
            self.costly += usize::from(matches!(c, '&' | '\u{80}'..='\u{bf}'));
            if self.costly > MAX_COSTLY {
                self.out.push_str("<span></span>");
                self.costly = 0;
            }
            entities::escape_char(c, &mut self.out);
        }
    }

    fn start(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        if !self.leave_skip(name) {
            return;
        }
        self.has_remote_content = self.has_remote_content || element::is_remote(name, attributes);
        if tags::is_dropped_whole(name) {
            self.skipping = Some(Skip {
                name: name.to_owned(),
                depth: 1,
            });
            return;
        }
        match name {
            "style" => self.media = element::media(attributes),
            "body" => self.body(attributes),
            _ => {}
        }
        let Some(tag) = tags::known(name) else {
            return;
        };
        if element::is_hidden(attributes) {
            if tag.kind != Kind::Void {
                self.skipping = Some(Skip {
                    name: name.to_owned(),
                    depth: 1,
                });
            }
            return;
        }
        let kept = element::keep(tag, attributes, &mut self.budget, self.pictures);
        self.has_remote_content |= kept.is_remote;
        let Some(written) = kept.written else {
            return;
        };
        self.tags += 1;
        if tag.kind != Kind::Void && self.stack.len() >= MAX_DEPTH {
            self.dropped_depth += 1;
        } else if self.tags <= MAX_TAGS && self.make_room(tag) {
            self.push(tag, &written);
        }
    }

    /// The content of a `style` element.
    fn sheet(&mut self, text: &str) {
        if self.skipping.is_some() {
            return;
        }
        self.has_remote_content = self.has_remote_content || css::wants_remote(text);
        if let Some(media) = self.media.take() {
            let sheet = css::sheet(text, &media, &mut self.budget);
            self.css.push_str(&sheet);
        }
    }

    /// The sender's `body`: an element of its own, so that it can have looks within the frame.
    fn body(&mut self, attributes: &[Attribute<'_>]) {
        if self.has_body || !self.stack.is_empty() {
            return;
        }
        self.has_body = true;
        let written = element::body(attributes, &mut self.budget);
        if !written.is_empty() {
            self.tags += 1;
            self.push(BODY, &written);
        }
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

    /// Closes and opens what must be closed and opened before `tag`; `false` if it has no place here.
    fn make_room(&mut self, tag: Tag) -> bool {
        match tag.kind {
            Kind::Section | Kind::Row | Kind::Cell | Kind::Caption => {
                return self.make_table_room(tag);
            }
            Kind::Void | Kind::Inline => {
                if tag.name == "a" {
                    self.close_within(|open| open.name == "a", Tag::is_wall);
                }
                if tag.name == "hr" {
                    self.close_paragraph();
                }
            }
            Kind::Item => {
                let is_same = move |open: Tag| {
                    open.kind == Kind::Item && (open.name == "li") == (tag.name == "li")
                };
                let is_list = |open: Tag| {
                    open.is_wall() || matches!(open.name, "ul" | "ol" | "dl" | "menu" | "dir")
                };
                self.close_within(is_same, is_list);
                self.close_paragraph();
            }
            Kind::Block | Kind::Table | Kind::Body => {
                self.close_paragraph();
                if tag.is_heading() && self.stack.last().is_some_and(|open| open.tag.is_heading()) {
                    self.pop_to(self.stack.len().saturating_sub(1));
                }
            }
        }
        if self.is_in_frame() {
            self.ensure_cell();
        }
        true
    }

    fn make_table_room(&mut self, tag: Tag) -> bool {
        let Some(table) = self
            .stack
            .iter()
            .rposition(|open| open.tag.kind == Kind::Table)
        else {
            return false;
        };
        let keeps = |open: &Open| match tag.kind {
            Kind::Row => open.tag.kind == Kind::Section,
            Kind::Cell => matches!(open.tag.kind, Kind::Section | Kind::Row),
            _ => false,
        };
        let kept = self
            .stack
            .iter()
            .skip(table + 1)
            .take_while(|open| keeps(open))
            .count();
        if tag.kind == Kind::Caption && self.stack.len() > table + 1 {
            return false;
        }
        self.pop_to(table + 1 + kept);
        if matches!(tag.kind, Kind::Row | Kind::Cell) && self.top_is(Kind::Table) {
            self.push(TBODY, "");
        }
        if tag.kind == Kind::Cell && self.top_is(Kind::Section) {
            self.push(TR, "");
        }
        true
    }

    fn ensure_cell(&mut self) {
        self.make_table_room(TD);
        self.push(TD, "");
    }

    fn close_paragraph(&mut self) {
        self.close_within(|open| open.name == "p", Tag::is_wall);
    }

    /// Closes the innermost element that `is_it`, with all within it, unless a `wall` stands before it.
    fn close_within(&mut self, is_it: impl Fn(Tag) -> bool, wall: impl Fn(Tag) -> bool) {
        let behind_wall = self
            .stack
            .iter()
            .rposition(|open| wall(open.tag))
            .map_or(0, |at| at + 1);
        let found = self
            .stack
            .iter()
            .skip(behind_wall)
            .rposition(|open| is_it(open.tag));
        if let Some(at) = found {
            self.pop_to(behind_wall + at);
        }
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
        }
    }

    fn is_in_frame(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|open| open.tag.is_table_frame())
    }

    fn top_is(&self, kind: Kind) -> bool {
        self.stack.last().is_some_and(|open| open.tag.kind == kind)
    }
}
