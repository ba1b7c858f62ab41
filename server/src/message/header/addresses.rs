//! The people that fields such as `From` and `To` name. Those written as nearly everybody writes them are
//! read at once, for lists are made of them; mail-parser takes everything else apart.

use mail_parser::{Addr, HeaderValue, parsers::MessageStream};
use whimbrel_shared::Address;

use super::{idn, local_part::Taken};
use crate::message::encoded_word;

/// Addresses of one field.
const MAX_ADDRESSES: usize = 2_000;
/// Bytes of a field that is read at once.
const MOST_PLAIN: usize = 16 * 1024;

/// Adds the people of a field; whether all of them.
pub(super) fn add(people: &mut Vec<Address>, value: &[u8]) -> bool {
    let before = people.len();
    if add_plain(people, value).is_none() {
        people.truncate(before);
        people.extend(parsed(value));
    }
    let is_whole = people.len() <= MAX_ADDRESSES;
    people.truncate(MAX_ADDRESSES.max(before));
    for person in people.iter_mut().skip(before) {
        if let Some(shown) = idn::shown(&person.email) {
            person.email = shown;
        }
    }
    is_whole
}

/// Adds people who are named `Name <local@domain>`, `"Name" <local@domain>` or `local@domain`, in ASCII and
/// without anything that means more than itself but for encoded words as the whole name; `None` if one is not.
fn add_plain(people: &mut Vec<Address>, value: &[u8]) -> Option<()> {
    let text = encoded_word::as_ascii(value).filter(|text| text.len() < MOST_PLAIN)?;
    for one in text.split(',') {
        people.push(plain_address(one.trim())?);
    }
    Some(())
}

fn plain_address(text: &str) -> Option<Address> {
    let (name, email) = match text.split_once('<') {
        Some((name, rest)) => (name.trim(), rest.strip_suffix('>')?),
        None => ("", text),
    };
    let (local, domain) = email.split_once('@')?;
    let is_plain = !local.is_empty()
        && local.bytes().all(|byte| is_word(byte) || byte == b'=')
        && !domain.is_empty()
        && domain.bytes().all(is_of_domain);
    let name = plain_name(name).filter(|name| is_plain && name != email)?;
    Some(Address {
        name,
        email: email.to_owned(),
    })
}

fn plain_name(name: &str) -> Option<String> {
    if name.starts_with("=?") {
        return encoded_word::of_words_only(name);
    }
    let name = match name.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"')?.trim(),
        None => name,
    };
    let mut before = 0;
    let is_plain = name.bytes().all(|byte| {
        let after_space = std::mem::replace(&mut before, byte) == b' ';
        is_word(byte) || (byte == b' ' && !after_space)
    });
    is_plain.then(|| name.to_owned())
}

/// What may stand in an atom (RFC 5322 §3.2.3), and dots; but for what encoded words are made of.
pub(super) const fn is_word(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'\'' | b'_' | b'+' | b'&' | b'/'
        | b'!' | b'#' | b'$' | b'%' | b'*' | b'^' | b'`' | b'{' | b'|' | b'}' | b'~')
}

const fn is_of_domain(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-')
}

fn parsed(value: &[u8]) -> Vec<Address> {
    let (taken, line) = Taken::out_of(&mended(&encoded_word::normalise(value)));
    let mut people = parsed_line(line);
    for person in &mut people {
        person.name = taken.back_in_name(&person.name);
        person.email = taken.back_in_address(&person.email);
    }
    people
}

fn parsed_line(mut line: String) -> Vec<Address> {
    line.push('\n');
    let HeaderValue::Address(found) = MessageStream::new(line.as_bytes()).parse_address() else {
        return Vec::new();
    };
    match found {
        mail_parser::Address::List(list) => joined(list.iter().flat_map(addresses)),
        mail_parser::Address::Group(groups) => {
            let all = groups.iter().flat_map(|group| {
                let members: Vec<Address> = group.addresses.iter().flat_map(addresses).collect();
                // `undisclosed-recipients:;` is all there is to show.
                let alone = group
                    .name
                    .as_deref()
                    .filter(|_| members.is_empty())
                    .map(|name| Address {
                        name: encoded_word::tidy(name),
                        email: String::new(),
                    });
                alone.into_iter().chain(members)
            });
            all.collect()
        }
    }
}

