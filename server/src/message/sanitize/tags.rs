//! The elements that may stay, and how they nest.

/// How an element behaves among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Holds nothing.
    Void,
    /// Part of a line.
    Inline,
    /// A block that ends an open paragraph.
    Block,
    /// `li`, `dt`, `dd`: a block that ends the one before it.
    Item,
    /// `table`.
    Table,
    /// `thead`, `tbody`, `tfoot`.
    Section,
    /// `tr`.
    Row,
    /// `td`, `th`.
    Cell,
    /// `caption`.
    Caption,
    /// A `div` that stands for the sender's `body`; no end tag of the sender's ends it.
    Body,
}

/// An element that may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

impl Tag {
    /// A part of a table that may hold no text itself.
    pub(super) fn is_table_frame(self) -> bool {
        matches!(self.kind, Kind::Table | Kind::Section | Kind::Row)
    }

    /// What happens inside does not reach outside.
    pub(super) fn is_wall(self) -> bool {
        matches!(self.kind, Kind::Cell | Kind::Caption) || self.is_table_frame()
    }

    pub(super) fn is_block(self) -> bool {
        !matches!(self.kind, Kind::Inline | Kind::Void)
    }

    /// What stands before it is in another line, or is a picture.
    pub(super) fn breaks_line(self) -> bool {
        self.is_block() || matches!(self.name, "br" | "hr" | "img")
    }

    pub(super) fn is_heading(self) -> bool {
        matches!(self.name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
    }
}

macro_rules! tags {
    ($($kind:ident: $($name:literal)+;)+) => {
        /// Every element that may stay.
        pub(super) const ALL: &[Tag] = &[$($(Tag { name: $name, kind: Kind::$kind },)+)+];

        /// The element of this lower-case name, if it may stay.
        pub(super) fn known(name: &str) -> Option<Tag> {
            match name {
                $($($name => Some(Tag { name: $name, kind: Kind::$kind }),)+)+
                _ => None,
            }
        }
    };
}

tags! {
    Void: "br" "hr" "img" "wbr";
    Inline: "a" "abbr" "acronym" "b" "bdi" "bdo" "big" "cite" "code" "del" "dfn" "em" "font" "i" "ins"
        "kbd" "mark" "q" "s" "samp" "small" "span" "strike" "strong" "sub" "sup" "time" "tt" "u"
        "var";
    Block: "address" "article" "aside" "blockquote" "center" "details" "dir" "div" "dl" "figcaption"
        "figure" "footer" "h1" "h2" "h3" "h4" "h5" "h6" "header" "main" "menu" "nav" "ol" "p" "pre"
        "section" "summary" "ul";
    Item: "dd" "dt" "li";
    Table: "table";
    Section: "tbody" "tfoot" "thead";
    Row: "tr";
    Cell: "td" "th";
    Caption: "caption";
}

/// Elements that go with all that is in them. (Raw-text elements are known to the lexer.)
pub(super) fn is_dropped_whole(name: &str) -> bool {
    matches!(
        name,
        "svg" | "math" | "template" | "frameset" | "datalist" | "xml"
    )
}

/// Elements whose end tag is often left out.
pub(super) fn ends_by_itself(name: &str) -> bool {
    matches!(name, "p" | "li" | "dt" | "dd" | "td" | "th" | "tr")
}

/// What stands for the sender's `body`.
pub(super) const BODY: Tag = Tag {
    name: "div",
    kind: Kind::Body,
};
/// What the cells of a table need around them.
pub(super) const TBODY: Tag = Tag {
    name: "tbody",
    kind: Kind::Section,
};
/// What a cell needs around it.
pub(super) const TR: Tag = Tag {
    name: "tr",
    kind: Kind::Row,
};
/// What text in a table needs around it.
pub(super) const TD: Tag = Tag {
    name: "td",
    kind: Kind::Cell,
};
/// What divides a text and changes nothing.
pub(super) const SPAN: Tag = Tag {
    name: "span",
    kind: Kind::Inline,
};
