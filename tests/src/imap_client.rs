//! A second, plain IMAP client: what another mail program would see and do. It shares no code with the
//! server under test, and panics with the dialogue's last line when something is not as expected.

use std::collections::{BTreeMap, BTreeSet};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// A connection to an IMAP server on a loopback port.
pub struct ImapClient {
    stream: BufReader<TcpStream>,
    tag: u32,
    names: Names,
}

/// How the server writes names of folders, which here always look like `Work/Plans`.
#[derive(Debug, Default)]
struct Names {
    /// What folders beside the inbox begin with, such as `INBOX.`
    prefix: String,
    /// What stands between levels, if not `/`.
    delimiter: Option<char>,
}

impl Names {
    fn read(answer: &Answer) -> Self {
        let line = answer.lines().find(|line| line.contains("NAMESPACE (("));
        let strings: Vec<String> = line.map_or_else(Vec::new, |line| {
            line.split('"')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect()
        });
        match &strings[..] {
            [prefix, delimiter, ..] => Self {
                prefix: prefix.clone(),
                delimiter: delimiter.chars().next().filter(|&c| c != '/'),
            },
            _ => Self::default(),
        }
    }

    fn on_the_wire(&self, folder: &str) -> String {
        if folder.eq_ignore_ascii_case("INBOX") {
            return folder.to_owned();
        }
        let folder = match self.delimiter {
            Some(delimiter) => folder.replace('/', &delimiter.to_string()),
            None => folder.to_owned(),
        };
        format!("{}{folder}", self.prefix)
    }

    fn off_the_wire(&self, folder: &str) -> String {
        let folder = folder.strip_prefix(&self.prefix).unwrap_or(folder);
        match self.delimiter {
            Some(delimiter) => folder.replace(delimiter, "/"),
            None => folder.to_owned(),
        }
    }
}

/// What SELECT told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// Messages in it.
    pub exists: u32,
    /// Its UIDVALIDITY.
    pub uidvalidity: u32,
    /// Its UIDNEXT; Courier does not tell it.
    pub uidnext: Option<u32>,
}

/// The answer to one command.
#[derive(Debug)]
pub struct Answer {
    /// The untagged responses; literals stand in them as they came, after their `{n}` and CRLF.
    pub untagged: Vec<Vec<u8>>,
    /// The tagged line without its tag, such as `OK [APPENDUID 1 2] Append completed.`
    pub tagged: String,
}

impl Answer {
    /// Panics unless the server said OK.
    #[track_caller]
    pub fn good(self) -> Self {
        assert!(
            self.tagged.starts_with("OK"),
            "the mail server said: {}",
            self.tagged
        );
        self
    }

    /// The untagged responses as text.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.untagged
            .iter()
            .map(|line| String::from_utf8_lossy(line).into_owned())
    }
}

