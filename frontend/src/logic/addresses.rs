//! Mail addresses as people type and paste them (RFC 5322 §3.4, leniently).

use whimbrel_shared::Address;

/// One recipient as typed: what was understood, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address; where it makes no sense, `email` is the text as typed.
    pub address: Address,
    /// What is wrong, in words; `None` if mail can be sent to it.
    pub problem: Option<&'static str>,
}

impl From<Address> for Recipient {
    fn from(address: Address) -> Self {
        let problem = problem(&address.email);
        Self { address, problem }
    }
}

/// All recipients in `text`: `Name <a@b>`, `"Last, First" <a@b>`, bare addresses, between commas,
/// semicolons or line ends; and between spaces where there are only bare addresses.
#[must_use]
pub fn parse(text: &str) -> Vec<Recipient> {
    split(text).iter().flat_map(|one| parse_one(one)).collect()
}

/// Whether two addresses are one person's mailbox, as far as people care: case of Latin letters aside.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}

/// `addresses` without doubles and without those that `left_out` names; the first of doubles stays.
#[must_use]
pub fn distinct(addresses: impl IntoIterator<Item = Address>, left_out: &[&str]) -> Vec<Address> {
    let mut kept: Vec<Address> = Vec::new();
    for address in addresses {
        let known = kept.iter().any(|other| same(&other.email, &address.email))
            || left_out.iter().any(|other| same(other, &address.email));
        if !known && !address.email.is_empty() {
            kept.push(address);
        }
    }
    kept
}

/// `Name <a@b>` or `a@b`, for a header or a line of text.
#[must_use]
pub fn words(address: &Address) -> String {
    if address.name.is_empty() || address.name == address.email {
        address.email.clone()
    } else {
        format!("{} <{}>", address.name, address.email)
    }
}

/// Several of them.
#[must_use]
pub fn words_of_all(addresses: &[Address]) -> String {
    addresses.iter().map(words).collect::<Vec<_>>().join(", ")
}

/// To whom a message went, in one line: "to you, Ann, Bo and 2 more".
#[must_use]
pub fn summary(to: &[Address], cc: &[Address], own: &str) -> String {
    const NAMED: usize = 3;
    let everybody: Vec<&Address> = to.iter().chain(cc).collect();
    let name = |address: &&Address| {
        if same(&address.email, own) {
            "you".to_owned()
        } else {
            address.label().to_owned()
        }
    };
    let mut names: Vec<String> = everybody.iter().take(NAMED).map(name).collect();
    let more = everybody.len().saturating_sub(NAMED);
    let last = match more {
        0 => names.pop(),
        _ => Some(format!("{more} more")),
    };
    match (names.is_empty(), last) {
        (_, None) => "to nobody named".to_owned(),
        (true, Some(last)) => format!("to {last}"),
        (false, Some(last)) => format!("to {} and {last}", names.join(", ")),
    }
}

/// At most two letters for the face of a person; the style writes them large.
#[must_use]
pub fn initials(address: &Address) -> String {
    let label = address.label();
    let label = label.split('@').next().unwrap_or(label);
    let mut words = label
        .split(|c: char| c.is_whitespace() || matches!(c, '.' | '_' | '-' | ',' | '+'))
        .filter_map(|word| word.chars().find(|&c| is_letter(c)));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).collect()
}

/// A letter or digit of any script, roughly: whoever wants it exactly pays with large tables.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && !c.is_whitespace() && !c.is_control())
}

/// Cuts at separators that stand outside quotes and angle brackets.
fn split(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut in_quotes, mut in_brackets, mut escaped) = (false, false, false);
    for c in text.chars() {
        let separates = match c {
            _ if escaped => false,
            '"' => {
                in_quotes = !in_quotes;
                false
            }
            '<' if !in_quotes => {
                in_brackets = true;
                false
            }
            '>' if !in_quotes => {
                in_brackets = false;
                false
            }
            '\n' | '\r' => {
                (in_quotes, in_brackets) = (false, false);
                true
            }
            ',' | ';' | '，' | '；' | '、' => !in_quotes && !in_brackets,
            _ => false,
        };
        escaped = c == '\\' && in_quotes && !escaped;
        match pieces.last_mut() {
            Some(piece) if !separates => piece.push(c),
            _ => pieces.push(String::new()),
        }
    }
    pieces
}

fn parse_one(text: &str) -> Vec<Recipient> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if let Some((name, rest)) = text.rsplit_once('<') {
        let email = rest.trim_end().trim_end_matches('>').trim();
        return vec![recipient(unquoted(name.trim()), email)];
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > 1 && words.iter().all(|word| problem(word).is_none()) {
        return words
            .into_iter()
            .map(|word| recipient(String::new(), word))
            .collect();
    }
    let bare = text.strip_prefix("mailto:").unwrap_or(text);
    vec![recipient(String::new(), bare)]
}

fn recipient(name: String, email: &str) -> Recipient {
    Recipient::from(Address {
        name,
        email: email.to_owned(),
    })
}

/// A display name without its quotes and backslashes.
fn unquoted(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"') else {
        return name.to_owned();
    };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut plain = String::with_capacity(inner.len());
    let mut escaped = false;
    for c in inner.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            plain.push(c);
            escaped = false;
        }
    }
    plain
}

/// What is wrong with `email`, in words; `None` if mail can be sent to it.
#[must_use]
pub fn problem(email: &str) -> Option<&'static str> {
    let Some((local, domain)) = email.rsplit_once('@') else {
        return Some("An address needs an @.");
    };
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    let strange = |c: char| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"@".contains(c);
    if local.is_empty() {
        Some("Something is missing before the @.")
    } else if domain.is_empty() {
        Some("Something is missing after the @.")
    } else if email.chars().any(char::is_control) {
        Some("There is a character that no address can have.")
    } else if local.len() > 64 || email.len() > 254 {
        Some("This address is too long.")
    } else if !quoted && local.chars().any(strange) {
        Some("There is a character before the @ that no address can have.")
    } else if !quoted && (local.starts_with('.') || local.ends_with('.') || local.contains("..")) {
        Some("A dot before the @ stands where it cannot.")
    } else if !is_domain(domain) {
        Some("What follows the @ is no name of a mail server.")
    } else {
        None
    }
}

/// Host names, also international ones, and address literals such as `[192.0.2.1]`.
fn is_domain(domain: &str) -> bool {
    let literal = domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    if let Some(literal) = literal {
        return !literal.is_empty()
            && literal
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".:".contains(c));
    }
    domain.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| is_letter(c) || c == '-')
    })
}

#[cfg(test)]
mod tests;
