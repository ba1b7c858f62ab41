//! One value, checked token by token and written again: words in lower case, one space between pieces.
//! It does not know which words mean something; a browser overlooks those that do not.

mod colors;
mod dark;

use cssparser::{Parser, Token};

use self::colors::{is_color, is_color_function};
use super::{
    Refusal, is_plain_name, number,
    picture::{self, Addresses},
    property::{Kind, Rule},
    refused, shade,
};

/// Functions within each other.
const MAX_DEPTH: usize = 8;
/// Pieces of one value.
const MAX_PIECES: usize = 300;
/// How far anything may be pulled back over what is before it, in pixels.
const MOST_NEGATIVE: f64 = -100.0;
/// A length in the calculation of a width, in pixels, and a per cent: columns without a `@media` are made of
/// large ones, as in `calc(28000% - 167400px)`.
const MAX_IN_WIDTH: f64 = 1_000_000.0;
/// How a calculated width begins that is held below the longest length.
const HELD: &str = "min(10000px,";
/// What a per cent may come to within a calculation, in pixels.
const PERCENT: f64 = 10.0;

/// Reads the value to its end; its colours are turned for the dark by what they are for.
pub(super) fn read(
    rule: Rule,
    shade: Option<shade::Use>,
    input: &mut Parser<'_>,
    addresses: &mut Addresses<'_>,
) -> Result<String, Refusal> {
    let mut value = Value {
        rule,
        shade,
        text: String::new(),
        pieces: 0,
        top_pieces: 0,
        is_seen: false,
        has_picture: false,
        is_blocked: false,
        lengths: 0.0,
        factor: 1.0,
    };
    let is_important = value.top(input, addresses)?;
    if value.lengths * value.factor > rule.calculated {
        value.hold()?;
    }
    // A background that only loses its picture leaves what was said of it before.
    if value.is_blocked && !value.is_seen {
        return Err(refused());
    }
    let mut text = value.text;
    if let Kind::OneOf(words) = rule.kind
        && !words.contains(&text.as_str())
    {
        return Err(refused());
    }
    if text.is_empty() {
        return Err(refused());
    }
    if value.has_picture && shade == Some(shade::Use::Ground) {
        text = picture::veiled(text);
    }
    if is_important {
        text.push_str("!important");
    }
    Ok(text)
}

/// Where a piece stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the value itself.
    Top,
    /// In a colour or a gradient.
    Arguments,
    /// In `calc()` and its like.
    Calculation,
    /// In `light-dark()`, where colours alone may stand.
    Pair,
}

struct Value {
    rule: Rule,
    shade: Option<shade::Use>,
    text: String,
    pieces: usize,
    /// Those that stand in the value itself.
    top_pieces: usize,
    /// A [`Kind::Background`] has a colour, a gradient or a picture.
    is_seen: bool,
    /// It has a picture that is shown.
    has_picture: bool,
    /// It has one that is not to be shown.
    is_blocked: bool,
    /// All lengths in calculations together, in pixels.
    lengths: f64,
    /// What the numbers in calculations can make of them at most.
    factor: f64,
}

impl Value {
    /// Returns whether it ends with `!important`.
    fn top(
        &mut self,
        input: &mut Parser<'_>,
        addresses: &mut Addresses<'_>,
    ) -> Result<bool, Refusal> {
        while let Ok(token) = input.next().cloned() {
            let from = self.text.len();
            self.top_pieces += usize::from(token != Token::Delim('!'));
            match &token {
                Token::Delim('!') => {
                    input.expect_ident_matching("important")?;
                    input.expect_exhausted()?;
                    return Ok(true);
                }
                token if self.rule.kind == Kind::Background && picture::is_one(token) => {
                    self.picture(token, input, addresses)?;
                }
                token => self.piece(token, Place::Top, input, 0)?,
            }
            let written = self.text.get(from..).unwrap_or_default().trim_start();
            self.is_seen |= is_color(&token, written) || written.contains("gradient(");
        }
        Ok(false)
    }

