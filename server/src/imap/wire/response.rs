//! One response as a value (RFC 9051 §7 and the extensions used here). What is not understood is
//! [`Response::Other`]; only a response that cannot be whole is refused.

use std::borrow::Cow;

use bytes::Bytes;
use whimbrel_shared::UidSet;

use super::{
    arranged,
    fetch::{self, Row},
    found::{self, Found, uid_set},
    lexer::Lexer,
};

/// An untagged response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Response {
    /// `OK`, `NO`, `BAD`, `BYE`, `PREAUTH`.
    Condition(Condition),
    /// How many messages there are.
    Exists(u32),
    /// The message of this sequence number is gone.
    Expunge(u32),
    /// These are gone now (not `EARLIER`).
    Vanished(UidSet),
    /// These were gone already (`EARLIER`, RFC 7162 §3.2.10).
    VanishedEarlier(UidSet),
    /// One message.
    Fetch(Box<Row>),
    /// A row of `LIST`, or of `LSUB`.
    List(Listed),
    /// Counts of a mailbox.
    Status(MailboxStatus),
    /// A quota root: what it limits in bytes, if it does.
    Quota(Option<Storage>),
    /// What a search found.
    Search(Found),
    /// UIDs in the order that was asked for.
    Sort(Vec<u32>),
    /// Messages that belong together.
    Thread(Vec<UidSet>),
    /// What the server can do, upper-case.
    Capability(Vec<String>),
    /// What it does differently from now on, upper-case (RFC 5161).
    Enabled(Vec<String>),
    /// What the server is called: fields and their values.
    Id(Vec<(String, String)>),
    /// The personal namespace that INBOX is in, else the first: prefix and delimiter.
    Namespace(Bytes, Option<u8>),
    /// Understood and of no use here.
    Unneeded,
    /// Something else.
    Other,
}

impl Response {
    /// How many flags it carries.
    pub(crate) fn flags(&self) -> usize {
        match self {
            Self::Fetch(row) => row.flags.as_ref().map_or(0, Vec::len),
            _ => 0,
        }
    }
}

/// A condition's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// Done, or a remark.
    Ok,
    /// Refused.
    No,
    /// Not understood.
    Bad,
    /// The connection ends.
    Bye,
    /// Signed in already.
    Preauth,
}

/// A condition, tagged or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    /// Its word.
    pub(crate) word: Word,
    /// `[CODE arguments]`.
    pub(crate) code: Option<Code>,
    /// The words for people, one line, at most 500 characters.
    pub(crate) text: String,
}

/// A response code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// Upper-case.
    pub(crate) name: String,
    /// As written.
    pub(crate) arguments: Bytes,
}

/// A row of `LIST`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// It came from `LSUB`.
    pub(crate) is_lsub: bool,
    /// Lower-case, with their backslash.
    pub(crate) attributes: Vec<String>,
    /// What stands between levels; `None` if there are no levels.
    pub(crate) delimiter: Option<u8>,
    /// The name on the wire.
    pub(crate) name: Bytes,
}

/// A row of `STATUS`; what the server did not say is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MailboxStatus {
    /// The name on the wire.
    pub(crate) name: Bytes,
    /// All messages.
    pub(crate) messages: Option<u32>,
    /// Messages without `\Seen`.
    pub(crate) unseen: Option<u32>,
    /// The next UID.
    pub(crate) uidnext: Option<u32>,
    /// The UIDVALIDITY.
    pub(crate) uidvalidity: Option<u32>,
    /// HIGHESTMODSEQ; zero counts as not said (RFC 7162 §3.1.2.2).
    pub(crate) highest_modseq: Option<u64>,
    /// All messages together, in bytes.
    pub(crate) size: Option<u64>,
}

/// What a quota root says of STORAGE, in units of 1024 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Storage {
    /// What is taken.
    pub(crate) used: u64,
    /// What there is.
    pub(crate) limit: u64,
}

/// Fields of an `ID`: RFC 2971 allows no more.
const MAX_FIELDS: usize = 30;

/// The response contradicts itself: a literal's length was a lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Torn;

/// Reads an untagged response, `* ` included.
pub(crate) fn read(frame: &Bytes) -> Result<Response, Torn> {
    let mut lexer = Lexer::new(frame);
    lexer.eat(b'*');
    let first = lexer.atom();
    let response = match std::str::from_utf8(first).ok().map(str::parse::<u32>) {
        Some(Ok(number)) => numbered(number, &mut lexer),
        _ => named(first, &mut lexer),
    };
    if lexer.is_torn() {
        return Err(Torn);
    }
    Ok(response)
}

