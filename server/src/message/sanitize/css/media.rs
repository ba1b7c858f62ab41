//! Media queries, written again. A query with anything that is not listed is left out of its list.
//! Nothing here may ask for the height of the window, by name, shape or unit: the frame is made as high as
//! its text, and would change for ever if its text changed with it.

use cssparser::{Parser, Token};

use super::{Refusal, number, refused};

/// Conditions of one query.
const MAX_CONDITIONS: usize = 8;
/// Queries of one list.
const MAX_QUERIES: usize = 16;

/// Reads a list of queries to its end; refused if none of them may stay.
pub(super) fn queries(input: &mut Parser<'_>) -> Result<String, Refusal> {
    let mut queries = input.parse_comma_separated_ignoring_errors(query);
    queries.truncate(MAX_QUERIES);
    if queries.is_empty() {
        return Err(refused());
    }
    Ok(queries.join(","))
}

fn query(input: &mut Parser<'_>) -> Result<String, Refusal> {
    let mut written = match input.next()?.clone() {
        Token::ParenthesisBlock => input.parse_nested_block(condition)?,
        Token::Ident(word) if is_one_of(&word, &["only", "not"]) => {
            let medium = medium(input.expect_ident()?)?;
            format!("{} {medium}", word.to_ascii_lowercase())
        }
        Token::Ident(word) => medium(&word)?,
        _ => return Err(refused()),
    };
    let mut conditions = 1;
    while !input.is_exhausted() {
        conditions += 1;
        if conditions > MAX_CONDITIONS {
            return Err(refused());
        }
        input.expect_ident_matching("and")?;
        input.expect_parenthesis_block()?;
        written.push_str(" and ");
        written.push_str(&input.parse_nested_block(condition)?);
    }
    Ok(written)
}

fn medium(word: &str) -> Result<String, Refusal> {
    if !is_one_of(word, &["all", "screen", "print"]) {
        return Err(refused());
    }
    Ok(word.to_ascii_lowercase())
}

/// What stands in `(` and `)`.
fn condition(input: &mut Parser<'_>) -> Result<String, Refusal> {
    let feature = input.expect_ident()?.to_ascii_lowercase();
    input.expect_colon()?;
    let value = match feature.as_str() {
        "prefers-color-scheme" => word(input, &["light", "dark", "no-preference"])?,
        "resolution" | "min-resolution" | "max-resolution" => {
            measure(input, &["dpi", "dpcm", "dppx", "x"])?
        }
        "-webkit-min-device-pixel-ratio" | "-webkit-max-device-pixel-ratio" => measure(input, &[])?,
        "width" | "min-width" | "max-width" | "min-device-width" | "max-device-width" => {
            measure(input, &["px", "em", "rem", "pt", "pc", "cm", "mm", "in"])?
        }
        _ => return Err(refused()),
    };
    Ok(format!("({feature}:{value})"))
}

fn word(input: &mut Parser<'_>, words: &[&str]) -> Result<String, Refusal> {
    let word = input.expect_ident()?;
    if !is_one_of(word, words) {
        return Err(refused());
    }
    Ok(word.to_ascii_lowercase())
}

/// A number that is not negative, with one of these units or none.
fn measure(input: &mut Parser<'_>, units: &[&str]) -> Result<String, Refusal> {
    let (value, unit) = match input.next()? {
        Token::Number { value, .. } => (*value, String::new()),
        Token::Dimension { value, unit, .. } if is_one_of(unit, units) => {
            (*value, unit.to_ascii_lowercase())
        }
        _ => return Err(refused()),
    };
    let value = f64::from(value);
    if !(0.0..=100_000.0).contains(&value) {
        return Err(refused());
    }
    Ok(number(value) + &unit)
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}
