//! The properties that may stay, and what their values may hold. What could move an element out of its
//! place, load something or run something is not among them.

/// What a value may hold besides words, numbers, lengths and colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Plain,
    /// Names of fonts, which may be strings.
    Fonts,
    /// Gradients and pictures.
    Background,
    /// Calculations of any outcome, which is held below the longest length.
    Width,
    /// It is one of these words.
    OneOf(&'static [&'static str]),
}

/// What a property may be set to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub(super) kind: Kind,
    /// The longest length, in pixels.
    pub(super) longest: f64,
    /// The longest that may come out of a calculation, in pixels.
    pub(super) calculated: f64,
    /// The largest number without a unit.
    pub(super) number: f64,
    /// The largest percentage.
    pub(super) percent: f64,
}

/// Nothing makes the frame endless.
const PLAIN: Rule = Rule {
    kind: Kind::Plain,
    longest: 10_000.0,
    calculated: 10_000.0,
    number: 10_000.0,
    percent: 1_000.0,
};

/// The rule of the property with this lower-case name; `None` drops it.
pub(super) fn rule(name: &str) -> Option<Rule> {
    let rule = match name {
        "font-family" => Rule {
            kind: Kind::Fonts,
            ..PLAIN
        },
        "font" => Rule {
            kind: Kind::Fonts,
            number: 1_000.0,
            ..font_size()
        },
        "font-size" => font_size(),
        "line-height" => Rule {
            longest: 1_600.0,
            number: 100.0,
            ..PLAIN
        },
        "letter-spacing"
        | "word-spacing"
        | "text-shadow"
        | "box-shadow"
        | "text-underline-offset" => Rule {
            longest: 200.0,
            calculated: 200.0,
            ..PLAIN
        },
        "width" | "min-width" | "max-width" => Rule {
            kind: Kind::Width,
            ..PLAIN
        },
        "background" | "background-image" => Rule {
            kind: Kind::Background,
            ..PLAIN
        },
        "position" => one_of(&["static", "relative"]),
        "overflow" | "overflow-x" | "overflow-y" => one_of(&["visible", "hidden", "auto"]),
        name if is_plain(name) || is_border(name) => PLAIN,
        name => match name.strip_prefix("margin") {
            Some(side) if is_side(side) => Rule {
                calculated: 2_000.0,
                ..PLAIN
            },
            _ if name.strip_prefix("padding").is_some_and(is_side) => PLAIN,
            _ => return None,
        },
    };
    Some(rule)
}

fn font_size() -> Rule {
    Rule {
        longest: 200.0,
        calculated: 400.0,
        ..PLAIN
    }
}

fn one_of(words: &'static [&'static str]) -> Rule {
    Rule {
        kind: Kind::OneOf(words),
        ..PLAIN
    }
}

fn is_plain(name: &str) -> bool {
    is_about_text(name)
        || matches!(
            name,
            "background-color"
                | "background-position"
                | "background-repeat"
                | "background-size"
                | "background-clip"
                | "background-origin"
                | "height"
                | "min-height"
                | "max-height"
                | "display"
                | "float"
                | "clear"
                | "list-style"
                | "list-style-type"
                | "list-style-position"
                | "table-layout"
                | "caption-side"
                | "empty-cells"
                | "box-sizing"
                | "opacity"
                | "visibility"
                | "flex"
                | "flex-basis"
                | "flex-direction"
                | "flex-flow"
                | "flex-grow"
                | "flex-shrink"
                | "flex-wrap"
                | "align-content"
                | "align-items"
                | "align-self"
                | "justify-content"
                | "justify-items"
                | "justify-self"
                | "gap"
                | "row-gap"
                | "column-gap"
                | "order"
                | "object-fit"
        )
}

fn is_about_text(name: &str) -> bool {
    matches!(
        name,
        "color"
            | "font-style"
            | "font-weight"
            | "font-variant"
            | "font-stretch"
            | "text-align"
            | "text-align-last"
            | "text-decoration"
            | "text-decoration-line"
            | "text-decoration-color"
            | "text-decoration-style"
            | "text-decoration-thickness"
            | "text-transform"
            | "text-indent"
            | "text-overflow"
            | "text-wrap"
            | "white-space"
            | "word-break"
            | "word-wrap"
            | "overflow-wrap"
            | "hyphens"
            | "vertical-align"
            | "direction"
            | "unicode-bidi"
    )
}

/// The rest of `margin-…` and `padding-…`.
fn is_side(side: &str) -> bool {
    side.is_empty()
        || matches!(
            side,
            "-top"
                | "-right"
                | "-bottom"
                | "-left"
                | "-inline"
                | "-inline-start"
                | "-inline-end"
                | "-block"
                | "-block-start"
                | "-block-end"
        )
}

fn is_border(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("border") else {
        return false;
    };
    let side = ["-width", "-style", "-color"]
        .iter()
        .find_map(|what| rest.strip_suffix(what))
        .unwrap_or(rest);
    is_side(side)
        || matches!(
            rest,
            "-collapse"
                | "-spacing"
                | "-radius"
                | "-top-left-radius"
                | "-top-right-radius"
                | "-bottom-left-radius"
                | "-bottom-right-radius"
        )
}
