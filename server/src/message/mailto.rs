//! The letter that a `mailto:` link asks for (RFC 6068): begun for a person to look at, never sent by itself. Recipients,
//! subject and text; a link can ask for no file and for no other header field.

use url::Url;
use whimbrel_shared::{Address, Draft};

/// Bytes of a link that are too many.
pub const LONGEST_LINK: usize = 8 * 1024;
/// Characters of an address or a subject.
const MOST_OF_LINE: usize = 254;
/// Recipients of one kind.
const MOST_PEOPLE: usize = 100;

/// The letter of a link; `None` if it is no `mailto:` link, or too long.
#[must_use]
pub fn read(link: &str) -> Option<Draft> {
    let url = Url::parse(link).ok()?;
    (link.len() <= LONGEST_LINK && url.scheme() == "mailto").then(|| letter(&url))
}

/// The letter of a `mailto:` address.
#[must_use]
pub fn letter(url: &Url) -> Draft {
    let fields = url.query().unwrap_or_default().split('&');
    let fields: Vec<(&str, &str)> = fields.filter_map(|field| field.split_once('=')).collect();
    let first = |name: &str, most| -> String {
        let found = fields
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        let value = found.map(|(_, value)| decoded(value));
        value.unwrap_or_default().chars().take(most).collect()
    };
    let mut to = people(url.path());
    let all = |name: &str| -> Vec<Address> {
        let of_name = fields
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        of_name
            .flat_map(|(_, value)| people(value))
            .take(MOST_PEOPLE)
            .collect()
    };
    to.extend(all("to"));
    Draft {
        to,
        cc: all("cc"),
        bcc: all("bcc"),
        subject: first("subject", MOST_OF_LINE).replace('\n', " "),
        text: first("body", LONGEST_LINK),
        ..Draft::default()
    }
}

/// Addresses with commas between; those within an address are encoded.
fn people(list: &str) -> Vec<Address> {
    let emails = list.split(',').map(decoded);
    let short = emails.map(|email| {
        email
            .replace('\n', "")
            .trim()
            .chars()
            .take(MOST_OF_LINE)
            .collect()
    });
    let whole = short.filter(|email: &String| !email.is_empty());
    let of = |email| Address {
        name: String::new(),
        email,
    };
    whole.take(MOST_PEOPLE).map(of).collect()
}

/// Text without characters that end lines in odd ways or that nobody sees; `+` is no space here (RFC 6068 §5).
fn decoded(text: &str) -> String {
    let text = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_LINK, read};

    fn emails(people: &[whimbrel_shared::Address]) -> Vec<&str> {
        people.iter().map(|person| &*person.email).collect()
    }

    #[test]
    fn a_link_says_to_whom_and_what() {
        let letter = read(
            "MAILTO:ada%2Btides@fenwick.example,bo@curlew.example?To=eve@tern.example&cc=ingrid@tern.example\
             &BCC=a@b.example,c@d.example&subject=High%20tide%0d%0aX: 1+1&body=Line%20one%0D%0ALine%20two",
        );
        let letter = letter.unwrap();
        let to = [
            "ada+tides@fenwick.example",
            "bo@curlew.example",
            "eve@tern.example",
        ];
        assert_eq!(emails(&letter.to), to);
        assert_eq!(emails(&letter.cc), ["ingrid@tern.example"]);
        assert_eq!(emails(&letter.bcc), ["a@b.example", "c@d.example"]);
        assert_eq!(letter.subject, "High tide X: 1+1");
        assert_eq!(letter.text, "Line one\nLine two");
    }

    #[test]
    fn it_can_ask_for_nothing_else() {
        let letter = read(
            "mailto:a@b.example?attach=/etc/passwd&attachment=file:///x&from=x@y.example&in-reply-to=1@2&\
             reply-to=z@y.example&subject=%00a%1b&subject=b&body",
        );
        let letter = letter.unwrap();
        let wanted = whimbrel_shared::Draft {
            to: letter.to.clone(),
            subject: "a".to_owned(),
            ..whimbrel_shared::Draft::default()
        };
        assert_eq!(letter, wanted);
        assert!(read("mailto:").unwrap().to.is_empty());
        for link in [
            "https://a.example/?to=x@y.example",
            "a@b.example",
            "javascript:x",
            "",
        ] {
            assert_eq!(read(link), None, "{link}");
        }
        let many = format!("mailto:{}", "a@b.example,".repeat(500));
        assert_eq!(read(&many).unwrap().to.len(), 100);
        assert_eq!(
            read(&format!("mailto:a?body={}", "x".repeat(LONGEST_LINK))),
            None
        );
    }
}