    /// A picture, or `none` in its place: what else is said of the background holds all the same.
    fn picture(
        &mut self,
        token: &Token<'_>,
        input: &mut Parser<'_>,
        addresses: &mut Addresses<'_>,
    ) -> Result<(), Refusal> {
        self.pieces += 1;
        if self.pieces > MAX_PIECES {
            return Err(refused());
        }
        let address = picture::wanted(token, input).and_then(|wanted| addresses(&wanted));
        let written = address.and_then(|address| picture::written(&address));
        self.is_seen |= written.is_some();
        self.has_picture |= written.is_some();
        self.is_blocked |= written.is_none();
        self.put(written.as_deref().unwrap_or("none"));
        Ok(())
    }

    /// All pieces up to the end of a function or of parentheses.
    fn pieces(
        &mut self,
        place: Place,
        input: &mut Parser<'_>,
        depth: usize,
    ) -> Result<(), Refusal> {
        while let Ok(token) = input.next().cloned() {
            if place == Place::Calculation && token == Token::Delim('/') {
                self.divisor(input)?;
            } else {
                self.piece(&token, place, input, depth)?;
            }
        }
        Ok(())
    }

    fn piece(
        &mut self,
        token: &Token<'_>,
        place: Place,
        input: &mut Parser<'_>,
        depth: usize,
    ) -> Result<(), Refusal> {
        self.pieces += 1;
        if self.pieces > MAX_PIECES {
            return Err(refused());
        }
        let from = self.text.len();
        match token {
            Token::Ident(word) => self.word(word, place)?,
            Token::Number { value, .. } => self.number(f64::from(*value), place)?,
            Token::Percentage { unit_value, .. } => {
                self.percentage(f64::from(*unit_value) * 100.0, place)?;
            }
            Token::Dimension { value, unit, .. } => self.length(f64::from(*value), unit, place)?,
            Token::Hash(hex) | Token::IDHash(hex) if place != Place::Calculation => {
                self.hash(hex)?;
            }
            Token::QuotedString(text) if self.rule.kind == Kind::Fonts && place == Place::Top => {
                self.font(text)?;
            }
            Token::Comma => self.text.push(','),
            Token::Delim('/') if place != Place::Calculation => self.put("/"),
            Token::Delim('+') if place == Place::Calculation => self.put("+"),
            Token::Delim('-') if place == Place::Calculation => self.put("-"),
            Token::Delim('*') if place == Place::Calculation => self.put("*"),
            Token::ParenthesisBlock if place == Place::Calculation => {
                self.call("", place, input, depth)?;
            }
            Token::Function(name) => self.function(name, place, input, depth)?,
            _ => return Err(refused()),
        }
        self.turn(token, place, from);
        Ok(())
    }

    /// Holds a width below the longest length, whatever its one calculation comes to.
    fn hold(&mut self) -> Result<(), Refusal> {
        if self.rule.kind != Kind::Width || self.top_pieces != 1 || self.pieces + 2 > MAX_PIECES {
            return Err(refused());
        }
        if !self.text.starts_with(HELD) {
            let inside = self.text.strip_prefix("calc(");
            let inside = inside.or_else(|| self.text.strip_prefix("min("));
            self.text = format!("{HELD}{}", inside.ok_or_else(refused)?);
        }
        Ok(())
    }

    /// Writes a piece, with a space before it where two pieces meet.
    fn put(&mut self, piece: &str) {
        if !self.text.is_empty() && !self.text.ends_with(['(', ',']) {
            self.text.push(' ');
        }
        self.text.push_str(piece);
    }

    fn word(&mut self, word: &str, place: Place) -> Result<(), Refusal> {
        let is_font = self.rule.kind == Kind::Fonts;
        let is_letter = if is_font {
            is_font_letter
        } else {
            is_ascii_letter
        };
        // No words in calculations: one of them is `infinity`.
        if place == Place::Calculation || !is_plain_name(word, is_letter) {
            return Err(refused());
        }
        if is_font {
            self.put(word);
        } else {
            self.put(&word.to_ascii_lowercase());
        }
        Ok(())
    }

    fn number(&mut self, value: f64, place: Place) -> Result<(), Refusal> {
        let value = within(value, -self.rule.number, self.rule.number)?;
        if place == Place::Calculation {
            self.factor *= 1.0 + value.abs();
        }
        self.put(&number(value));
        Ok(())
    }

    /// Only a plain number may stand below a stroke, and none so small that it makes much of little.
    fn divisor(&mut self, input: &mut Parser<'_>) -> Result<(), Refusal> {
        let divisor = within(f64::from(input.expect_number()?), 0.01, 10_000.0)?;
        self.factor *= (1.0 / divisor).max(1.0);
        self.put("/");
        self.put(&number(divisor));
        Ok(())
    }

