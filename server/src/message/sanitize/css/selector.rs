//! Selectors, written again. They choose by element, class, id, some attributes and a few states;
//! a list with anything else is refused whole, as browsers do with what they do not know.

use cssparser::{Parser, Token, parse_nth};

use super::{Refusal, is_plain_name, refused};

/// Selectors of one list.
const MAX_LIST: usize = 200;
/// Parts of one selector.
const MAX_PARTS: usize = 24;

/// Reads a list of selectors to its end.
pub(super) fn list(input: &mut Parser<'_>) -> Result<String, Refusal> {
    let mut list = List {
        out: String::new(),
        combinator: None,
        has_compound: false,
        parts: 0,
        selectors: 1,
    };
    while let Ok(token) = input.next_including_whitespace().cloned() {
        list.token(&token, input)?;
    }
    list.end()?;
    Ok(list.out)
}

struct List {
    out: String,
    /// What stands between the part just read and the next.
    combinator: Option<char>,
    /// The selector has a part already.
    has_compound: bool,
    parts: usize,
    selectors: usize,
}

impl List {
    fn token(&mut self, token: &Token<'_>, input: &mut Parser<'_>) -> Result<(), Refusal> {
        match token {
            Token::WhiteSpace(_) => {
                if self.has_compound && self.combinator.is_none() {
                    self.combinator = Some(' ');
                }
                Ok(())
            }
            Token::Delim(sign @ ('>' | '+')) => {
                if !self.has_compound || !matches!(self.combinator, None | Some(' ')) {
                    return Err(refused());
                }
                self.combinator = Some(*sign);
                Ok(())
            }
            Token::Comma => self.next_selector(),
            Token::Ident(name) if self.is_at_start() && is_name(name) => {
                self.part(&name.to_ascii_lowercase())
            }
            Token::Delim('*') if self.is_at_start() => self.part("*"),
            Token::IDHash(name) if is_name(name) => self.part(&format!("#{name}")),
            Token::Delim('.') => match input.next_including_whitespace()? {
                Token::Ident(name) if is_name(name) => {
                    let class = format!(".{name}");
                    self.part(&class)
                }
                _ => Err(refused()),
            },
            Token::SquareBracketBlock => {
                let written = input.parse_nested_block(attribute)?;
                self.part(&written)
            }
            Token::Colon => {
                let written = pseudo_class(input)?;
                self.part(&written)
            }
            _ => Err(refused()),
        }
    }

    fn is_at_start(&self) -> bool {
        !self.has_compound || self.combinator.is_some()
    }

    fn part(&mut self, written: &str) -> Result<(), Refusal> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(refused());
        }
        self.out.extend(self.combinator.take());
        self.out.push_str(written);
        self.has_compound = true;
        Ok(())
    }

    /// Ends one selector.
    fn end(&mut self) -> Result<(), Refusal> {
        if !self.has_compound || !matches!(self.combinator, None | Some(' ')) {
            return Err(refused());
        }
        self.combinator = None;
        Ok(())
    }

    fn next_selector(&mut self) -> Result<(), Refusal> {
        self.end()?;
        self.selectors += 1;
        if self.selectors > MAX_LIST {
            return Err(refused());
        }
        self.out.push(',');
        self.has_compound = false;
        self.parts = 0;
        Ok(())
    }
}

fn is_name(name: &str) -> bool {
    is_plain_name(name, |c| c.is_ascii_alphabetic() || c == '_')
}

/// Attributes that the sanitizer keeps and that say how something looks.
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

/// What stands in `[` and `]`.
fn attribute(input: &mut Parser<'_>) -> Result<String, Refusal> {
    let name = input.expect_ident()?.to_ascii_lowercase();
    if !is_attribute(&name) {
        return Err(refused());
    }
    let Ok(token) = input.next().cloned() else {
        return Ok(format!("[{name}]"));
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
    let is_known = |c: char| c.is_ascii_alphanumeric() || " -_#%".contains(c);
    if value.len() > 60 || !value.chars().all(is_known) {
        return Err(refused());
    }
    let flag = match input.next() {
        Ok(Token::Ident(flag)) if flag.eq_ignore_ascii_case("i") => " i",
        Ok(_) => return Err(refused()),
        Err(_) => "",
    };
    Ok(format!("[{name}{sign}'{value}'{flag}]"))
}

/// What stands behind `:`.
fn pseudo_class(input: &mut Parser<'_>) -> Result<String, Refusal> {
    match input.next_including_whitespace()?.clone() {
        Token::Ident(name) => {
            let name = name.to_ascii_lowercase();
            let is_known = matches!(
                name.as_str(),
                "hover"
                    | "active"
                    | "focus"
                    | "link"
                    | "visited"
                    | "root"
                    | "first-child"
                    | "last-child"
                    | "only-child"
            );
            is_known.then(|| format!(":{name}")).ok_or_else(refused)
        }
        Token::Function(name) if name.eq_ignore_ascii_case("nth-child") => {
            let (step, offset) =
                input.parse_nested_block(|input| parse_nth(input).map_err(Refusal::from))?;
            let is_small = |number: i32| (-10_000..=10_000).contains(&number);
            if !is_small(step) || !is_small(offset) {
                return Err(refused());
            }
            Ok(match step {
                0 => format!(":nth-child({offset})"),
                _ => format!(":nth-child({step}n{offset:+})"),
            })
        }
        _ => Err(refused()),
    }
}
