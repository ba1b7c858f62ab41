//! What the app's `index.html` holds: its inline scripts, for the policy, and the files it loads, for hints.
//! It is our own build's output, so a simple reader is enough.

use std::sync::{Arc, Mutex};

use http::HeaderValue;

use crate::{assets::Dist, plain::escape, security::policy};

/// What was read out of one `index.html`.
pub struct Index {
    /// The content security policy of the app's page.
    pub policy: HeaderValue,
    /// `<link>`s for another page that let a browser fetch the app's files early.
    pub load_hints: String,
}

/// What the present `index.html` holds; `None` if no app is built. Read again only when the file changed.
#[must_use]
pub fn load() -> Option<Arc<Index>> {
    static LAST: Mutex<Option<([u8; 32], Arc<Index>)>> = Mutex::new(None);
    let file = Dist::get("index.html")?;
    let hash = file.metadata.sha256_hash();
    let mut last = LAST.lock().ok()?;
    if let Some((_, index)) = last.as_ref().filter(|(of, _)| *of == hash) {
        return Some(Arc::clone(index));
    }
    let index = Arc::new(read(&String::from_utf8_lossy(&file.data))?);
    *last = Some((hash, Arc::clone(&index)));
    Some(index)
}

pub(super) fn read(html: &str) -> Option<Index> {
    let scripts = elements(html, "script")
        .filter(|(tag, _)| attribute(tag, "src").is_none())
        .filter_map(|(_, after)| Some(after.split_once("</script")?.0));
    Some(Index {
        policy: HeaderValue::try_from(policy::app(scripts)).ok()?,
        load_hints: load_hints(html),
    })
}

/// The app loads its script, its WebAssembly and its style at once; each is asked for as the app will.
/// The style is only prefetched: the policy of the page that gets the hints lets it load none.
fn load_hints(html: &str) -> String {
    elements(html, "link")
        .filter_map(|(tag, _)| {
            let href = escape(attribute(tag, "href").filter(|href| href.starts_with('/'))?);
            match attribute(tag, "rel")? {
                "modulepreload" => Some(format!("<link rel=\"modulepreload\" href=\"{href}\" crossorigin>\n")),
                "preload" if attribute(tag, "as") == Some("fetch") => Some(format!(
                    "<link rel=\"preload\" href=\"{href}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n"
                )),
                "stylesheet" => Some(format!("<link rel=\"prefetch\" href=\"{href}\" as=\"style\">\n")),
                _ => None,
            }
        })
        .collect()
}

/// Each start tag of this name, and what follows it.
fn elements<'a>(html: &'a str, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    html.match_indices('<').filter_map(move |(position, _)| {
        let rest = html.get(position + 1..)?.strip_prefix(name)?;
        let is_whole = rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/');
        is_whole.then(|| rest.split_once('>')).flatten()
    })
}

/// The value of an attribute; empty if it has none. Trunk writes them with double quotes or none.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once(name)?;
        let is_whole = before.ends_with(|c: char| c.is_whitespace() || c == '"');
        match after.strip_prefix('=') {
            Some(value) if is_whole => {
                return match value.strip_prefix('"') {
                    Some(quoted) => quoted.split('"').next(),
                    None => value.split_whitespace().next(),
                };
            }
            _ if is_whole && !after.starts_with(|c: char| c.is_alphanumeric() || c == '-') => {
                return Some("");
            }
            _ => rest = after,
        }
    }
}
