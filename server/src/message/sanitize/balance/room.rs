//! Where an element has its place: what must be closed and opened before it.

use super::{Kind, MAX_DEPTH, Open, TBODY, TD, TR, Tag, Writer};

impl Writer<'_> {
    /// Closes and opens what must be closed and opened before `tag`; `false` if it has no place here.
    pub(super) fn make_room(&mut self, tag: Tag) -> bool {
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

    /// Whether `tag` would lie too deep. The parts of a table lie as deep as it does, or three deeper.
    pub(super) fn is_too_deep_for(&self, tag: Tag) -> bool {
        let is_bounded = matches!(
            tag.kind,
            Kind::Void | Kind::Section | Kind::Row | Kind::Cell | Kind::Caption
        );
        !is_bounded && self.stack.len() >= MAX_DEPTH
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

    pub(super) fn ensure_cell(&mut self) {
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

    pub(super) fn is_in_frame(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|open| open.tag.is_table_frame())
    }

    fn top_is(&self, kind: Kind) -> bool {
        self.stack.last().is_some_and(|open| open.tag.kind == kind)
    }
}
