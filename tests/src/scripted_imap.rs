//! A scripted IMAP peer for what real servers will not do: it answers commands by rules, and can
//! hang, cut the line in the middle of an answer, or lie. Everything it was told is kept.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What to do about a command.
#[derive(Debug, Clone)]
pub enum Reaction {
    /// Sends these bytes; `{tag}` becomes the command's tag.
    Send(Vec<u8>),
    /// Sends nothing for so long.
    Wait(Duration),
    /// Sends these bytes so many times.
    Flood(Vec<u8>, usize),
    /// Sends these bytes only after it has reacted to the next command.
    SendLater(Vec<u8>),
    /// Closes the line.
    Cut,
    /// Never does anything again, but leaves the line open.
    Hang,
    /// Reads one more line, such as `DONE` or the answer to a challenge.
    ReadLine,
}

#[derive(Debug, Clone)]
struct Rule {
    prefix: String,
    times: Option<usize>,
    reactions: Vec<Reaction>,
}

/// What answers commands by more than rules, because it remembers. Its answers come before those of the rules.
pub trait Mind: Send + std::fmt::Debug {
    /// All that is said to this command on this connection, the tagged line included; `None` leaves it to the
    /// rules.
    fn answer(&mut self, connection: u16, tag: &str, command: &str) -> Option<Vec<u8>>;
}

/// How the peer behaves. Rules are tried in the order they were added, the built-in ones last.
#[derive(Debug, Clone)]
pub struct Script {
    greeting: Vec<Reaction>,
    rules: Vec<Rule>,
    mind: Option<Arc<Mutex<dyn Mind>>>,
}

impl Default for Script {
    fn default() -> Self {
        Self::new("IMAP4rev1 SASL-IR AUTH=PLAIN LITERAL+")
    }
}

impl Script {
    /// A peer that greets, signs anybody in, has these capabilities, and says OK to whatever else comes.
    #[must_use]
    pub fn new(capability: &str) -> Self {
        let capability_line = format!("* CAPABILITY {capability}\r\n{{tag}} OK done\r\n");
        let mut script = Self {
            greeting: vec![send(&format!("* OK [CAPABILITY {capability}] ready\r\n"))],
            rules: Vec::new(),
            mind: None,
        };
        for (prefix, answer) in [
            ("CAPABILITY", capability_line.as_str()),
            ("LOGOUT", "* BYE see you\r\n{tag} OK done\r\n"),
            ("", "{tag} OK done\r\n"),
        ] {
            script.rules.push(Rule {
                prefix: prefix.to_owned(),
                times: None,
                reactions: vec![send(answer)],
            });
        }
        script
    }

    /// Asks this before the rules.
    #[must_use]
    pub fn with_mind(mut self, mind: Arc<Mutex<dyn Mind>>) -> Self {
        self.mind = Some(mind);
        self
    }

    /// Another greeting than the usual one.
    #[must_use]
    pub fn greet(mut self, reactions: impl IntoIterator<Item = Reaction>) -> Self {
        self.greeting = reactions.into_iter().collect();
        self
    }

    /// Answers commands that begin so (in any case of letters) with this text, always.
    #[must_use]
    pub fn on(self, prefix: &str, answer: &str) -> Self {
        self.rule(prefix, None, vec![send(answer)])
    }

    /// Reacts so to commands that begin so, always.
    #[must_use]
    pub fn react(self, prefix: &str, reactions: impl IntoIterator<Item = Reaction>) -> Self {
        self.rule(prefix, None, reactions.into_iter().collect())
    }

    /// Reacts so to the next command that begins so, over all connections; then later rules hold.
    #[must_use]
    pub fn once(self, prefix: &str, reactions: impl IntoIterator<Item = Reaction>) -> Self {
        self.rule(prefix, Some(1), reactions.into_iter().collect())
    }

    /// Reacts so to commands that begin so, always, whatever rules were added before.
    #[must_use]
    pub fn first(mut self, prefix: &str, reactions: impl IntoIterator<Item = Reaction>) -> Self {
        let rule = Rule {
            prefix: prefix.to_uppercase(),
            times: None,
            reactions: reactions.into_iter().collect(),
        };
        self.rules.insert(0, rule);
        self
    }

    fn rule(mut self, prefix: &str, times: Option<usize>, reactions: Vec<Reaction>) -> Self {
        let built_in = self.rules.len() - 3;
        let rule = Rule {
            prefix: prefix.to_uppercase(),
            times,
            reactions,
        };
        self.rules.insert(built_in, rule);
        self
    }