/// What scripts and people get wrong between addresses, put right: none, or a bracket twice, where one belongs; a
/// quote that never ends.
fn mended(line: &str) -> String {
    let last_quote = line.rfind('"').unwrap_or(0);
    let (mut is_quoted, mut is_escaped, mut depth) = (false, false, 0_usize);
    let mut mended = String::with_capacity(line.len());
    for (at, c) in line.char_indices() {
        let is_plain = !is_quoted && depth == 0;
        match c {
            _ if is_escaped => {}
            '"' if !is_quoted && at == last_quote => continue,
            '"' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth = depth.saturating_sub(1),
            '<' | '>' if is_plain && mended.ends_with(c) => continue,
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
        mended.push(c);
        if c == '>' && is_plain {
            let rest = line.get(at + 1..).unwrap_or_default();
            let next = rest.find(['<', '>', ',', ';', '(', '"']);
            let next = next.and_then(|next| rest.as_bytes().get(next));
            if matches!(next, Some(b'<' | b'"')) {
                mended.push(',');
            }
        }
    }
    mended
}

/// `Berg, Ada <ada@example.org>` is one person, who forgot the quotes.
fn joined(people: impl Iterator<Item = Address>) -> Vec<Address> {
    let mut joined: Vec<Address> = Vec::new();
    for mut person in people {
        if !person.name.is_empty()
            && !person.email.is_empty()
            && let Some(before) = joined.pop_if(|before| before.email.is_empty())
        {
            person.name = format!("{}, {}", before.name, person.name);
        }
        joined.push(person);
    }
    joined
}

/// Whom the parser took for one person.
fn addresses(parsed: &Addr<'_>) -> Vec<Address> {
    let email = parsed.address().unwrap_or_default();
    let is_list = parsed.name().is_none() && email.split_whitespace().all(is_address);
    if is_list && email.contains(' ') {
        let address = |email: &str| Address {
            name: String::new(),
            email: encoded_word::tidy(email),
        };
        return email.split_whitespace().map(address).collect();
    }
    address(parsed).into_iter().collect()
}

fn is_address(word: &str) -> bool {
    let parts = word.split_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

/// What stands before an address that took all of it for its name, as in `"Ada <ada@example.org>`.
fn parted(name: &str) -> Option<Address> {
    let (name, email) = name.strip_suffix('>')?.rsplit_once('<')?;
    is_address(email).then(|| Address {
        name: name.trim().to_owned(),
        email: email.to_owned(),
    })
}

/// An address without what some write into it: its protocol, a route (RFC 5322 §4.4), spaces around its dots.
fn bare(email: &str) -> String {
    let email = email.strip_prefix("mailto:").unwrap_or(email);
    let routed = email.starts_with('@').then(|| email.rsplit_once(':'));
    let email = routed.flatten().map_or(email, |(_, email)| email);
    if email.contains(" @ ") || email.contains(" . ") {
        return email.split_whitespace().collect();
    }
    email.to_owned()
}

fn address(parsed: &Addr<'_>) -> Option<Address> {
    let name = encoded_word::tidy(parsed.name().unwrap_or_default());
    let email = encoded_word::tidy(parsed.address().unwrap_or_default());
    let is_open = email.ends_with('>');
    let email = bare(email.trim_matches(['<', '>']));
    if name.is_empty() && email.is_empty() {
        return None;
    }
    // `"odd name"@domain`, or with comments: the parser took the local part for a name.
    if let Some(domain) = email.strip_prefix('@')
        && !name.is_empty()
    {
        return Some(Address {
            name: String::new(),
            email: format!("{}@{}", local_part(&name), domain.replace(' ', "")),
        });
    }
    // A bare word is a name, not an address.
    if let Some(address) = parted(&name).filter(|_| email.is_empty()) {
        return Some(address);
    }
    // `Ada Berg ada@example.org`, and with one bracket
    let spaced = email.rsplit_once(' ').filter(|_| name.is_empty());
    let is_name = |before: &str, email: &str| !before.contains('@') && is_address(email);
    if let Some((name, email)) = spaced.filter(|(name, email)| is_open || is_name(name, email)) {
        return Some(Address {
            name: name.trim().to_owned(),
            email: email.to_owned(),
        });
    }
    if name.is_empty() && !email.contains('@') {
        return Some(Address {
            name: email,
            email: String::new(),
        });
    }
    let name = if name == email { String::new() } else { name };
    Some(Address { name, email })
}

/// Without comments, and quoted if it has to be (RFC 5322 §3.4.1).
fn local_part(text: &str) -> String {
    let mut depth = 0_usize;
    let plain: String = text
        .chars()
        .filter(|c| {
            depth += usize::from(*c == '(');
            let is_plain = depth == 0;
            depth -= usize::from(*c == ')' && depth > 0);
            is_plain
        })
        .collect();
    let plain = plain.trim();
    if plain.bytes().all(is_word) {
        plain.to_owned()
    } else {
        format!("\"{}\"", plain.replace(['"', '\\'], ""))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Address, add_plain, parsed};

    fn plain(value: &[u8]) -> Option<Vec<Address>> {
        let mut people = Vec::new();
        add_plain(&mut people, value).map(|()| people)
    }

    /// Somebody as people write them, or nearly so.
    fn somebody() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[A-Za-z0-9 .'!#$%&*+/^_`{|}~-]{0,9} ?<[a-z0-9.+'-]{1,5}@[a-z.-]{1,5}>",
            2 => "\"[A-Za-z .'-]{0,9}\" ?<[a-z.]{1,5}@[a-z.]{1,5}>",
            2 => "[a-z.+=?-]{1,4}@[a-z.-]{1,4}",
            2 => "(=\\?(utf-8|iso-8859-1)\\?[qQ]\\?[a-zA-Z_,=4C]{0,6}\\?=[ a]?){1,3} ?<[a-z.]{1,5}@[a-z.]{1,5}>",
            1 => "[ -~]{0,4} ?<?[ -~]{0,4}>?",
        ]
    }

    proptest! {
        #[test]
        fn what_is_read_at_once_is_what_the_parser_reads(
            people in prop::collection::vec(somebody(), 1..4),
            between in prop_oneof![3 => Just(", "), 1 => Just(","), 1 => Just("; "), 1 => Just(" ")],
        ) {
            let text = people.join(between);
            if let Some(plain) = plain(text.as_bytes()) {
                prop_assert_eq!(plain, parsed(text.as_bytes()));
            }
        }
    }

    #[test]
    fn common_forms_are_read_at_once() {
        let people =
            plain(b"ada@example.org, \"Charles B.\" <cb@example.org>, Bo O'Neil <b+o@example.org>");
        let people = people.unwrap();
        let names: Vec<_> = people.iter().map(|one| &*one.name).collect();
        assert_eq!(names, ["", "Charles B.", "Bo O'Neil"]);
        let [somebody] = &*plain(b"=?utf-8?Q?Gr=C3=BC=C3=9Fe?= =?utf-8?Q?_an?= <a@b>").unwrap()
        else {
            panic!("one person");
        };
        assert_eq!(
            (&*somebody.name, &*somebody.email),
            ("Gr\u{fc}\u{df}e an", "a@b")
        );
        for other in [
            "a (b) <c@d>",
            "\"a, b\" <c@d>",
            "a: b@c;",
            "a@b <c@d>",
            "a <b@c> d",
            "=?utf-8?Q?=41?= and more <a@b>",
            "=?utf-8?Q?=41?=",
        ] {
            assert_eq!(plain(other.as_bytes()), None, "{other}");
        }
    }
}
