//! What stands behind `:` in a selector: states, places among others, and `:not()` of one element. What browsers know
//! besides is left out with its selector, and what they do not know is refused.

use cssparser::{Parser, Token, parse_nth};

use super::{Context, Reacts, Refusal, Selector, refused};

/// Names of states and places that browsers know and that may not stay: they mean what mail does not have, or cost
/// a browser dearly.
const OTHERS: &[&str] = &[
    "after",
    "autofill",
    "before",
    "checked",
    "default",
    "defined",
    "disabled",
    "enabled",
    "first-letter",
    "first-line",
    "focus-visible",
    "focus-within",
    "fullscreen",
    "host",
    "in-range",
    "indeterminate",
    "invalid",
    "modal",
    "open",
    "optional",
    "out-of-range",
    "placeholder-shown",
    "popover-open",
    "read-only",
    "read-write",
    "required",
    "scope",
    "target",
    "user-invalid",
    "user-valid",
    "valid",
    "-webkit-any-link",
    "-webkit-autofill",
];
/// The same of functions.
const OTHER_FUNCTIONS: &[&str] = &[
    "dir",
    "has",
    "host",
    "is",
    "lang",
    "nth-last-child",
    "nth-last-of-type",
    "nth-of-type",
    "state",
    "where",
    "-webkit-any",
];
/// Names of what stands behind `::`.
const ELEMENTS: &[&str] = &[
    "after",
    "backdrop",
    "before",
    "cue",
    "details-content",
    "file-selector-button",
    "first-letter",
    "first-line",
    "grammar-error",
    "highlight",
    "marker",
    "part",
    "placeholder",
    "selection",
    "slotted",
    "spelling-error",
    "target-text",
];

/// Reads what stands behind `:` into `selector`.
pub(super) fn read(selector: &mut Selector, input: &mut Parser<'_>) -> Result<(), Refusal> {
    match input.next_including_whitespace()?.clone() {
        Token::Ident(name) => state(selector, &name.to_ascii_lowercase()),
        Token::Function(name) => function(selector, &name.to_ascii_lowercase(), input),
        Token::Colon => match input.next_including_whitespace()?.clone() {
            Token::Ident(name) | Token::Function(name) => {
                let name = name.to_ascii_lowercase();
                let is_known = ELEMENTS.contains(&name.as_str()) || name.starts_with("-webkit-");
                left_out(selector, is_known)
            }
            _ => Err(refused()),
        },
        _ => Err(refused()),
    }
}

fn left_out(selector: &mut Selector, is_known: bool) -> Result<(), Refusal> {
    selector.named(":", "", false);
    is_known.then_some(()).ok_or_else(refused)
}

fn state(selector: &mut Selector, name: &str) -> Result<(), Refusal> {
    let reacts = match name {
        "hover" | "active" | "focus" => Reacts::ToTouch,
        "visited" => Reacts::ToVisits,
        "link" | "any-link" | "root" | "empty" | "first-child" | "last-child" | "only-child"
        | "first-of-type" | "last-of-type" | "only-of-type" => Reacts::Never,
        _ => return left_out(selector, OTHERS.contains(&name)),
    };
    // What holds only while nobody points at it would tell when somebody does.
    let is_kept = selector.context == Context::Rule || reacts == Reacts::Never;
    selector.reacts = selector.reacts.max(reacts);
    selector.named(":", name, is_kept);
    Ok(())
}

fn function(selector: &mut Selector, name: &str, input: &mut Parser<'_>) -> Result<(), Refusal> {
    match name {
        "nth-child" => {
            let (step, offset) =
                input.parse_nested_block(|input| parse_nth(input).map_err(Refusal::from))?;
            let is_small = |number: i32| (-10_000..=10_000).contains(&number);
            let written = match step {
                0 => format!("nth-child({offset})"),
                _ => format!("nth-child({step}n{offset:+})"),
            };
            selector.named(":", &written, is_small(step) && is_small(offset));
            Ok(())
        }
        // Within itself it would be a depth without an end.
        "not" if selector.context == Context::Rule => {
            let inner = input.parse_nested_block(|input| Selector::read(input, Context::Not))?;
            selector.parts += inner.parts;
            selector.named(":", &format!("not({})", inner.out), inner.is_kept);
            Ok(())
        }
        name => left_out(selector, name == "not" || OTHER_FUNCTIONS.contains(&name)),
    }
}
