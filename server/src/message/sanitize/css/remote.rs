//! Whether CSS wants something from elsewhere. It only tells; nothing it sees is ever written.

use cssparser::{Parser, Token};

use super::MAX_CSS;

/// Blocks within each other that are looked into.
const MAX_DEPTH: usize = 16;

/// Whether `css` names an address of the net where a browser would load from it.
pub(super) fn is_wanted(css: &str) -> bool {
    let css = super::super::prefix(css, MAX_CSS);
    may_load(css) && scan(&mut Parser::new(css), Place::Elsewhere, 0)
}

/// A quick look for what every loading has in it.
fn may_load(css: &str) -> bool {
    let has = |word: &str| {
        css.as_bytes()
            .windows(word.len())
            .any(|bytes| bytes.eq_ignore_ascii_case(word.as_bytes()))
    };
    css.contains('\\') || has("url") || has("import") || has("image") || has("src(")
}

/// What a string means where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is loaded.
    Loading,
    /// It is a string.
    Elsewhere,
}

fn scan(input: &mut Parser<'_>, place: Place, depth: usize) -> bool {
    let mut here = place;
    while let Ok(token) = input.next().cloned() {
        let inside = match &token {
            Token::UnquotedUrl(address) | Token::BadUrl(address) if is_remote(address) => {
                return true;
            }
            Token::QuotedString(address) if here == Place::Loading && is_remote(address) => {
                return true;
            }
            Token::AtKeyword(name) if name.eq_ignore_ascii_case("import") => {
                here = Place::Loading;
                continue;
            }
            Token::Semicolon => {
                here = place;
                continue;
            }
            Token::Function(name) if loads(name) => Place::Loading,
            Token::Function(_) => here,
            Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock => place,
            _ => continue,
        };
        if depth < MAX_DEPTH {
            let mut found = false;
            let _ = input.parse_nested_block(|input| {
                found = scan(input, inside, depth + 1);
                Ok::<(), super::Refusal>(())
            });
            if found {
                return true;
            }
        }
    }
    false
}

/// Functions whose strings are addresses.
pub(super) fn loads(function: &str) -> bool {
    ["url", "src", "image", "image-set", "-webkit-image-set"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(function))
}

fn is_remote(address: &str) -> bool {
    let address: String = address
        .chars()
        .filter(|c| *c > ' ' && *c != '\u{7f}')
        .take(8)
        .collect();
    let address = address.to_ascii_lowercase().replace('\\', "/");
    ["//", "http:", "https:", "ftp:"]
        .iter()
        .any(|start| address.starts_with(start))
}
