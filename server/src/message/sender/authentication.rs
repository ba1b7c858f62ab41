//! The findings of the receiving mail server on who sent a message: `Authentication-Results` (RFC 8601), taken
//! from fields of servers that are trusted and from no other. Checks no signature itself.

use std::collections::BTreeSet;

use crate::message::header;

/// Fields of one message that are looked at.
const MOST_FIELDS: usize = 50;
/// Bytes of one field that are looked at.
const LONGEST_FIELD: usize = 32 * 1024;
/// Findings of one field.
const MOST_FINDINGS: usize = 1_000;

/// Whose findings are believed, by `authserv-id` in lower case (RFC 8601 §2.5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Wherever the receiving servers write.
    pub anywhere: BTreeSet<String>,
    /// Only above the topmost `Received`, where no sender can write.
    pub on_top: BTreeSet<String>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Results {
    /// Who found it out, lower-case; empty if it does not say.
    pub id: String,
    /// What.
    pub findings: Vec<Finding>,
}

/// What one method found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Such as `dkim`, lower-case.
    pub method: String,
    /// Such as `pass`, lower-case.
    pub result: String,
    /// Such as `header.d` with its value; names in lower case.
    pub properties: Vec<(String, String)>,
    /// The domain it is about asks nobody to act on a failure (`p=none`, RFC 7489 §6.3), which servers write
    /// as a property or in a comment.
    pub is_lenient: bool,
}

impl Finding {
    /// The domain that it is about: of the first of these properties that is there.
    #[must_use]
    pub fn domain(&self, names: &[&str]) -> Option<String> {
        let of = |name: &&str| self.properties.iter().find(|(known, _)| known == name);
        let (_, value) = names.iter().find_map(of)?;
        super::domain_of(value)
    }
}

/// A field of a header, with the number of `Received` fields above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The field.
    pub results: Results,
    /// How many hops wrote their trace above it.
    pub below: usize,
}

/// All such fields of a header, whoever wrote them.
#[must_use]
pub fn all(raw: &[u8]) -> Vec<Placed> {
    let mut below = 0;
    let mut found = Vec::new();
    for (name, value) in header::each(raw) {
        if name == "received" {
            below += 1;
        } else if name == "authentication-results" && found.len() < MOST_FIELDS {
            let results = read(&value);
            found.extend(results.map(|results| Placed { results, below }));
        }
    }
    found
}

/// What is believed: the fields of trusted servers from the top down to where the next hop wrote its trace. What a
/// server says of a method counts once, where it says it first: a sender may have written what follows.
#[must_use]
pub fn believed(all: &[Placed], trust: &Trust) -> Vec<Results> {
    let mut place = None;
    let mut believed: Vec<Results> = Vec::new();
    for Placed { results, below } in all {
        let is_trusted = trust.anywhere.contains(&results.id)
            || (*below == 0 && trust.on_top.contains(&results.id));
        if !is_trusted || *place.get_or_insert(*below) != *below {
            continue;
        }
        let is_new = |finding: &&Finding| {
            let mut before = believed.iter().flat_map(|results| &results.findings);
            before.all(|before| before.method != finding.method)
        };
        let findings = results.findings.iter().filter(is_new).cloned().collect();
        believed.push(Results {
            id: results.id.clone(),
            findings,
        });
    }
    believed
}

enum Token {
    Word(String),
    Comment(String),
    Equals,
    Semicolon,
}

/// Reads the value of a field; `None` if there is nothing to read.
#[must_use]
pub fn read(value: &[u8]) -> Option<Results> {
    let value = value.get(..LONGEST_FIELD).unwrap_or(value);
    let (tokens, is_whole) = tokens(&String::from_utf8_lossy(value));
    let mut pieces = tokens.split(|token| matches!(token, Token::Semicolon));
    let first = pieces.next()?;
    let is_said = |token: &&Token| !matches!(token, Token::Comment(_));
    let mut findings = Vec::new();
    let id = match first.iter().filter(is_said).collect::<Vec<_>>().as_slice() {
        // Some of Microsoft's servers leave their name away.
        [Token::Word(_), Token::Equals, ..] => {
            findings.extend(finding(first));
            String::new()
        }
        [Token::Word(id), ..] => id.to_lowercase(),
        _ => return None,
    };
    findings.extend(pieces.filter_map(finding).take(MOST_FINDINGS));
    if !is_whole {
        // What was swallowed may have been the truth.
        findings.clear();
    }
    Some(Results { id, findings })
}

