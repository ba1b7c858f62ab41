//! The bytes of a text as text: by the character set that it claims, or that its HTML claims.

use crate::message::{body::TextPart, charset};

/// `bytes` are transfer-decoded.
pub(super) fn text(part: &TextPart, bytes: &[u8], defects: &mut Vec<String>) -> String {
    if let Some(name) = part
        .charset
        .as_deref()
        .filter(|name| !charset::is_known(name))
    {
        let name: String = name.chars().take(40).collect();
        defects.push(format!(
            "Its character set “{name}” is unknown; it was guessed."
        ));
    }
    let declared = part.charset.as_deref().map(str::to_owned);
    let declared = declared.or_else(|| part.is_html.then(|| meta_charset(bytes)).flatten());
    let text = charset::decode_text(bytes, declared.as_deref());
    // A line that ends as on an old Macintosh, or twice after a careless gateway.
    if text.split('\r').skip(1).all(|line| line.starts_with('\n')) {
        text
    } else {
        let text = text.replace("\r\r\n", "\n").replace("\r\n", "\n");
        text.replace('\r', "\n")
    }
}

/// What an HTML text says of itself in its first kilobyte.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(1_024))?;
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, after) = head.split_once("charset=")?;
    let name: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    (!name.is_empty() && !name.starts_with("utf-16")).then_some(name)
}