    fn percentage(&mut self, value: f64, place: Place) -> Result<(), Refusal> {
        let most = self.most(self.rule.percent, place);
        let value = within(value, -most, most)?;
        if place == Place::Calculation {
            self.lengths += value.abs() * PERCENT.min(self.rule.longest / 100.0);
        }
        self.put(&format!("{}%", number(value)));
        Ok(())
    }

    fn length(&mut self, value: f64, unit: &str, place: Place) -> Result<(), Refusal> {
        let unit = unit.to_ascii_lowercase();
        if place == Place::Arguments && matches!(unit.as_str(), "deg" | "grad" | "rad" | "turn") {
            within(value, -10_000.0, 10_000.0)?;
        } else {
            let pixels = value * pixels(&unit).ok_or_else(refused)?;
            let pixels = within(pixels, MOST_NEGATIVE, self.most(self.rule.longest, place))?;
            if place == Place::Calculation {
                self.lengths += pixels.abs();
            }
        }
        self.put(&format!("{}{unit}", number(value)));
        Ok(())
    }

    /// The most a length or a per cent may be that otherwise may be `usual`.
    fn most(&self, usual: f64, place: Place) -> f64 {
        let is_held = place == Place::Calculation && self.rule.kind == Kind::Width;
        if is_held { MAX_IN_WIDTH } else { usual }
    }

    fn hash(&mut self, hex: &str) -> Result<(), Refusal> {
        let is_color = matches!(hex.len(), 3 | 4 | 6 | 8);
        if !is_color || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(refused());
        }
        self.put(&format!("#{}", hex.to_ascii_lowercase()));
        Ok(())
    }

    fn font(&mut self, name: &str) -> Result<(), Refusal> {
        let is_font = |c: char| is_font_letter(c) || c.is_ascii_digit() || " -_.,+".contains(c);
        if name.is_empty() || name.len() > 100 || !name.chars().all(is_font) {
            return Err(refused());
        }
        self.put(&format!("'{name}'"));
        Ok(())
    }

    fn function(
        &mut self,
        name: &str,
        place: Place,
        input: &mut Parser<'_>,
        depth: usize,
    ) -> Result<(), Refusal> {
        let name = name.to_ascii_lowercase();
        let takes_gradients = self.rule.kind == Kind::Background;
        let inside = match name.as_str() {
            "light-dark" if matches!(place, Place::Top | Place::Arguments) => {
                return self.pair(input, depth);
            }
            "calc" | "min" | "max" | "clamp" => Place::Calculation,
            name if is_color_function(name) && place != Place::Calculation => Place::Arguments,
            "linear-gradient" | "radial-gradient" if place == Place::Top && takes_gradients => {
                Place::Arguments
            }
            _ => return Err(refused()),
        };
        let from = self.text.len();
        self.call(&name, inside, input, depth)?;
        if inside == Place::Arguments {
            self.checked_color(&name, from)?;
        }
        Ok(())
    }

    fn call(
        &mut self,
        name: &str,
        inside: Place,
        input: &mut Parser<'_>,
        depth: usize,
    ) -> Result<(), Refusal> {
        if depth >= MAX_DEPTH {
            return Err(refused());
        }
        self.put(&format!("{name}("));
        input.parse_nested_block(|input| self.pieces(inside, input, depth + 1))?;
        self.text.push(')');
        Ok(())
    }
}

fn within(value: f64, least: f64, most: f64) -> Result<f64, Refusal> {
    (least..=most)
        .contains(&value)
        .then_some(value)
        .ok_or_else(refused)
}

fn is_ascii_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
}

/// Not those of which UTF-8 begins with 0xC2: html5ever's serializer is slow on them.
fn is_font_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || (c >= '\u{c0}' && c.is_alphanumeric())
}

/// How many pixels this unit of length has at most in a usual size of type. Units of the window are
/// none: the frame is made as high as what is in it.
fn pixels(unit: &str) -> Option<f64> {
    Some(match unit {
        "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" | "em" | "rem" => 16.0,
        "ex" | "ch" => 8.0,
        "in" => 96.0,
        "cm" => 37.8,
        "mm" => 3.78,
        "q" => 0.945,
        _ => return None,
    })
}
