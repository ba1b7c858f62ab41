//! Transfer encodings (RFC 2045 §6), piece by piece: lenient, linear, and nothing is held back at the end of
//! truncated input.

mod signed;

/// Decodes a whole part. `encoding` is the `Content-Transfer-Encoding`; unknown ones are left as they are.
#[must_use]
pub fn decode(bytes: &[u8], encoding: &str) -> Vec<u8> {
    let mut decoder = TransferDecoder::new(encoding);
    let mut decoded = Vec::with_capacity(bytes.len());
    decoder.push(bytes, &mut decoded);
    decoder.finish(&mut decoded);
    decoded
}

/// The same of a text: one that only claims to be Base64 is left as it is, and so is what a mailing list wrote
/// below one in Base64.
#[must_use]
pub fn decode_text(bytes: &[u8], encoding: &str) -> Vec<u8> {
    let is_base64 = encoding.trim().eq_ignore_ascii_case("base64");
    let (coded, plain) = if is_base64 {
        bytes.split_at(plain_from(bytes))
    } else {
        (bytes, &[][..])
    };
    let mut decoded = decode(coded, encoding);
    if !decoded.is_empty() && !plain.is_empty() && !decoded.ends_with(b"\n") {
        decoded.push(b'\n');
    }
    decoded.extend_from_slice(plain);
    decoded
}

/// Where Base64 ends and plain text begins: after its last line, which is shorter, padded or followed by an empty
/// one, at a line that cannot be Base64.
fn plain_from(bytes: &[u8]) -> usize {
    let (mut at, mut before, mut may_end) = (0, 0, true);
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let text = line.trim_ascii();
        let is_first = at == 0;
        if may_end && !text.is_empty() && is_plain(text, is_first) {
            return at;
        }
        may_end = text.is_empty() || text.ends_with(b"=") || text.len() < before;
        (at, before) = (at + line.len(), text.len());
    }
    bytes.len()
}

/// Words with spaces between; behind Base64 also a line drawn of dashes, and any other sign.
fn is_plain(line: &[u8], is_first: bool) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte);
    let is_drawn = line.len() > 1 && line.iter().all(|byte| b"-_=".contains(byte));
    line.contains(&b' ') || (!is_first && (is_drawn || !line.iter().all(is_digit)))
}

/// What S/MIME signed, without the signature around it; empty if it signed nothing.
#[must_use]
pub fn signed(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    TransferDecoder::of_signed().push(bytes, &mut content);
    content
}

/// How a message within a message is encoded, which its sender may say wrong: RFC 2046 §5.2.1 forbids it, and some
/// only say it.
#[must_use]
pub fn of_message<'e>(bytes: &[u8], encoding: &'e str) -> &'e str {
    let header = memchr::memmem::find(bytes, b"\n\r\n").or(memchr::memmem::find(bytes, b"\n\n"));
    let header = bytes
        .get(..header.unwrap_or(bytes.len()))
        .unwrap_or_default();
    let has = |sign: &[u8]| memchr::memmem::find(header, sign).is_some();
    let is_plain = match encoding {
        "base64" => plain_from(bytes) == 0,
        "quoted-printable" => has(b"=") && !has(b"=3D") && !has(b"=3d"),
        _ => false,
    };
    if is_plain { "8bit" } else { encoding }
}

/// Decodes a transfer encoding piece by piece, with a few bytes of memory.
#[derive(Debug)]
pub struct TransferDecoder(Kind);

#[derive(Debug)]
enum Kind {
    Identity,
    Base64 {
        bits: u32,
        count: u8,
    },
    QuotedPrintable {
        held: Vec<u8>,
    },
    /// What S/MIME signed.
    Signed(signed::Content),
    /// Lines whose first character says how many bytes they hold (POSIX `uuencode`).
    Uuencode {
        line: Vec<u8>,
    },
}

/// Characters of a line of uuencode, the longest that its first character can tell of.
const MAX_UULINE: usize = 90;

/// White space at a line's end beyond this is taken as meant: no line of real mail has more.
const MAX_HELD: usize = 1024;

impl TransferDecoder {
    /// A decoder for this `Content-Transfer-Encoding`, in any case, with or without spaces around.
    #[must_use]
    pub fn new(encoding: &str) -> Self {
        // Some write a comment or a parameter behind it.
        let mut words = encoding.split([' ', '\t', ';', '(']);
        let encoding = words.find(|word| !word.is_empty()).unwrap_or_default();
        let encoding = encoding.trim_matches('"');
        Self(if encoding.eq_ignore_ascii_case("base64") {
            Kind::Base64 { bits: 0, count: 0 }
        } else if encoding.eq_ignore_ascii_case("quoted-printable") {
            Kind::QuotedPrintable { held: Vec::new() }
        } else if ["x-uuencode", "uuencode", "x-uue", "uue"]
            .iter()
            .any(|name| encoding.eq_ignore_ascii_case(name))
        {
            Kind::Uuencode { line: Vec::new() }
        } else {
            Kind::Identity
        })
    }

