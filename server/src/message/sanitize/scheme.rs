//! The sender's rules for the dark, where the reader rather than the system has chosen light or dark. Sheets are
//! written by the sanitizer, so that a query has one spelling only.

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

/// Whether there are rules for the dark, which hold now or would.
#[must_use]
pub fn is_for_dark(css: &SanitizedCss) -> bool {
    css.as_str().contains(DARK)
}
