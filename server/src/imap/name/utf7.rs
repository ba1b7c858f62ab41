//! Modified UTF-7 (RFC 3501 §5.1.3), both ways. What does not decode is shown as it stands.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The text of a name for people.
pub(super) fn decode(wire: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = wire;
    while let Some(at) = rest.iter().position(|&byte| byte == b'&') {
        let (plain, shifted) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        text.push_str(&String::from_utf8_lossy(plain));
        let run = shifted.get(1..).unwrap_or_default();
        // No further than the run goes: a name of many `&` is still read in linear time.
        let length = run.iter().take_while(|&&byte| is_digit(byte)).count();
        let (digits, after) = run.split_at_checked(length).unwrap_or((run, &[]));
        let decoded = match after.strip_prefix(b"-") {
            Some(after) if digits.is_empty() => Some(("&".to_owned(), after)),
            Some(after) => decode_run(digits).map(|decoded| (decoded, after)),
            None => None,
        };
        let (piece, after) = decoded.unwrap_or_else(|| ("&".to_owned(), run));
        text.push_str(&piece);
        rest = after;
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

/// Whether it is a digit of modified BASE64.
fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b',')
}

/// The wire form of a text.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut wire = Vec::with_capacity(text.len());
    let mut pending: Vec<u8> = Vec::new();
    for character in text.chars() {
        if matches!(character, ' '..='~') {
            end_run(&mut wire, &mut pending);
            wire.push(character as u8);
            if character == '&' {
                wire.push(b'-');
            }
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                pending.extend(unit.to_be_bytes());
            }
        }
    }
    end_run(&mut wire, &mut pending);
    wire
}

fn end_run(wire: &mut Vec<u8>, pending: &mut Vec<u8>) {
    if !pending.is_empty() {
        wire.push(b'&');
        wire.extend(BASE64.encode(&*pending).into_bytes());
        wire.push(b'-');
        pending.clear();
    }
}

fn decode_run(run: &[u8]) -> Option<String> {
    let bytes = BASE64.decode(run).ok()?;
    if bytes.is_empty() || bytes.len() % 2 != 0 {
        return None;
    }
    let units: Vec<u16> = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|&pair| u16::from_be_bytes(pair))
        .collect();
    String::from_utf16(&units).ok()
}