fn finding(piece: &[Token]) -> Option<Finding> {
    let (comments, said): (Vec<&Token>, Vec<&Token>) = piece
        .iter()
        .partition(|token| matches!(token, Token::Comment(_)));
    let mut pairs = said.windows(3).filter_map(|three| match three {
        [Token::Word(name), Token::Equals, Token::Word(value)] => {
            Some((name.to_lowercase(), value.clone()))
        }
        _ => None,
    });
    let (method, result) = pairs.next()?;
    let method = method.split('/').next().unwrap_or_default().to_owned();
    let properties: Vec<_> = pairs.take(MOST_FINDINGS).collect();
    let is_policy = |(name, value): &(String, String)| {
        LENIENT.contains(&name.as_str()) && value.eq_ignore_ascii_case("none")
    };
    Some(Finding {
        method,
        result: result.to_lowercase(),
        is_lenient: properties.iter().any(is_policy) || comments.into_iter().any(is_lenient),
        properties,
    })
}

/// Properties with the policy of a domain, of the servers that write it so.
const LENIENT: [&str; 4] = [
    "action",
    "policy.dmarc",
    "policy.policy",
    "policy.published-domain-policy",
];

/// Whether a comment tells of a policy that asks for nothing.
fn is_lenient(comment: &Token) -> bool {
    let Token::Comment(text) = comment else {
        return false;
    };
    let words = text.split(|c: char| c.is_whitespace() || ",;".contains(c));
    let is_one =
        |word: &str| ["p=none", "policy=none"].contains(&word.to_ascii_lowercase().as_str());
    words.into_iter().any(is_one)
}

/// Words, comments, equals signs and semicolons; quotation marks are taken off. And whether all comments and quoted
/// strings end: servers write values of senders without looking for the marks that begin them.
fn tokens(text: &str) -> (Vec<Token>, bool) {
    let mut tokens = Vec::new();
    let mut word: Option<String> = None;
    let mut comment = String::new();
    let mut depth = 0_u32;
    let mut is_quoted = false;
    let mut chars = text.chars();
    while let Some(mut c) = chars.next() {
        let is_escaped = c == '\\' && (is_quoted || depth > 0);
        if is_escaped {
            c = chars.next().unwrap_or(' ');
        }
        match c {
            '"' if !is_escaped && depth == 0 => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            _ if is_quoted => word.get_or_insert_default().push(c),
            '(' if !is_escaped => {
                // A comment within a value is none that the server wrote: the value is no more.
                if depth == 0 && matches!(tokens.last(), Some(Token::Equals)) {
                    word = word.map(|_| "?".to_owned());
                }
                depth += 1;
            }
            ')' if !is_escaped => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    tokens.push(Token::Comment(std::mem::take(&mut comment)));
                }
            }
            c if depth > 0 => comment.push(c),
            '=' => {
                // The value of a property may hold more of them.
                if matches!(tokens.last(), Some(Token::Equals)) && word.is_some() {
                    word.get_or_insert_default().push(c);
                } else {
                    tokens.extend(word.take().map(Token::Word));
                    tokens.push(Token::Equals);
                }
            }
            ';' => {
                tokens.extend(word.take().map(Token::Word));
                tokens.push(Token::Semicolon);
            }
            c if c.is_whitespace() || c.is_control() => tokens.extend(word.take().map(Token::Word)),
            c => word.get_or_insert_default().push(c),
        }
    }
    tokens.extend(word.map(Token::Word));
    (joined(tokens), depth == 0 && !is_quoted)
}

