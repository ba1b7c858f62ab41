//! The people that fields such as `From` and `To` name. Those written as nearly everybody writes them are
//! read at once, for lists are made of them; mail-parser takes everything else apart.

use mail_parser::{Addr, HeaderValue, parsers::MessageStream};
use whimbrel_shared::Address;

use crate::message::encoded_word;

/// Addresses of one field.
const MAX_ADDRESSES: usize = 2_000;
/// Bytes of a field that is read at once.
const MOST_PLAIN: usize = 16 * 1024;

/// Adds the people of a field.
pub(super) fn add(people: &mut Vec<Address>, value: &[u8]) {
    let room = MAX_ADDRESSES.saturating_sub(people.len());
    match plain(value) {
        Some(plain) => people.extend(plain.into_iter().take(room)),
        None => people.extend(parsed(value).into_iter().take(room)),
    }
}

/// As many people as are named `Name <local@domain>`, `"Name" <local@domain>` or `local@domain`, in ASCII
/// and without anything that means more than itself; `None` if one is not.
fn plain(value: &[u8]) -> Option<Vec<Address>> {
    let text = encoded_word::as_it_is(value).filter(|text| text.len() < MOST_PLAIN)?;
    text.split(',')
        .map(|one| plain_address(one.trim()))
        .collect()
}

fn plain_address(text: &str) -> Option<Address> {
    let (name, email) = match text.split_once('<') {
        Some((name, rest)) => (name.trim(), rest.strip_suffix('>')?),
        None => ("", text),
    };
    let name = match name.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"')?.trim(),
        None => name,
    };
    let is_word = |text: &str, others: &str| {
        let mut bytes = text.bytes();
        bytes.all(|byte| byte.is_ascii_alphanumeric() || others.contains(char::from(byte)))
    };
    let (local, domain) = email.split_once('@')?;
    let is_plain = !local.is_empty()
        && is_word(local, "!#$%&'*+-/=?^_`{|}~.")
        && !domain.is_empty()
        && is_word(domain, "-.")
        && is_word(name, " !#$%&'*+-/^_`{|}~.")
        && !name.contains("  ");
    is_plain.then(|| Address {
        name: name.to_owned(),
        email: email.to_owned(),
    })
}

fn parsed(value: &[u8]) -> Vec<Address> {
    let mut line = encoded_word::normalise(value);
    line.push('\n');
    let HeaderValue::Address(found) = MessageStream::new(line.as_bytes()).parse_address() else {
        return Vec::new();
    };
    match found {
        mail_parser::Address::List(list) => list.iter().filter_map(address).collect(),
        mail_parser::Address::Group(groups) => {
            let all = groups.iter().flat_map(|group| {
                let members: Vec<Address> = group.addresses.iter().filter_map(address).collect();
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

fn address(parsed: &Addr<'_>) -> Option<Address> {
    let name = encoded_word::tidy(parsed.name().unwrap_or_default());
    let email = encoded_word::tidy(parsed.address().unwrap_or_default());
    let email = email.trim_matches(['<', '>']).to_owned();
    if name.is_empty() && email.is_empty() {
        return None;
    }
    // A bare word is a name, not an address.
    if name.is_empty() && !email.contains('@') {
        return Some(Address {
            name: email,
            email: String::new(),
        });
    }
    let name = if name == email { String::new() } else { name };
    Some(Address { name, email })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{parsed, plain};

    /// Somebody as people write them, or nearly so.
    fn somebody() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[A-Za-z0-9 .'!#$%&*+/^_`{|}~-]{0,9} ?<[a-z0-9.+'-]{1,5}@[a-z.-]{1,5}>",
            2 => "\"[A-Za-z .'-]{0,9}\" ?<[a-z.]{1,5}@[a-z.]{1,5}>",
            2 => "[a-z.+=?-]{1,4}@[a-z.-]{1,4}",
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
        for other in [
            "a (b) <c@d>",
            "\"a, b\" <c@d>",
            "a: b@c;",
            "a@b <c@d>",
            "a <b@c> d",
            "=?utf-8?Q?=41?= <a@b>",
        ] {
            assert_eq!(plain(other.as_bytes()), None, "{other}");
        }
    }
}
