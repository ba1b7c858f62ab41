//! The sender's rules for the dark, and those rules where the reader rather than the system has chosen light or dark.
//! Sheets are written by the sanitizer, so that a query has one spelling only.

use whimbrel_shared::SanitizedCss;

const DARK: &str = "(prefers-color-scheme:dark)";
const LIGHT: &str = "(prefers-color-scheme:light)";
/// Queries of the same kind that always hold, and never.
const ALWAYS: &str = "(min-width:0)";
const NEVER: &str = "(max-width:0)";

/// The rules as they hold in this scheme, `light` or `dark`; in any other, the browser decides.
#[must_use]
pub fn css_in(css: &SanitizedCss, scheme: &str) -> SanitizedCss {
    let (dark, light) = match scheme {
        "light" => (NEVER, ALWAYS),
        "dark" => (ALWAYS, NEVER),
        _ => return css.clone(),
    };
    let css = css.as_str().replace(DARK, dark).replace(LIGHT, light);
    SanitizedCss::vouched(css)
}

/// Whether a written sheet has rules for the dark.
pub(super) fn is_for_dark(css: &str) -> bool {
    css.contains(DARK)
}

/// Whether HTML as it came may have rules that ask for the scheme.
pub(super) fn is_spoken_of(html: &str) -> bool {
    let word = b"prefers-color-scheme";
    let mut places = memchr::memchr2_iter(b'p', b'P', html.as_bytes());
    places.any(|at| {
        let found = html.as_bytes().get(at..at + word.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(word))
    })
}