/// Reads a tagged response.
pub(crate) fn read_tagged(frame: &Bytes) -> Option<(String, Condition)> {
    let mut lexer = Lexer::new(frame);
    let tag = String::from_utf8_lossy(lexer.atom()).into_owned();
    let word = word(lexer.atom())?;
    Some((tag, condition(word, &lexer)))
}

fn numbered(number: u32, lexer: &mut Lexer<'_>) -> Response {
    if lexer.eat_word("FETCH") {
        return Response::Fetch(Box::new(fetch::row(lexer)));
    }
    match &*lexer.atom().to_ascii_uppercase() {
        b"EXISTS" => Response::Exists(number),
        b"EXPUNGE" => Response::Expunge(number),
        b"RECENT" => Response::Unneeded,
        _ => Response::Other,
    }
}

fn named(name: &[u8], lexer: &mut Lexer<'_>) -> Response {
    if let Some(word) = word(name) {
        return Response::Condition(condition(word, lexer));
    }
    match &*name.to_ascii_uppercase() {
        b"LIST" | b"XLIST" => listed(lexer, false),
        b"LSUB" => listed(lexer, true),
        b"STATUS" => status(lexer),
        b"QUOTA" => Response::Quota(storage(lexer)),
        b"SEARCH" => Response::Search(found::search(lexer)),
        b"SORT" => Response::Sort(arranged::sort(lexer)),
        b"THREAD" => Response::Thread(arranged::threads(lexer)),
        b"ESEARCH" => Response::Search(found::esearch(lexer)),
        b"CAPABILITY" => Response::Capability(words(&lexer.rest())),
        b"NAMESPACE" => namespace(lexer),
        b"ENABLED" => Response::Enabled(words(&lexer.rest())),
        b"VANISHED" => vanished(lexer),
        b"ID" => Response::Id(fields(lexer)),
        b"FLAGS" | b"QUOTAROOT" | b"ACL" | b"MYRIGHTS" | b"LISTRIGHTS" | b"METADATA"
        | b"LANGUAGE" | b"COMPARATOR" => Response::Unneeded,
        _ => Response::Other,
    }
}

fn vanished(lexer: &mut Lexer<'_>) -> Response {
    let is_earlier = lexer.peek() == Some(b'(') && lexer.skip();
    let gone = uid_set(lexer.atom()).unwrap_or_default();
    if is_earlier {
        Response::VanishedEarlier(gone)
    } else {
        Response::Vanished(gone)
    }
}

fn word(word: &[u8]) -> Option<Word> {
    Some(match &*word.to_ascii_uppercase() {
        b"OK" => Word::Ok,
        b"NO" => Word::No,
        b"BAD" => Word::Bad,
        b"BYE" => Word::Bye,
        b"PREAUTH" => Word::Preauth,
        _ => return None,
    })
}

fn condition(word: Word, lexer: &Lexer<'_>) -> Condition {
    let rest = lexer.rest();
    let rest = rest.slice_ref(rest.trim_ascii());
    let (code, text) = match code(&rest) {
        Some((code, text)) => (Some(code), text),
        None => (None, rest),
    };
    let text = String::from_utf8_lossy(&text);
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    Condition {
        word,
        code,
        text: text.trim().chars().take(500).map(clean).collect(),
    }
}

/// `[NAME arguments]` at the beginning of `text`, and what follows it, with or without a space.
fn code(text: &Bytes) -> Option<(Code, Bytes)> {
    let inner = text.strip_prefix(b"[")?;
    let mut quoted = false;
    let end = inner.iter().position(|&byte| {
        quoted ^= byte == b'"';
        byte == b']' && !quoted
    })?;
    let (code, rest) = inner.split_at_checked(end)?;
    let name = code.split(|&byte| byte == b' ').next()?;
    let arguments = code.get(name.len()..)?.trim_ascii();
    let code = Code {
        name: String::from_utf8_lossy(name).to_uppercase(),
        arguments: text.slice_ref(arguments),
    };
    Some((code, text.slice_ref(rest.get(1..)?)))
}