/// White space may stand around the dot of a property's name (RFC 8601 §2.2).
fn joined(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match (joined.last_mut(), &token) {
            (Some(Token::Word(before)), Token::Word(after))
                if before.ends_with('.') || after.starts_with('.') =>
            {
                before.push_str(after);
            }
            _ => joined.push(token),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(value: &str) -> (String, Vec<String>) {
        let results = read(value.as_bytes()).unwrap();
        let finding = |finding: &Finding| {
            let properties = finding.properties.iter();
            let properties: String = properties.map(|(n, v)| format!(" {n}={v}")).collect();
            format!("{}={}{properties}", finding.method, finding.result)
        };
        (results.id, results.findings.iter().map(finding).collect())
    }

    #[test]
    fn one_meaning_in_many_spellings() {
        let wanted = (
            "mx.tern.example".to_owned(),
            vec![
                "spf=pass smtp.mailfrom=fenwick.example".to_owned(),
                "dkim=pass header.d=fenwick.example header.b=aB=".to_owned(),
            ],
        );
        for spelling in [
            "mx.tern.example; spf=pass smtp.mailfrom=fenwick.example; dkim=pass header.d=fenwick.example header.b=aB=",
            "MX.Tern.Example 1;\t SPF=PASS\t smtp.mailfrom=fenwick.example;  Dkim = Pass HEADER.D=fenwick.example header.b=aB=;",
            "mx.tern.example (a; \"b (c)\" \\) dkim=fail) ; spf/1 = (x) pass (y) smtp . mailfrom = fenwick.example ; dkim/1=pass (d=x; dkim=fail) header.d=fenwick.example header.b=aB=",
            "\"mx.tern.example\" ; spf=\"pass\" smtp.mailfrom=\"fenwick.example\"; dkim=pass header.d = \"fenwick.example\" header.b=\"aB=\"",
        ] {
            assert_eq!(told(spelling), wanted, "{spelling}");
        }
    }

    #[test]
    fn what_says_little_is_read_as_far_as_it_goes() {
        assert_eq!(told("mx.tern.example; none").1, Vec::<String>::new());
        assert_eq!(
            told("mx.tern.example; ; =; a=; =b; dkim").1,
            Vec::<String>::new()
        );
        assert_eq!(
            told("spf=none (no id); dmarc=fail action=none"),
            (
                String::new(),
                vec!["spf=none".to_owned(), "dmarc=fail action=none".to_owned()]
            )
        );
        assert_eq!(read(b" (only a comment) "), None);
        assert_eq!(read(b"; dkim=pass"), None);
        assert!(read(&b"a;b=c ".repeat(1_000_000)).is_some());
        assert!(read("(".repeat(100_000).as_bytes()).is_none());
    }

    #[test]
    fn what_a_sender_wrote_into_a_finding_proves_nothing() {
        let nothing = Vec::<String>::new();
        for swallowed in [
            "mx.tern.example; dkim=pass header.d=fenwick.example (never closed; dmarc=fail",
            "mx.tern.example; spf=pass smtp.mailfrom=fenwick.example(@evil.example; dmarc=fail (p=reject)",
            "mx.tern.example; spf=pass smtp.mailfrom=\"fenwick.example; dmarc=fail",
        ] {
            assert_eq!(told(swallowed).1, nothing, "{swallowed}");
        }
        let glued = "mx.tern.example; dkim=pass header.d=fenwick.example(.evil.example) header.s=x";
        assert_eq!(told(glued).1, ["dkim=pass header.d=? header.s=x"]);
    }

    fn believed_methods(raw: &str, trust: &Trust) -> Vec<String> {
        let believed = believed(&all(raw.as_bytes()), trust);
        let findings = believed.iter().flat_map(|results| &results.findings);
        findings
            .map(|one| format!("{}={}", one.method, one.result))
            .collect()
    }

    #[test]
    fn only_trusted_servers_are_believed_and_only_where_they_write() {
        let of = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let anywhere = Trust {
            anywhere: of(&["mx.tern.example"]),
            ..Trust::default()
        };
        let on_top = Trust {
            on_top: of(&["mx.tern.example"]),
            ..Trust::default()
        };
        let above = "Authentication-Results: mx.tern.example; spf=fail\r\n\
            AUTHENTICATION-RESULTS: mx.tern.example;\r\n\tdkim=none\r\n\
            Authentication-Results: mx.tern.example; spf=pass\r\n\
            Received: from a by mx.tern.example\r\n\
            Authentication-Results: mx.tern.example; dmarc=pass\r\n\
            Authentication-Results: mx.evil.example; dmarc=pass\r\n\r\n";
        for trust in [&anywhere, &on_top] {
            assert_eq!(believed_methods(above, trust), ["spf=fail", "dkim=none"]);
        }
        assert!(believed_methods(above, &Trust::default()).is_empty());
        let below = "Received: from mx.tern.example by store.tern.example\r\n\
            Authentication-Results: mx.tern.example; dmarc=fail\r\n\
            Received: from evil by mx.tern.example\r\n\
            Authentication-Results: mx.tern.example; dkim=pass\r\n\r\n";
        assert_eq!(believed_methods(below, &anywhere), ["dmarc=fail"]);
        assert!(believed_methods(below, &on_top).is_empty());
    }
}