impl ImapClient {
    /// Connects and reads the greeting.
    pub async fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port))
            .await
            .expect("the mail server answers");
        stream.set_nodelay(true).expect("a socket option");
        let mut client = Self {
            stream: BufReader::with_capacity(1 << 16, stream),
            tag: 0,
            names: Names::default(),
        };
        let greeting = client.response().await.unwrap_or_default();
        assert!(
            greeting.starts_with(b"* OK"),
            "greeting: {}",
            String::from_utf8_lossy(&greeting)
        );
        client
    }

    /// Connects, signs in and asks how folders are named.
    pub async fn signed_in(port: u16, user: &str, password: &str) -> Self {
        let mut client = Self::connect(port).await;
        let command = format!("LOGIN {} {}", quoted(user), quoted(password));
        client.command(&command).await.good();
        client.names = Names::read(&client.command("NAMESPACE").await);
        client
    }

    /// Sends one command line and reads until its tagged answer.
    pub async fn command(&mut self, command: &str) -> Answer {
        let answer = self.try_command(command).await;
        answer.unwrap_or_else(|| panic!("the mail server closed the line after {command:?}"))
    }

    /// The same; `None` if the server closes the line, as Dovecot does over messages that go while it reads them.
    pub async fn try_command(&mut self, command: &str) -> Option<Answer> {
        let tag = self.send(command.as_bytes()).await;
        self.answer(&tag).await
    }

    /// Opens a folder.
    pub async fn select(&mut self, folder: &str) -> Selected {
        let answer = self
            .command(&format!("SELECT {}", self.quoted_name(folder)))
            .await
            .good();
        let text: String = answer.lines().collect();
        let exists = answer.lines().find_map(|line| {
            line.strip_suffix(" EXISTS")?
                .strip_prefix("* ")?
                .parse()
                .ok()
        });
        Selected {
            exists: exists.expect("SELECT tells EXISTS"),
            uidvalidity: number_after(&text, "UIDVALIDITY ").expect("SELECT tells UIDVALIDITY"),
            uidnext: number_after(&text, "UIDNEXT "),
        }
    }

    /// The flags of every message of the open folder, by UID.
    pub async fn flags(&mut self) -> BTreeMap<u32, BTreeSet<String>> {
        let answer = self.command("UID FETCH 1:* (FLAGS)").await.good();
        answer
            .lines()
            .filter_map(|line| {
                let uid = number_after(&line, "UID ")?;
                let flags = line.split_once("FLAGS (")?.1.split_once(')')?.0;
                let flags = flags.split_whitespace().filter(|f| *f != "\\Recent");
                Some((uid, flags.map(str::to_owned).collect()))
            })
            .collect()
    }

    /// The UIDs of the open folder, ascending.
    pub async fn uids(&mut self) -> Vec<u32> {
        self.search("ALL").await
    }

    /// The UIDs that match an IMAP search key, ascending.
    pub async fn search(&mut self, key: &str) -> Vec<u32> {
        let answer = self.command(&format!("UID SEARCH {key}")).await.good();
        let mut uids: Vec<u32> = answer
            .lines()
            .filter_map(|line| line.strip_prefix("* SEARCH").map(str::to_owned))
            .flat_map(|line| {
                line.split_whitespace()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .map(|uid| uid.parse().expect("a UID"))
            .collect();
        uids.sort_unstable();
        uids
    }

    /// A whole message, without marking it read.
    pub async fn message(&mut self, uid: u32) -> Vec<u8> {
        let answer = self
            .command(&format!("UID FETCH {uid} BODY.PEEK[]"))
            .await
            .good();
        answer
            .untagged
            .iter()
            .find_map(|response| literal(response))
            .expect("the message is there")
    }

    /// STORE, such as `+FLAGS (\Flagged)`.
    pub async fn store(&mut self, uids: &str, what: &str) {
        self.command(&format!("UID STORE {uids} {what}"))
            .await
            .good();
    }

    /// Puts a message into a folder; flags such as `\Seen \Flagged`.
    pub async fn append(&mut self, folder: &str, flags: &str, message: &[u8]) -> Answer {
        let name = self.quoted_name(folder);
        let head = format!("APPEND {name} ({flags}) {{{}}}", message.len());
        let tag = self.send(head.as_bytes()).await;
        let go_ahead = self.response().await.expect("the line is up");
        if !go_ahead.starts_with(b"+") {
            let tagged = String::from_utf8_lossy(&go_ahead).trim_end().to_owned();
            return Answer {
                untagged: Vec::new(),
                tagged: tagged.trim_start_matches(&format!("{tag} ")).to_owned(),
            };
        }
        self.stream
            .write_all(message)
            .await
            .expect("the line is up");
        self.stream
            .write_all(b"\r\n")
            .await
            .expect("the line is up");
        self.answer(&tag).await.expect("the line is up")
    }

    /// Moves messages to another folder.
    pub async fn move_to(&mut self, uids: &str, folder: &str) {
        self.command(&format!("UID MOVE {uids} {}", self.quoted_name(folder)))
            .await
            .good();
    }

    /// Marks messages deleted and expunges exactly these.
    pub async fn expunge(&mut self, uids: &str) {
        self.store(uids, "+FLAGS.SILENT (\\Deleted)").await;
        self.command(&format!("UID EXPUNGE {uids}")).await.good();
    }

    /// Makes a folder (its name in modified UTF-7) and subscribes it.
    pub async fn create(&mut self, folder: &str) {
        self.command(&format!("CREATE {}", self.quoted_name(folder)))
            .await
            .good();
        self.command(&format!("SUBSCRIBE {}", self.quoted_name(folder)))
            .await
            .good();
    }

    /// Gives a folder another name.
    pub async fn rename(&mut self, from: &str, to: &str) {
        let (from, to) = (self.quoted_name(from), self.quoted_name(to));
        self.command(&format!("RENAME {from} {to}")).await.good();
    }

    /// Deletes a folder.
    pub async fn delete(&mut self, folder: &str) {
        self.command(&format!("DELETE {}", self.quoted_name(folder)))
            .await
            .good();
    }

    /// The names of all folders, in modified UTF-7, sorted.
    pub async fn folders(&mut self) -> Vec<String> {
        let answer = self.command("LIST \"\" *").await.good();
        let mut names: Vec<String> = answer
            .lines()
            .filter_map(|line| Some(self.names.off_the_wire(&list_name(&line)?)))
            .collect();
        names.sort();
        names
    }

    /// Lets the server tell what changed, and gives its untagged lines.
    pub async fn noop(&mut self) -> Vec<String> {
        self.command("NOOP").await.good().lines().collect()
    }

    /// Signs out.
    pub async fn logout(mut self) {
        self.command("LOGOUT").await;
    }

    fn quoted_name(&self, folder: &str) -> String {
        quoted(&self.names.on_the_wire(folder))
    }

    async fn send(&mut self, command: &[u8]) -> String {
        self.tag += 1;
        let tag = format!("t{}", self.tag);
        let mut line = format!("{tag} ").into_bytes();
        line.extend_from_slice(command);
        line.extend_from_slice(b"\r\n");
        self.stream.write_all(&line).await.expect("the line is up");
        tag
    }

    async fn answer(&mut self, tag: &str) -> Option<Answer> {
        let mut untagged = Vec::new();
        loop {
            let response = self.response().await?;
            let text = String::from_utf8_lossy(&response);
            if let Some(rest) = text.strip_prefix(&format!("{tag} ")) {
                return Some(Answer {
                    untagged,
                    tagged: rest.to_owned(),
                });
            }
            untagged.push(response);
        }
    }

    // One response with its literals, without the last CRLF; `None` at the end of the stream.
    async fn response(&mut self) -> Option<Vec<u8>> {
        let mut response = Vec::new();
        loop {
            if self.stream.read_until(b'\n', &mut response).await.ok()? == 0 {
                return None;
            }
            let Some(length) = announced_literal(&response) else {
                response.truncate(response.trim_ascii_end().len());
                return Some(response);
            };
            let start = response.len();
            response.resize(start + length, 0);
            let literal = response.get_mut(start..)?;
            self.stream.read_exact(literal).await.ok()?;
        }
    }
}

/// `text` as an IMAP quoted string.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

// `… {12}\r\n` at the end of what was read announces 12 bytes.
fn announced_literal(response: &[u8]) -> Option<usize> {
    let line = response.strip_suffix(b"}\r\n")?;
    let open = line.iter().rposition(|&b| b == b'{')?;
    std::str::from_utf8(&line[open + 1..]).ok()?.parse().ok()
}

fn literal(response: &[u8]) -> Option<Vec<u8>> {
    let close = response.windows(3).position(|w| w == b"}\r\n")?;
    let length = announced_literal(&response[..close + 3])?;
    Some(response[close + 3..close + 3 + length].to_vec())
}

fn number_after(text: &str, word: &str) -> Option<u32> {
    let rest = text.split_once(word)?.1;
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    rest[..end].parse().ok()
}

// `* LIST (\HasNoChildren) "/" "A \"b\""` and the form with a literal.
fn list_name(line: &str) -> Option<String> {
    let rest = line.strip_prefix("* LIST (")?.split_once(") ")?.1;
    let name = rest.strip_prefix("NIL ").or_else(|| rest.get(4..))?;
    if let Some((_, literal)) = name.split_once("}\r\n") {
        return Some(literal.to_owned());
    }
    match name.strip_prefix('"').and_then(|n| n.strip_suffix('"')) {
        Some(inner) => Some(inner.replace("\\\"", "\"").replace("\\\\", "\\")),
        None => Some(name.to_owned()),
    }
}
