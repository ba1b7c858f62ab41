//! Pictures of backgrounds, the only addresses that CSS may hold: which one a value asks for, and how the address
//! that was found for it is written. Finds none itself, and writes none but our own and pictures written out.

use cssparser::{Parser, Token};

use super::{
    super::{attributes::is_data_picture, is_own_path},
    remote::loads,
};

/// Finds the address of ours for one of the sender's; `None` leaves the picture out.
pub(in super::super) type Addresses<'a> = dyn FnMut(&str) -> Option<String> + 'a;

/// Whether a piece of a value is a picture that is loaded.
pub(super) fn is_one(token: &Token<'_>) -> bool {
    match token {
        Token::UnquotedUrl(_) | Token::BadUrl(_) => true,
        Token::Function(name) => loads(name),
        _ => false,
    }
}

/// What `url()` names; nothing of other functions.
pub(super) fn wanted(token: &Token<'_>, input: &mut Parser<'_>) -> Option<String> {
    match token {
        Token::UnquotedUrl(address) => Some(str::to_owned(address)),
        Token::Function(name) if name.eq_ignore_ascii_case("url") => {
            let address = input.parse_nested_block(|input| {
                let address = str::to_owned(input.expect_string()?);
                Ok::<String, super::Refusal>(address)
            });
            address.ok()
        }
        _ => None,
    }
}

/// The picture as a value has it.
pub(super) fn written(address: &str) -> Option<String> {
    is_own(address).then(|| format!("url('{address}')"))
}

/// The value of a background with its pictures behind a veil in the dark, where the words on it may have become light.
pub(super) fn veiled(value: String) -> String {
    if value.starts_with(VEIL) {
        return value;
    }
    format!("{VEIL},{value}")
}

/// Of the picture, about a third is seen: on white, the ink of the app has a contrast of 4.5 to 1.
const VEIL: &str = "linear-gradient(light-dark(transparent,#151d1fa8) 0 0)";

/// An address that needs no escape in CSS, HTML or between quotes.
fn is_own(address: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/-._~%".contains(c);
    is_data_picture(address) || (is_own_path(address) && address.chars().all(is_plain))
}
