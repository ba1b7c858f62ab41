//! The text of a message that Outlook kept as compressed RTF (MS-OXRTFCP, RTF 1.9): its words and line
//! breaks, no look. Linear; the size of what comes out is bounded.

use crate::message::charset;

/// What the compression begins with (MS-OXRTFCP §2.1.3.1.2).
const DICTIONARY: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\
\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
/// Bytes of RTF that are read.
const MAX_RTF: usize = 4 << 20;
/// Groups within groups.
const MAX_DEPTH: usize = 200;

/// The RTF itself; `None` if it is none. What is cut is a beginning.
pub(super) fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    let kind = bytes.get(8..12)?;
    let body = bytes.get(16..)?;
    match kind {
        b"MELA" => return Some(body.get(..MAX_RTF).unwrap_or(body).to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut window = [b' '; 4096];
    for (place, byte) in window.iter_mut().zip(DICTIONARY) {
        *place = *byte;
    }
    let mut write = DICTIONARY.len();
    let mut out = Vec::new();
    let mut put = |byte: u8, window: &mut [u8; 4096]| {
        if let Some(place) = window.get_mut(write % 4096) {
            *place = byte;
        }
        write += 1;
        out.push(byte);
        out.len() < MAX_RTF
    };
    let mut at = 0;
    let mut written = DICTIONARY.len();
    'runs: while let Some(&control) = body.get(at) {
        at += 1;
        for bit in 0..8 {
            let Some(&first) = body.get(at) else {
                break 'runs;
            };
            at += 1;
            if control >> bit & 1 == 0 {
                written += 1;
                if !put(first, &mut window) {
                    break 'runs;
                }
                continue;
            }
            let Some(&second) = body.get(at) else {
                break 'runs;
            };
            at += 1;
            let token = usize::from(first) << 8 | usize::from(second);
            let (offset, length) = (token >> 4, (token & 15) + 2);
            if offset == written % 4096 {
                break 'runs; // the end
            }
            for step in 0..length {
                let byte = window.get((offset + step) % 4096).copied().unwrap_or(b' ');
                written += 1;
                if !put(byte, &mut window) {
                    break 'runs;
                }
            }
        }
    }
    Some(out)
}

/// What holds within a group.
#[derive(Clone, Copy)]
struct State {
    is_hidden: bool,
    /// Characters after `\u` that stand in for it.
    skip: usize,
}

struct Reader {
    text: String,
    /// Bytes of the code page that were not decoded yet.
    bytes: Vec<u8>,
    code_page: String,
    state: State,
    above: Vec<State>,
    /// Stand-ins still to be passed over.
    skipping: usize,
    /// Half of a character outside the basic plane.
    high: Option<u16>,
    /// What HTML would show is between tags that RTF hides.
    is_html: bool,
}

/// The words of an RTF text.
pub(super) fn text(rtf: &[u8]) -> String {
    let state = State {
        is_hidden: false,
        skip: 1,
    };
    let mut reader = Reader {
        text: String::new(),
        bytes: Vec::new(),
        code_page: "windows-1252".to_owned(),
        state,
        above: Vec::new(),
        skipping: 0,
        high: None,
        is_html: false,
    };
    let mut rest = rtf;
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            b'{' if reader.above.len() < MAX_DEPTH => reader.above.push(reader.state),
            b'}' => reader.state = reader.above.pop().unwrap_or(state),
            b'\\' => rest = reader.control(after),
            b'\r' | b'\n' | b'{' => {}
            byte => reader.byte(*byte),
        }
    }
    reader.flush();
    reader.text
}

impl Reader {
    fn byte(&mut self, byte: u8) {
        if self.skipping > 0 {
            self.skipping -= 1;
        } else if !self.state.is_hidden {
            self.bytes.push(byte);
        }
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            let text = charset::decode_text(&self.bytes, Some(&self.code_page));
            self.text.push_str(&text);
            self.bytes.clear();
        }
    }

    fn push(&mut self, c: char) {
        self.flush();
        if !self.state.is_hidden {
            self.text.push(c);
        }
    }

    /// After a backslash; what is left.
    fn control<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let Some((&first, after)) = rest.split_first() else {
            return rest;
        };
        if !first.is_ascii_alphabetic() {
            return self.symbol(first, after);
        }
        let letters = rest
            .iter()
            .take(32)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        let (word, after) = rest.split_at_checked(letters).unwrap_or((rest, &[]));
        let digits = after.iter().take(12).enumerate();
        let digits = digits.take_while(|(at, b)| b.is_ascii_digit() || (*at == 0 && **b == b'-'));
        let (number, after) = after
            .split_at_checked(digits.count())
            .unwrap_or((after, &[]));
        let number = std::str::from_utf8(number)
            .ok()
            .and_then(|n| n.parse::<i32>().ok());
        self.word(word, number);
        after.strip_prefix(b" ").unwrap_or(after)
    }

    fn symbol<'a>(&mut self, first: u8, after: &'a [u8]) -> &'a [u8] {
        match first {
            b'\'' => {
                if let [high, low, after @ ..] = after
                    && let (Some(high), Some(low)) =
                        (charset::transfer::hex(*high), charset::transfer::hex(*low))
                {
                    self.byte(high << 4 | low);
                    return after;
                }
            }
            b'*' => self.state.is_hidden = true,
            b'~' => self.push('\u{a0}'),
            b'_' => self.push('-'),
            b'\r' | b'\n' => self.push('\n'),
            b'\\' | b'{' | b'}' => self.byte(first),
            _ => {}
        }
        after
    }

    fn word(&mut self, word: &[u8], number: Option<i32>) {
        match word {
            b"par" | b"line" | b"row" | b"sect" | b"page" => self.push('\n'),
            b"tab" | b"cell" => self.push('\t'),
            b"emdash" => self.push('—'),
            b"endash" => self.push('–'),
            b"bullet" => self.push('•'),
            b"lquote" => self.push('‘'),
            b"rquote" => self.push('’'),
            b"ldblquote" => self.push('“'),
            b"rdblquote" => self.push('”'),
            b"fromhtml" => self.is_html = true,
            // What the HTML did not have, or what RTF does not show.
            b"htmlrtf" if self.is_html => self.state.is_hidden = number != Some(0),
            b"fonttbl" | b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object"
            | b"header" | b"footer" | b"listtable" | b"rsidtbl" | b"generator" => {
                self.state.is_hidden = true
            }
            b"ansicpg" => {
                self.flush();
                let page = number.filter(|page| *page > 0).unwrap_or(1252);
                self.code_page = format!("cp{page}");
            }
            b"uc" => self.state.skip = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(10),
            b"u" => self.unicode(number.unwrap_or(0)),
            _ => {}
        }
    }

    /// `\u8211`: a unit of UTF-16, negative above 32767.
    fn unicode(&mut self, number: i32) {
        let unit = number as u16;
        self.skipping = self.state.skip;
        match (self.high.take(), unit) {
            (_, 0xd800..=0xdbff) => self.high = Some(unit),
            (Some(high), 0xdc00..=0xdfff) => {
                let pair = char::decode_utf16([high, unit]).next();
                self.push(pair.and_then(Result::ok).unwrap_or('\u{fffd}'));
            }
            (_, unit) => self.push(char::from_u32(u32::from(unit)).unwrap_or('\u{fffd}')),
        }
    }
}
