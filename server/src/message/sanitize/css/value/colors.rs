//! What is a colour in a value, and which functions are. What they come to is known to [`shade`].

use cssparser::{Token, color::parse_named_color};

use super::Value;
use crate::message::sanitize::css::{Refusal, refused, shade};

/// Functions that are colours (CSS Color Module Level 4 §4).
pub(super) fn is_color_function(name: &str) -> bool {
    is_old(name) || matches!(name, "hwb" | "lab" | "lch" | "oklab" | "oklch" | "color")
}

fn is_old(name: &str) -> bool {
    matches!(name, "rgb" | "rgba" | "hsl" | "hsla")
}

/// Whether a piece that was read is a colour.
pub(super) fn is_color(token: &Token<'_>, written: &str) -> bool {
    match token {
        Token::Hash(_) | Token::IDHash(_) => true,
        Token::Function(_) => {
            let name = written.split('(').next().unwrap_or_default();
            name == "light-dark" || is_color_function(name)
        }
        Token::Ident(_) => {
            // A name that has one for the dark.
            let is_pair = written.starts_with("light-dark(");
            is_pair || written == "transparent" || parse_named_color(written).is_ok()
        }
        _ => false,
    }
}

impl Value {
    /// Refuses a colour of the newer functions that nobody here can read: it could not be turned for the dark.
    pub(super) fn checked_color(&mut self, name: &str, from: usize) -> Result<(), Refusal> {
        if !is_color_function(name) || is_old(name) {
            return Ok(());
        }
        let written = self.text.get(from..).unwrap_or_default().trim_start();
        // The nearest that is read.
        let near = written.replacen("color(display-p3 ", "color(srgb ", 1);
        if near.contains(',') || !shade::is_read(&near) {
            return Err(refused());
        }
        self.text.truncate(self.text.len() - written.len());
        self.text.push_str(&near);
        Ok(())
    }
}
