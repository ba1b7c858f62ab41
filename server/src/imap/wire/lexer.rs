//! Reads one response value by value (RFC 9051 §9, leniently): atoms, strings, literals, lists.
//! Every method makes progress or says no, uses constant stack, and never fails harder than `None`.

use std::borrow::Cow;

use bytes::Bytes;

/// A cursor over one response.
#[derive(Debug)]
pub(crate) struct Lexer<'a> {
    frame: &'a Bytes,
    rest: &'a [u8],
    torn: bool,
}

impl<'a> Lexer<'a> {
    /// A cursor at the beginning of `frame`.
    pub(crate) fn new(frame: &'a Bytes) -> Self {
        Self {
            frame,
            rest: frame,
            torn: false,
        }
    }

    /// A literal was followed by what cannot follow one: its length was a lie, and nothing read
    /// after it can be trusted.
    pub(crate) fn is_torn(&self) -> bool {
        self.torn
    }

    /// Records that the response cannot be whole.
    pub(crate) fn tear(&mut self) {
        self.torn = true;
    }

    /// The next byte after spaces, not taken.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_ascii_start();
        self.rest.first().copied()
    }

    /// Everything not read yet.
    pub(crate) fn rest(&self) -> Bytes {
        self.frame.slice_ref(self.rest)
    }

    /// Takes `byte` if it comes next.
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.advance(1);
        }
        is_next
    }

    /// Takes `word` if it comes next, in any case, and ends there.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        self.peek();
        let Some((head, tail)) = self.rest.split_at_checked(word.len()) else {
            return false;
        };
        let ends = tail.first().is_none_or(|&byte| !is_atom_byte(byte));
        let is_next = ends && head.eq_ignore_ascii_case(word.as_bytes());
        if is_next {
            self.rest = tail;
        }
        is_next
    }

    /// Takes an atom: all up to a space, parenthesis or quote. Empty if none comes next.
    pub(crate) fn atom(&mut self) -> &'a [u8] {
        self.peek();
        let length = self.rest.iter().take_while(|&&b| is_atom_byte(b)).count();
        self.take(length)
    }

    /// Takes the name of a FETCH item, in which brackets may hold spaces and lists.
    pub(crate) fn item_name(&mut self) -> &'a [u8] {
        self.peek();
        let mut bracketed = false;
        let length = self
            .rest
            .iter()
            .take_while(|&&byte| {
                match byte {
                    b'[' => bracketed = true,
                    b']' => bracketed = false,
                    _ => {}
                }
                bracketed || is_atom_byte(byte)
            })
            .count();
        self.take(length)
    }

    /// Takes the next value and gives its bytes; `None` for NIL, a list, or nothing there.
    pub(crate) fn text(&mut self) -> Option<Cow<'a, [u8]>> {
        match self.peek()? {
            b'"' => self.quoted(),
            b'{' | b'~' if self.literal_length().is_some() => self.literal().map(Cow::from),
            b'(' => {
                self.skip();
                None
            }
            b')' => None,
            _ => {
                let atom = self.atom();
                (!atom.eq_ignore_ascii_case(b"NIL")).then_some(atom.into())
            }
        }
    }

    /// As [`Self::text`], to be kept.
    pub(crate) fn bytes(&mut self) -> Option<Bytes> {
        self.text().map(|text| match text {
            Cow::Borrowed(part) => self.frame.slice_ref(part),
            Cow::Owned(text) => text.into(),
        })
    }

    /// Takes the next value as a number; `None` if it is none.
    pub(crate) fn number<N: std::str::FromStr>(&mut self) -> Option<N> {
        let text = self.text()?;
        std::str::from_utf8(&text).ok()?.parse().ok()
    }

    /// Takes the next value, whatever it is, with all that is in it. False at the end of a list.
    pub(crate) fn skip(&mut self) -> bool {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                None => return false,
                Some(b'(') => {
                    self.advance(1);
                    depth += 1;
                }
                Some(b')') if depth == 0 => return false,
                Some(b')') => {
                    self.advance(1);
                    depth -= 1;
                }
                Some(_) => {
                    self.skip_scalar();
                }
            }
            if depth == 0 {
                return true;
            }
        }
    }

    /// Takes all that is left of the list one is in, its `)` included. False if it never ends.
    pub(crate) fn finish_list(&mut self) -> bool {
        while self.skip() {}
        self.eat(b')')
    }

    fn skip_scalar(&mut self) {
        let before = self.rest.len();
        match self.peek() {
            Some(b'"') => {
                self.quoted();
            }
            Some(b'{' | b'~') if self.literal_length().is_some() => {
                self.literal();
            }
            _ => {
                self.atom();
            }
        }
        if self.rest.len() == before {
            self.advance(1);
        }
    }

    fn quoted(&mut self) -> Option<Cow<'a, [u8]>> {
        let inner = self.rest.strip_prefix(b"\"")?;
        let plain = memchr::memchr2(b'"', b'\\', inner).unwrap_or(inner.len());
        if inner.get(plain) != Some(&b'\\') {
            self.rest = inner.get(plain + 1..).unwrap_or_default();
            return inner.get(..plain).map(Cow::from);
        }
        let mut text = Vec::new();
        let mut bytes = inner.iter();
        while let Some(&byte) = bytes.next() {
            match byte {
                b'"' => break,
                b'\\' => text.extend(bytes.next()),
                _ => text.push(byte),
            }
        }
        self.rest = bytes.as_slice();
        Some(text.into())
    }

    /// Length of the literal that comes next, and of its announcement.
    fn literal_length(&self) -> Option<(usize, usize)> {
        let marker = self.rest.strip_prefix(b"~").unwrap_or(self.rest);
        let inner = marker.strip_prefix(b"{")?;
        let digits = inner.iter().take_while(|b| b.is_ascii_digit()).count();
        let (number, after) = inner.split_at_checked(digits)?;
        let after = after.strip_prefix(b"+").unwrap_or(after);
        let after = after.strip_prefix(b"}")?;
        let after = after.strip_prefix(b"\r").unwrap_or(after);
        let after = after.strip_prefix(b"\n")?;
        let length = std::str::from_utf8(number).ok()?.parse().ok()?;
        Some((length, self.rest.len() - after.len()))
    }

    fn literal(&mut self) -> Option<&'a [u8]> {
        let (length, announcement) = self.literal_length()?;
        self.advance(announcement);
        if self.rest.len() < length {
            self.torn = true;
            self.rest = &[];
            return None;
        }
        let text = self.take(length);
        if !matches!(self.rest.first(), None | Some(b' ' | b')')) {
            self.torn = true;
        }
        Some(text)
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    fn advance(&mut self, length: usize) {
        self.take(length);
    }
}

fn is_atom_byte(byte: u8) -> bool {
    !matches!(byte, b' ' | b'(' | b')' | b'"' | b'\r' | b'\n' | b'\t')
}
