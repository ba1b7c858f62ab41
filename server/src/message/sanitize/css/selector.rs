//! Selectors, written again. They choose by element, class, id, some attributes and a few states. Of a list, those
//! with anything else that browsers know are left out; one that no browser can read makes the whole rule void, as
//! it does there.

mod pseudo;

use cssparser::{Parser, Token};

use super::{Refusal, is_plain_name, refused};
use crate::message::sanitize::attributes;

/// Selectors of one list; those behind are left out.
const MAX_LIST: usize = 200;
/// Parts of one selector.
const MAX_PARTS: usize = 24;

/// What selectors react to, of what the reader does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reacts {
    /// Nothing.
    #[default]
    Never,
    /// Whether a link was followed before: browsers let it change nothing but colours.
    ToVisits,
    /// Pointing and pressing.
    ToTouch,
}

/// A list of selectors, as it is written.
pub(super) struct Selectors {
    pub(super) written: String,
    pub(super) count: usize,
    /// The most that one of them reacts to.
    pub(super) reacts: Reacts,
}

/// Reads a list of selectors to its end; refused if none of them may stay.
pub(super) fn list(input: &mut Parser<'_>) -> Result<Selectors, Refusal> {
    let mut list = Selectors {
        written: String::new(),
        count: 0,
        reacts: Reacts::Never,
    };
    input.parse_comma_separated(|input| {
        let one = Selector::read(input, Context::Rule)?;
        if one.is_kept && list.count < MAX_LIST {
            if list.count > 0 {
                list.written.push(',');
            }
            list.written.push_str(&one.out);
            list.count += 1;
            list.reacts = list.reacts.max(one.reacts);
        }
        Ok::<(), Refusal>(())
    })?;
    if list.count == 0 {
        return Err(refused());
    }
    Ok(list)
}

/// Where a selector stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// In the list of a rule.
    Rule,
    /// In `:not()`, where it must be one element's, whatever the reader does.
    Not,
}

/// One selector.
struct Selector {
    context: Context,
    out: String,
    /// What stands between the part just read and the next.
    combinator: Option<char>,
    /// The selector has a part already.
    has_compound: bool,
    parts: usize,
    reacts: Reacts,
    /// All of it may stay.
    is_kept: bool,
}

impl Selector {
    fn read(input: &mut Parser<'_>, context: Context) -> Result<Self, Refusal> {
        let mut selector = Self {
            context,
            out: String::new(),
            combinator: None,
            has_compound: false,
            parts: 0,
            reacts: Reacts::Never,
            is_kept: true,
        };
        while let Ok(token) = input.next_including_whitespace().cloned() {
            selector.token(&token, input)?;
        }
        if !selector.has_compound || !matches!(selector.combinator, None | Some(' ')) {
            return Err(refused());
        }
        selector.is_kept &= selector.parts <= MAX_PARTS;
        Ok(selector)
    }

    fn token(&mut self, token: &Token<'_>, input: &mut Parser<'_>) -> Result<(), Refusal> {
        match token {
            Token::WhiteSpace(_) => {
                if self.has_compound && self.combinator.is_none() {
                    self.combinator = Some(' ');
                }
            }
            Token::Delim(sign @ ('>' | '+' | '~')) => {
                if !self.has_compound || !matches!(self.combinator, None | Some(' ')) {
                    return Err(refused());
                }
                self.combinator = Some(*sign);
                // A browser looks through all elements before each one that could be meant.
                self.is_kept &= *sign != '~';
            }
            // Another one, within parentheses.
            Token::Comma if self.context == Context::Not && self.has_compound => {
                self.is_kept = false;
                self.has_compound = false;
            }
            Token::Ident(name) if self.is_at_start() => {
                self.named("", &name.to_ascii_lowercase(), is_name(name));
            }
            Token::Delim('*') if self.is_at_start() => self.part("*"),
            Token::Delim('&') => self.named("&", "", false),
            Token::IDHash(name) => self.named("#", name, is_name(name)),
            Token::Delim('.') => match input.next_including_whitespace()?.clone() {
                Token::Ident(name) => {
                    let name = attributes::class(&name);
                    self.named(".", &name, is_name(&name));
                }
                _ => return Err(refused()),
            },
            Token::SquareBracketBlock => {
                let written = input.parse_nested_block(attribute)?;
                self.named("", written.as_deref().unwrap_or(""), written.is_some());
            }
            Token::Colon => pseudo::read(self, input)?,
            _ => return Err(refused()),
        }
        Ok(())
    }

    fn is_at_start(&self) -> bool {
        !self.has_compound || self.combinator.is_some()
    }

    /// A part, which may not be one that may stay.
    fn named(&mut self, sign: &str, name: &str, is_kept: bool) {
        self.is_kept &= is_kept;
        let written = if self.is_kept {
            format!("{sign}{name}")
        } else {
            String::new()
        };
        self.part(&written);
    }

    fn part(&mut self, written: &str) {
        let combinator = self.combinator.take();
        self.is_kept &= combinator.is_none() || self.context == Context::Rule;
        self.parts += 1;
        self.has_compound = true;
        if self.parts <= MAX_PARTS {
            self.out.extend(combinator);
            self.out.push_str(written);
        }
    }
}

fn is_name(name: &str) -> bool {
    is_plain_name(name, |c| c.is_ascii_alphabetic() || c == '_')
}

/// Attributes that the sanitizer keeps and that say how something looks. None of them has a value that is not the
/// sender's own: who chooses by them learns nothing.
fn is_attribute(name: &str) -> bool {
    matches!(
        name,
        "class"
            | "id"
            | "align"
            | "valign"
            | "width"
            | "height"
            | "bgcolor"
            | "border"
            | "dir"
            | "lang"
    )
}

/// What stands in `[` and `]`; `None` if it may not stay.
fn attribute(input: &mut Parser<'_>) -> Result<Option<String>, Refusal> {
    let name = input.expect_ident()?.to_ascii_lowercase();
    let Ok(token) = input.next().cloned() else {
        return Ok(is_attribute(&name).then(|| format!("[{name}]")));
    };
    let sign = match token {
        Token::Delim('=') => "=",
        Token::IncludeMatch => "~=",
        Token::DashMatch => "|=",
        Token::PrefixMatch => "^=",
        Token::SuffixMatch => "$=",
        Token::SubstringMatch => "*=",
        _ => return Err(refused()),
    };
    let value = str::to_owned(input.expect_ident_or_string()?);
    let flag = match input.next() {
        Ok(Token::Ident(flag)) if flag.eq_ignore_ascii_case("i") => " i",
        Ok(_) => return Err(refused()),
        Err(_) => "",
    };
    let is_known = |c: char| c.is_ascii_alphanumeric() || " -_#%".contains(c);
    let is_ours = name == "class"
        && (value.split(' ')).any(|class| class.starts_with(attributes::OUR_CLASSES));
    let is_kept =
        is_attribute(&name) && !is_ours && value.len() <= 60 && value.chars().all(is_known);
    Ok(is_kept.then(|| format!("[{name}{sign}'{value}'{flag}]")))
}