    fn reactions_to(&mut self, connection: u16, tag: &str, command: &str) -> Vec<Reaction> {
        let thought = self.mind.as_ref().and_then(|mind| {
            let mut mind = mind.lock().expect("no panic");
            mind.answer(connection, tag, command)
        });
        if let Some(answer) = thought {
            return vec![Reaction::Send(answer)];
        }
        let command = command.to_uppercase();
        let rule = self
            .rules
            .iter_mut()
            .find(|rule| rule.times != Some(0) && command.starts_with(&rule.prefix))
            .expect("the last rule fits everything");
        if let Some(times) = &mut rule.times {
            *times -= 1;
        }
        rule.reactions.clone()
    }
}

/// Sends text; `{tag}` becomes the command's tag.
#[must_use]
pub fn send(text: &str) -> Reaction {
    Reaction::Send(text.as_bytes().to_vec())
}

/// A scripted IMAP server on a loopback port. Ends with its owner.
pub struct ScriptedImap {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    script: Mutex<Script>,
    heard: Mutex<Vec<String>>,
    connections: Mutex<Vec<JoinHandle<()>>>,
}

impl ScriptedImap {
    /// Listens on a free port.
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            heard: Mutex::default(),
            connections: Mutex::default(),
        });
        let accepting = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&accepting);
                let connection = tokio::spawn(async move {
                    let _ = converse(stream, &shared).await; // a peer that leaves is no failure
                });
                accepting
                    .connections
                    .lock()
                    .expect("no panic")
                    .push(connection);
            }
        });
        Self {
            address,
            shared,
            task,
        }
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every command line it was told so far, without tags, literals put in place.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        self.shared.heard.lock().expect("no panic").clone()
    }

    /// How many connections were made so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.lock().expect("no panic").len()
    }

    /// Behaves by another script from the next command on.
    pub fn rewrite(&self, script: Script) {
        *self.shared.script.lock().expect("no panic") = script;
    }

    /// Cuts all connections; new ones are taken.
    pub fn cut_all(&self) {
        for connection in self.shared.connections.lock().expect("no panic").iter() {
            connection.abort();
        }
    }
}

impl Drop for ScriptedImap {
    fn drop(&mut self) {
        self.task.abort();
        self.cut_all();
    }
}

async fn converse(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let connection = stream.peer_addr()?.port();
    let mut stream = BufReader::new(stream);
    let greeting = shared.script.lock().expect("no panic").greeting.clone();
    let mut later = Vec::new();
    if !act(&mut stream, greeting, "*", &mut later).await? {
        return Ok(());
    }
    while let Some(line) = read_command(&mut stream).await? {
        let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
        shared
            .heard
            .lock()
            .expect("no panic")
            .push(command.to_owned());
        let reactions = shared
            .script
            .lock()
            .expect("no panic")
            .reactions_to(connection, tag, command);
        let due = std::mem::take(&mut later);
        if !act(&mut stream, reactions, tag, &mut later).await? {
            return Ok(());
        }
        stream.write_all(&due).await?;
    }
    Ok(())
}

// False when the line is to be closed.
async fn act(
    stream: &mut BufReader<TcpStream>,
    reactions: Vec<Reaction>,
    tag: &str,
    later: &mut Vec<u8>,
) -> std::io::Result<bool> {
    for reaction in reactions {
        match reaction {
            Reaction::Send(bytes) => stream.write_all(&with_tag(&bytes, tag)).await?,
            Reaction::Flood(bytes, times) => {
                for _ in 0..times {
                    stream.write_all(&bytes).await?;
                }
            }
            Reaction::SendLater(bytes) => later.extend(with_tag(&bytes, tag)),
            Reaction::Wait(time) => tokio::time::sleep(time).await,
            Reaction::Cut => return Ok(false),
            Reaction::Hang => std::future::pending().await,
            Reaction::ReadLine => {
                stream.read_until(b'\n', &mut Vec::new()).await?;
            }
        }
    }
    Ok(true)
}

fn with_tag(bytes: &[u8], tag: &str) -> Vec<u8> {
    let mark = b"{tag}";
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(mark.len()).position(|w| w == mark) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(tag.as_bytes());
        rest = &rest[at + mark.len()..];
    }
    out.extend_from_slice(rest);
    out
}

// A command with its literals; synchronizing ones are invited.
async fn read_command(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<String>> {
    let mut command = Vec::new();
    loop {
        if stream.read_until(b'\n', &mut command).await? == 0 {
            return Ok(None);
        }
        let text = command.trim_ascii_end();
        let announced = text.strip_suffix(b"}").and_then(|text| {
            let open = text.iter().rposition(|&b| b == b'{')?;
            let inside = std::str::from_utf8(&text[open + 1..]).ok()?;
            let length: usize = inside.trim_end_matches('+').parse().ok()?;
            Some((length, inside.ends_with('+')))
        });
        let Some((length, invited)) = announced else {
            return Ok(Some(String::from_utf8_lossy(text).into_owned()));
        };
        if !invited {
            stream.write_all(b"+ go on\r\n").await?;
        }
        let start = command.len();
        command.resize(start + length, 0);
        stream.read_exact(&mut command[start..]).await?;
    }
}