    /// One that takes off the signature of S/MIME.
    #[must_use]
    pub fn of_signed() -> Self {
        Self(Kind::Signed(signed::Content::default()))
    }

    /// Decodes the next piece and appends what is certain to `out`.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        match &mut self.0 {
            Kind::Identity => out.extend_from_slice(piece),
            Kind::Base64 { bits, count } => {
                for &byte in piece {
                    push_base64(byte, bits, count, out);
                }
            }
            Kind::QuotedPrintable { held } => {
                for &byte in piece {
                    push_quoted(byte, held, out);
                }
            }
            Kind::Signed(content) => {
                for &byte in piece {
                    content.push(byte, out);
                }
            }
            Kind::Uuencode { line } => {
                for &byte in piece {
                    if byte == b'\n' {
                        push_uuline(line, out);
                        line.clear();
                    } else if line.len() < MAX_UULINE {
                        line.push(byte);
                    }
                }
            }
        }
    }

    /// Appends what was held back. The decoder is as new afterwards.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        match &mut self.0 {
            Kind::Identity => {}
            Kind::Signed(content) => *content = signed::Content::default(),
            Kind::Base64 { bits, count } => end_base64(bits, count, out),
            Kind::QuotedPrintable { held } => {
                if let [b'=', digit] = held.as_slice()
                    && digit.is_ascii_hexdigit()
                {
                    out.append(held);
                }
                held.clear();
            }
            Kind::Uuencode { line } => {
                push_uuline(line, out);
                line.clear();
            }
        }
    }
}

/// One line of uuencode. `begin` and `end` are none: their first letters are beyond those that tell a length.
fn push_uuline(line: &[u8], out: &mut Vec<u8>) {
    let Some((&first, digits)) = line.split_first() else {
        return;
    };
    let value = |digit: Option<&u8>| match digit {
        Some(digit @ b' '..=b'`') => (digit - b' ') & 0x3f,
        _ => 0, // a space that got lost at the line's end
    };
    let length = usize::from(value(Some(&first)));
    let mut decoded = Vec::with_capacity(48);
    let mut digits = digits.iter();
    while (b'!'..b'`').contains(&first) && decoded.len() < length {
        let [a, b, c, d] = std::array::from_fn(|_| value(digits.next()));
        decoded.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
    }
    decoded.truncate(length);
    out.append(&mut decoded);
}

/// One byte of base64; padding ends a quantum, so base64 texts set one after the other decode too.
fn push_base64(byte: u8, bits: &mut u32, count: &mut u8, out: &mut Vec<u8>) {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        b'=' => return end_base64(bits, count, out),
        _ => return,
    };
    *bits = *bits << 6 | u32::from(value);
    *count += 1;
    if *count == 4 {
        let [_, a, b, c] = bits.to_be_bytes();
        out.extend_from_slice(&[a, b, c]);
        (*bits, *count) = (0, 0);
    }
}

/// What a quantum of two or three digits says; one digit alone says nothing.
fn end_base64(bits: &mut u32, count: &mut u8, out: &mut Vec<u8>) {
    match *count {
        2 => out.push((*bits >> 4) as u8),
        3 => out.extend_from_slice(&[(*bits >> 10) as u8, (*bits >> 2) as u8]),
        _ => {}
    }
    (*bits, *count) = (0, 0);
}

/// One byte of quoted-printable. `held` is an escape or the white space before a line's end.
fn push_quoted(byte: u8, held: &mut Vec<u8>, out: &mut Vec<u8>) {
    match held.as_slice() {
        [] => match byte {
            b'=' | b' ' | b'\t' => held.push(byte),
            _ => out.push(byte),
        },
        [b'=', white @ ..] if white.iter().all(|b| matches!(b, b' ' | b'\t' | b'\r')) => match byte
        {
            b'\n' => held.clear(),
            b' ' | b'\t' | b'\r' if held.len() < MAX_HELD => held.push(byte),
            _ if white.is_empty() && byte.is_ascii_hexdigit() => held.push(byte),
            _ => not_an_escape(byte, held, out),
        },
        [b'=', high] => match (hex(*high), hex(byte)) {
            (Some(high), Some(low)) => {
                held.clear();
                out.push(high << 4 | low);
            }
            _ => not_an_escape(byte, held, out),
        },
        _ => match byte {
            b' ' | b'\t' if held.len() < MAX_HELD => held.push(byte),
            b'\r' | b'\n' => {
                held.clear();
                out.push(byte);
            }
            _ => not_an_escape(byte, held, out),
        },
    }
}

/// What looked like an escape was none: it stands for itself, and `byte` begins afresh.
fn not_an_escape(byte: u8, held: &mut Vec<u8>, out: &mut Vec<u8>) {
    out.append(held);
    push_quoted(byte, held, out);
}

/// The value of a hexadecimal digit.
pub(in crate::message) fn hex(digit: u8) -> Option<u8> {
    (digit as char).to_digit(16).map(|value| value as u8)
}
