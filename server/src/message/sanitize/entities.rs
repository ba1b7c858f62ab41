//! Character references: decoded for checks, escaped for output.

/// The longest named reference has 31 characters.
const MAX_REFERENCE: usize = 33;

/// Decodes character references. Unknown ones stay as they are; NUL is left out.
pub(crate) fn decode(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let raw = raw.replace('\0', "");
    let mut rest = raw.as_str();
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let (decoded, length) = reference(after);
        match decoded {
            Some(decoded) => text.push_str(&decoded),
            None => text.push('&'),
        }
        rest = after.get(length..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// What stands behind `&`: its meaning, and how many bytes it takes.
fn reference(after: &str) -> (Option<String>, usize) {
    if let Some(number) = after.strip_prefix('#') {
        return numeric(number);
    }
    let name_length = after
        .bytes()
        .take(MAX_REFERENCE)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let name = after.get(..name_length).unwrap_or_default();
    if after.as_bytes().get(name_length) == Some(&b';') {
        let decoded = named(name);
        let length = if decoded.is_some() {
            name_length + 1
        } else {
            0
        };
        return (decoded, length);
    }
    // A few may stand without their semicolon.
    for bare in ["amp", "lt", "gt", "quot", "nbsp"] {
        if name.eq_ignore_ascii_case(bare) {
            return (named(bare), name_length);
        }
    }
    (None, 0)
}

fn named(name: &str) -> Option<String> {
    // Punctuation that hides a scheme; the table behind `add_html_token` leaves some of it out.
    let special = match name {
        "colon" => ":",
        "Tab" => "\t",
        "NewLine" => "\n",
        "apos" => "'",
        "sol" => "/",
        "lpar" => "(",
        "rpar" => ")",
        "period" => ".",
        "comma" => ",",
        "num" => "#",
        "AMP" | "amp" => "&",
        "LT" | "lt" => "<",
        "GT" | "gt" => ">",
        "QUOT" | "quot" => "\"",
        "nbsp" => "\u{a0}",
        _ => "",
    };
    if !special.is_empty() {
        return Some(special.to_owned());
    }
    let token = format!("&{name};");
    let mut decoded = String::new();
    mail_parser::decoders::html::add_html_token(&mut decoded, token.as_bytes(), false);
    (decoded != token).then_some(decoded)
}

/// `#` was read; browsers take numbers without the semicolon too.
fn numeric(number: &str) -> (Option<String>, usize) {
    let (digits, radix, prefix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 2),
        None => (number, 10, 1),
    };
    let count = digits
        .bytes()
        .take_while(|b| (*b as char).is_digit(radix))
        .count();
    if count == 0 {
        return (None, 0);
    }
    let value = digits
        .bytes()
        .take(count)
        .filter_map(|byte| (byte as char).to_digit(radix))
        .fold(0_u32, |sum, digit| {
            sum.saturating_mul(radix).saturating_add(digit)
        });
    let c = char::from_u32(value)
        .filter(|&c| c != '\0')
        .unwrap_or('\u{fffd}');
    let semicolon = usize::from(digits.as_bytes().get(count) == Some(&b';'));
    (Some(c.to_string()), prefix + count + semicolon)
}

/// Escapes text for an element's content or a quoted attribute.
pub(crate) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        escape_char(c, out);
    }
}

/// Escapes one character.
pub(crate) fn escape_char(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, escape};

    #[test]
    fn reads_references_as_browsers_do() {
        for (raw, text) in [
            ("java&#115;cript&colon;x", "javascript:x"),
            ("&#x6A;&#0000106&#106x", "jjjx"),
            ("a&Tab;b&NewLine;c", "a\tb\nc"),
            ("?a=1&b=2&copy=3", "?a=1&b=2&copy=3"),
            ("Fran&ccedil;ais &eacute;", "Français é"),
            ("&unheard; &; &", "&unheard; &; &"),
            ("&#0;&#xffffffff;", "\u{fffd}\u{fffd}"),
            ("&amp;lt;", "&lt;"),
            ("\0a\0m&am\0p;", "am&"),
        ] {
            assert_eq!(decode(raw), text, "{raw}");
        }
        let mut out = String::new();
        escape("<a href=\"x\">&", &mut out);
        assert_eq!(out, "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
