//! Parameters of `Content-Type` and `Content-Disposition`: RFC 2231 pieces joined and decoded,
//! encoded words where they should not be, raw 8-bit text.

use compact_str::CompactString;

use super::{charset, encoded_word};

/// The decoded value of the parameter `name` (lower-case); `None` if there is none or it is empty.
#[must_use]
pub fn value(parameters: &[(CompactString, CompactString)], name: &str) -> Option<String> {
    let text = extended(parameters, name).or_else(|| {
        let plain = parameters.iter().find(|(key, _)| key == name)?;
        Some(encoded_word::decode(plain.1.as_bytes()))
    })?;
    let text = encoded_word::tidy(&text);
    (!text.is_empty()).then_some(text)
}

/// The value of a parameter that is plain ASCII by its nature, such as `charset`; lower-case.
#[must_use]
pub fn token(parameters: &[(CompactString, CompactString)], name: &str) -> Option<String> {
    value(parameters, name).map(|value| value.trim_matches('"').to_ascii_lowercase())
}

/// More pieces than this are nobody's file name.
const MAX_PIECES: usize = 100;

/// `name*`, or `name*0`, `name*1*`, …: bytes joined first, decoded afterwards.
fn extended(parameters: &[(CompactString, CompactString)], name: &str) -> Option<String> {
    let mut pieces: Vec<(usize, bool, &str)> = Vec::new();
    for (key, value) in parameters {
        let Some(suffix) = key.strip_prefix(name).and_then(|s| s.strip_prefix('*')) else {
            continue;
        };
        let (number, is_encoded) = match suffix.strip_suffix('*') {
            Some(number) => (number, true),
            None => (suffix, suffix.is_empty()),
        };
        let number = if number.is_empty() { "0" } else { number };
        let Ok(number) = number.parse::<usize>() else {
            continue;
        };
        if number < MAX_PIECES && !pieces.iter().any(|piece| piece.0 == number) {
            pieces.push((number, is_encoded, value));
        }
    }
    pieces.sort_unstable_by_key(|piece| piece.0);
    // Some count from one.
    let first = pieces
        .first()
        .map(|piece| piece.0)
        .filter(|&number| number <= 1)?;
    let mut charset = None;
    let mut bytes = Vec::new();
    for (index, &(number, is_encoded, value)) in pieces.iter().enumerate() {
        if index + first != number {
            break;
        }
        let mut value = value;
        if index == 0 && is_encoded {
            let mut parts = value.splitn(3, '\'');
            if let (Some(label), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next()) {
                charset = Some(label).filter(|label| !label.is_empty());
                value = text;
            }
        }
        if is_encoded {
            percent_decode(value.as_bytes(), &mut bytes);
        } else {
            bytes.extend_from_slice(value.as_bytes());
        }
    }
    let text = charset::decode_text(&bytes, charset);
    // Some split an encoded word over the pieces.
    Some(if charset.is_none() && text.contains("=?") {
        encoded_word::decode(text.as_bytes())
    } else {
        text
    })
}

fn percent_decode(text: &[u8], bytes: &mut Vec<u8>) {
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        if let (b'%', [high, low, tail @ ..]) = (first, after)
            && let (Some(high), Some(low)) =
                (charset::transfer::hex(*high), charset::transfer::hex(*low))
        {
            bytes.push(high << 4 | low);
            rest = tail;
        } else {
            bytes.push(*first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{token, value};

    fn name(parameters: &[(&str, &str)]) -> Option<String> {
        let parameters: Vec<_> = parameters
            .iter()
            .map(|&(key, value)| (key.into(), value.into()))
            .collect();
        value(&parameters, "filename")
    }

    #[test]
    fn reads_file_names_however_they_are_written() {
        for (parameters, expected) in [
            (&[("filename", "a.txt")][..], "a.txt"),
            (&[("filename*", "UTF-8''%E4%BD%A0.txt")], "你.txt"),
            (&[("filename*", "iso-8859-1'de'Gr%FC%DFe.pdf")], "Grüße.pdf"),
            (
                &[("filename*0*", "UTF-8''%E4%BD"), ("filename*1*", "%A0.txt")],
                "你.txt",
            ),
            (&[("filename*1", "b.txt"), ("filename*0", "a")], "ab.txt"),
            (
                &[("filename*0", "=?utf-8?Q?=C3"), ("filename*1", "=B6.txt?=")],
                "ö.txt",
            ),
            (&[("filename", "=?utf-8?B?w7YudHh0?=")], "ö.txt"),
            (&[("filename", "x"), ("filename*", "utf-8''y")], "y"),
            (&[("filename", "x"), ("filename*7", "y")], "x"),
            (&[("filename*1", "a"), ("filename*2", ".txt")], "a.txt"),
            (&[("filename*", "100%")], "100%"),
        ] {
            assert_eq!(
                name(parameters).as_deref(),
                Some(expected),
                "{parameters:?}"
            );
        }
        assert_eq!(name(&[("filename", " ")]), None);
        assert_eq!(name(&[("name", "x")]), None);
    }

    #[test]
    fn tokens_are_lower_case() {
        let parameters = [("charset".into(), "\"UTF-8\"".into())];
        assert_eq!(token(&parameters, "charset").as_deref(), Some("utf-8"));
    }
}
