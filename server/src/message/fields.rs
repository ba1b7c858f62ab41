//! Header fields as a table for people: all of them, or those that stand above a printed letter.

use std::fmt::Write as _;

use whimbrel_shared::{HeaderField, MessageHeader, Part, SanitizedHtml};

use super::{
    header,
    sanitize::{self, entities::escape},
};

/// What stands above a printed letter, in this order.
const PRINTED: [&str; 5] = ["From", "To", "Cc", "Date", "Subject"];

/// Of the element around the table.
const CLASS: &str = "w-fields";

/// All fields, in the order of the message.
#[must_use]
pub fn all(header: &MessageHeader) -> SanitizedHtml {
    let mut markup = table(header.fields.iter());
    if header.is_cut {
        markup.push_str("<p><small>There are more, which are not shown.</small></p>");
    }
    sanitize::own_within(CLASS, &markup)
}

/// A letter as it is printed: who, when, about what, and which files came with it, from its raw header, above its
/// text.
#[must_use]
pub fn printed(header: &[u8], files: &[Part], text: SanitizedHtml) -> SanitizedHtml {
    let header = header::all(header);
    let named = |name: &&str| {
        let mut fields = header.fields.iter();
        fields.find(|field| field.name.eq_ignore_ascii_case(name))
    };
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let files = HeaderField {
        name: "Files".to_owned(),
        value: names.join(", "),
        is_cut: false,
    };
    let files = (!names.is_empty()).then_some(&files);
    let markup = table(PRINTED.iter().filter_map(named).chain(files));
    sanitize::join(vec![sanitize::own_within(CLASS, &markup), text])
}

fn table<'a>(fields: impl Iterator<Item = &'a HeaderField>) -> String {
    let mut markup = String::from("<table>");
    for field in fields {
        let cut = if field.is_cut { "…" } else { "" };
        markup.push_str("<tr><th>");
        escape(&field.name, &mut markup);
        markup.push_str("</th><td dir=\"auto\">");
        escape(&field.value, &mut markup);
        // Writing to a string does not fail.
        let _ = write!(markup, "{cut}</td></tr>");
    }
    markup.push_str("</table>");
    markup
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, value: &str) -> HeaderField {
        HeaderField {
            name: name.to_owned(),
            value: value.to_owned(),
            is_cut: false,
        }
    }

    #[test]
    fn fields_are_text() {
        let fields = vec![
            field("X-<b>", "<script>x</script> & more"),
            field("To", "a"),
        ];
        let header = MessageHeader {
            fields,
            is_cut: true,
        };
        let shown = all(&header);
        assert!(shown.as_str().contains("X-&lt;b&gt;</th>") && !shown.as_str().contains("<script"));
        assert!(shown.as_str().contains("There are more"));
    }

    #[test]
    fn a_printed_letter_says_who_and_when_in_one_order() {
        let header = b"Received: by a\r\nsubject: Tides\r\nFrom: Ada <ada@fenwick.example>\r\nFrom: b\r\n\r\n";
        let shown = printed(header, &[], sanitize::own("<p>Text"));
        let text = shown.as_str();
        assert!(text.find("Ada").unwrap() < text.find("Tides").unwrap());
        assert!(!text.contains("Received") && !text.contains(">b<") && !text.contains("Files"));
    }
}