fn listed(lexer: &mut Lexer<'_>, is_lsub: bool) -> Response {
    let attributes = fetch::flags(lexer).unwrap_or_default();
    let delimiter = lexer.text().and_then(|text| text.first().copied());
    match lexer.bytes() {
        Some(name) if !name.is_empty() => Response::List(Listed {
            is_lsub,
            attributes: attributes.iter().map(|a| a.to_lowercase()).collect(),
            delimiter,
            name,
        }),
        // The answer to `LIST "" ""` has an empty name: it tells the delimiter.
        _ => Response::Namespace(Bytes::new(), delimiter),
    }
}

fn status(lexer: &mut Lexer<'_>) -> Response {
    let mut status = MailboxStatus {
        name: lexer.bytes().unwrap_or_default(),
        ..MailboxStatus::default()
    };
    if status.name.is_empty() || !lexer.eat(b'(') {
        return Response::Other;
    }
    while lexer.peek().is_some_and(|byte| byte != b')') {
        match &*lexer.atom().to_ascii_uppercase() {
            b"MESSAGES" => status.messages = lexer.number(),
            b"UNSEEN" => status.unseen = lexer.number(),
            b"UIDNEXT" => status.uidnext = lexer.number(),
            b"UIDVALIDITY" => status.uidvalidity = lexer.number(),
            b"SIZE" => status.size = lexer.number(),
            b"HIGHESTMODSEQ" => {
                status.highest_modseq = lexer.number().filter(|&modseq: &u64| modseq > 0);
            }
            _ => {
                lexer.skip();
            }
        }
    }
    Response::Status(status)
}

/// `* QUOTA "User quota" (STORAGE 10 512 MESSAGE 3 100)`, whatever the root's name is like. Of
/// several amounts the first counts.
fn storage(lexer: &mut Lexer<'_>) -> Option<Storage> {
    while lexer.peek().is_some_and(|byte| byte != b'(') {
        if !lexer.skip() {
            return None;
        }
    }
    lexer.eat(b'(');
    while lexer.peek().is_some_and(|byte| byte != b')') {
        let name = lexer.text().unwrap_or_default();
        if !name.eq_ignore_ascii_case(b"STORAGE") {
            continue;
        }
        let used = lexer.text().as_deref().and_then(amount);
        let limit = lexer.text().as_deref().and_then(amount);
        if let (Some(used), Some(limit)) = (used, limit) {
            return Some(Storage { used, limit });
        }
    }
    None
}

/// `("name" "Dovecot" "version" NIL)`; a field without a value is left out.
fn fields(lexer: &mut Lexer<'_>) -> Vec<(String, String)> {
    let words = |text: Cow<'_, [u8]>| String::from_utf8_lossy(&text).into_owned();
    lexer.eat(b'(');
    let field = |_| {
        let name = lexer.text();
        name.map(words).zip(lexer.text().map(words))
    };
    (0..MAX_FIELDS).filter_map(field).collect()
}

/// A number of any length; what is too large is as much as can be.
fn amount(digits: &[u8]) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(digits).ok().filter(|_| is_number)?;
    Some(text.parse().unwrap_or(u64::MAX))
}

/// `* NAMESPACE ((("INBOX." ".")) NIL NIL)`, of which the first pair counts.
fn namespace(lexer: &mut Lexer<'_>) -> Response {
    let mut personal: Vec<(Bytes, Option<u8>)> = Vec::new();
    if lexer.eat(b'(') {
        while lexer.eat(b'(') {
            let prefix = lexer.bytes().unwrap_or_default();
            let delimiter = lexer.text().and_then(|text| text.first().copied());
            personal.push((prefix, delimiter));
            lexer.finish_list();
        }
    }
    // Of several, new mailboxes belong where INBOX is.
    let is_inbox = |prefix: &Bytes| {
        let begins = prefix.get(..5);
        prefix.is_empty() || begins.is_some_and(|text| text.eq_ignore_ascii_case(b"INBOX"))
    };
    let place = personal.iter().position(|(prefix, _)| is_inbox(prefix));
    match personal.into_iter().nth(place.unwrap_or(0)) {
        Some((prefix, delimiter)) => Response::Namespace(prefix, delimiter),
        None => Response::Other,
    }
}

/// Words of a list of capabilities; servers with many extensions have eighty.
const MAX_WORDS: usize = 1_000;

/// The words of a list of capabilities, upper-case.
pub(crate) fn words(text: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(text)
        .split_ascii_whitespace()
        .take(MAX_WORDS)
        .map(str::to_uppercase)
        .collect()
}
