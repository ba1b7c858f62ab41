//! Colours of a value that are written for the dark as well, and those that came so. What a colour becomes is known to
//! [`shade`].

use cssparser::{Parser, Token};

use super::{Place, Value, colors::is_color_function};
use crate::message::sanitize::css::{Refusal, refused, shade};

impl Value {
    /// Writes the piece that begins there for the dark as well, if it is a colour.
    pub(super) fn turn(&mut self, token: &Token<'_>, place: Place, from: usize) {
        let may_be_color = matches!(
            token,
            Token::Ident(_) | Token::Hash(_) | Token::IDHash(_) | Token::Function(_)
        );
        let is_wanted = may_be_color && matches!(place, Place::Top | Place::Arguments);
        let Some(shade) = self.shade.filter(|_| is_wanted) else {
            return;
        };
        let written = self.text.get(from..).unwrap_or_default().trim_start();
        if let Some(turned) = shade::turned(written, shade) {
            self.text.truncate(self.text.len() - written.len());
            self.text.push_str(&turned);
        }
    }

    /// A colour in the light and one in the dark; both count as one piece, as before there were two.
    pub(super) fn pair(&mut self, input: &mut Parser<'_>, depth: usize) -> Result<(), Refusal> {
        self.put("light-dark(");
        input.parse_nested_block(|input| {
            self.pieces -= 1;
            self.color_of_pair(input, depth)?;
            input.expect_comma()?;
            self.text.push(',');
            let pieces = std::mem::take(&mut self.pieces);
            self.color_of_pair(input, depth)?;
            self.pieces = pieces;
            Ok(input.expect_exhausted()?)
        })?;
        self.text.push(')');
        Ok(())
    }

    fn color_of_pair(&mut self, input: &mut Parser<'_>, depth: usize) -> Result<(), Refusal> {
        let token = input.next()?.clone();
        let may_be_color = match &token {
            Token::Ident(_) | Token::Hash(_) | Token::IDHash(_) => true,
            Token::Function(name) => is_color_function(&name.to_ascii_lowercase()),
            _ => false,
        };
        if !may_be_color {
            return Err(refused());
        }
        self.piece(&token, Place::Pair, input, depth)
    }
}
