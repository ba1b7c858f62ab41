//! Colours and pictures of old attributes in the dark. The attributes stay as they are; rules before all of the sender's, weaker
//! than any, say what they come to. So whatever wins over an attribute still does.

use super::{
    picture,
    shade::{self, Use},
};
use crate::message::sanitize::attributes;

/// The rule for an attribute as it is kept; `None`: its colour stays, or is none.
pub(super) fn rule(name: &str, value: &str) -> Option<String> {
    if name == "background" {
        let veiled = picture::written(value).map(picture::veiled)?;
        return Some(format!(
            ":where([background='{value}']){{background-image:{veiled}}}"
        ));
    }
    let (element, property, for_use) = match name {
        "bgcolor" => ("", "background-color", Use::Ground),
        "color" => ("font", "color", Use::Ink),
        _ => return None,
    };
    let color = attributes::color(value)?.to_ascii_lowercase();
    // Of other lengths, browsers make something else than CSS does.
    let is_plain = !color.starts_with('#') || matches!(color.len(), 4 | 7);
    let turned = shade::turned(&color, for_use).filter(|_| is_plain)?;
    let value = value.to_ascii_lowercase();
    Some(format!(
        ":where({element}[{name}='{value}' i]){{{property}:{turned}}}"
    ))
}
