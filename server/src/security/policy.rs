//! The content security policies. The frames of messages have their own, in `message/frame`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

/// For everything that is no page: JSON, files, downloads.
pub const INERT: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// For plain pages without scripts that may send a person on to another page of ours.
pub const PLAIN: &str =
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The same with one inline style, and an icon that is written out.
#[must_use]
pub fn styled(inline_style: &str) -> String {
    format!(
        "{PLAIN}; img-src data:; style-src {}",
        source_hash(inline_style)
    )
}

/// For the service worker, which fetches in the app's stead.
pub const WORKER: &str =
    "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'";

/// For the app: its own files, its WebAssembly, and the inline scripts with these contents.
#[must_use]
pub fn app<'a>(inline_scripts: impl IntoIterator<Item = &'a str>) -> String {
    let hashes: String = inline_scripts
        .into_iter()
        .map(|script| format!(" {}", source_hash(script)))
        .collect();
    with(&format!("'self' 'wasm-unsafe-eval'{hashes}"), "'self'")
}

/// For the sign-in page: as the app, with the one inline style instead of files.
#[must_use]
pub fn sign_in(inline_style: &str) -> String {
    with("'self' 'wasm-unsafe-eval'", &source_hash(inline_style))
}

fn with(script_sources: &str, style_sources: &str) -> String {
    format!(
        "default-src 'none'; script-src {script_sources}; style-src {style_sources}; \
         img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; \
         worker-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'; {TRUSTED_TYPES}"
    )
}

/// Scripts may put no text in where the browser would make HTML or code of it, except what the policy in
/// `frontend/js/boot.js` agrees to.
const TRUSTED_TYPES: &str = "require-trusted-types-for 'script'; trusted-types default";

/// `'sha256-…'` of an inline script or style.
fn source_hash(content: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_inline_scripts_may_run() {
        // The example of CSP 3 §8.4.
        let policy = app(["alert('Hello, world.');"]);
        assert!(policy.contains(
            "script-src 'self' 'wasm-unsafe-eval' 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=';"
        ));
        assert!(policy.contains("style-src 'self';") && !policy.contains("unsafe-inline"));
        assert!(sign_in("p{}").contains("; style-src 'sha256-"));
    }
}
