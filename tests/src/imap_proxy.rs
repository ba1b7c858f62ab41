//! A proxy between Whimbrel and a real IMAP server, on loopback and in clear. It takes extensions away as if
//! the server had never heard of them, and breaks the line when told to. Passes on everything else byte for byte.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::Mutex,
};

pub mod faults;
pub mod hiding;

use faults::{Fault, Faults, Weather};
use hiding::Extension;

use crate::background::Background;

/// Bytes passed on at a time.
const PIECE: usize = 64 * 1024;

/// A proxy; ends with its owner. It has a thread of its own, so that it outlives the test that started it.
pub struct ImapProxy {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    rules: Arc<Rules>,
    _listening: Background,
}

struct Rules {
    server: u16,
    hidden: Vec<Extension>,
    faults: Faults,
    heard: std::sync::Mutex<VecDeque<String>>,
}

/// Command lines that are kept, and what is kept of each.
const HEARD: usize = 20_000;
const HEARD_BYTES: usize = 400;

impl Rules {
    fn hear(&self, line: &[u8]) {
        let line = &line[..line.len().min(HEARD_BYTES)];
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() == HEARD {
            heard.pop_front();
        }
        heard.push_back(String::from_utf8_lossy(line).trim_end().to_owned());
    }
}

impl ImapProxy {
    /// A proxy before the IMAP server on this loopback port, which lacks nothing and breaks nothing yet.
    pub fn before(server: u16) -> io::Result<Self> {
        Self::hiding(server, &[])
    }

    /// A proxy that takes these extensions away.
    pub fn hiding(server: u16, hidden: &[Extension]) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let rules = Arc::new(Rules {
            server,
            hidden: hidden.to_vec(),
            faults: Faults::default(),
            heard: std::sync::Mutex::default(),
        });
        let held = Arc::clone(&rules);
        let listening = Background::start(|| listen(listener, held))?;
        Ok(Self {
            port,
            rules,
            _listening: listening,
        })
    }

    /// The lines of the last commands that came through, from any connection, with their tags.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        let heard = self.rules.heard.lock();
        heard
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    /// This happens once, as soon as there is occasion.
    pub fn fault(&self, fault: Fault) {
        self.rules.faults.add(fault);
    }

    /// The line is so from now on.
    pub fn weather(&self, weather: Weather) {
        self.rules.faults.turn(weather);
    }

    /// Cuts all connections now.
    pub fn cut_all(&self) {
        self.rules.faults.cut_all();
    }

    /// No faults any more, neither those that hold nor those that still waited for their occasion.
    pub fn calm(&self) {
        self.rules.faults.forget();
        self.rules.faults.turn(Weather::default());
    }
}

async fn listen(listener: std::net::TcpListener, rules: Arc<Rules>) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (client, _) = listener.accept().await?;
        if !rules.faults.weather().refuses {
            tokio::spawn(pass(client, Arc::clone(&rules)));
        }
    }
}

/// One connection, until either side ends it or it is cut.
async fn pass(client: TcpStream, rules: Arc<Rules>) -> io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", rules.server)).await?;
    for line in [&client, &server] {
        line.set_nodelay(true)?;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let to_client = Mutex::new(to_client);
    tokio::select! {
        ended = commands(from_client, to_server, &to_client, &rules) => ended,
        ended = responses(from_server, &to_client, &rules) => ended,
        () = rules.faults.cut() => Ok(()),
    }
}

async fn commands(
    client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    answers: &Mutex<OwnedWriteHalf>,
    rules: &Rules,
) -> io::Result<()> {
    let hidden = &rules.hidden;
    let mut client = BufReader::with_capacity(PIECE, client);
    loop {
        let mut line = read_line(&mut client).await?;
        let refusal = hiding::refusal(&line, hidden);
        rules.hear(&line);
        loop {
            if refusal.is_none() {
                server.write_all(&line).await?;
            }
            let Some(literal) = hiding::literal_at_end(&line) else {
                break;
            };
            if refusal.is_some() && !literal.is_unasked {
                break; // it is not sent before it is asked for
            }
            let mut left = literal.length;
            while left > 0 {
                let piece = read_some(&mut client, left).await?;
                left -= piece.len();
                if refusal.is_none() {
                    server.write_all(&piece).await?;
                }
            }
            line = read_line(&mut client).await?;
        }
        if let Some(refusal) = refusal {
            answers.lock().await.write_all(refusal.as_bytes()).await?;
        }
    }
}

async fn responses(
    server: OwnedReadHalf,
    client: &Mutex<OwnedWriteHalf>,
    rules: &Rules,
) -> io::Result<()> {
    let faults = &rules.faults;
    let mut server = BufReader::with_capacity(PIECE, server);
    loop {
        let mut line = read_line(&mut server).await?;
        // A response goes out whole, so that no refusal gets into the middle of it.
        let mut client = client.lock().await;
        faults.send(&mut client, &faults.words()).await?;
        loop {
            let shown = hiding::without(&line, &rules.hidden);
            faults.send(&mut client, &shown).await?;
            let Some(literal) = hiding::literal_at_end(&line) else {
                break;
            };
            let (sent, is_cut) = faults.literal(literal.length);
            let mut passed = 0;
            while passed < literal.length {
                let piece = read_some(&mut server, literal.length - passed).await?;
                let shown = sent.saturating_sub(passed).min(piece.len());
                faults.send(&mut client, &piece[..shown]).await?;
                passed += piece.len();
                if is_cut && passed >= sent {
                    return Err(io::ErrorKind::ConnectionReset.into());
                }
            }
            line = read_line(&mut server).await?;
        }
    }
}

/// A line with its end; an error at the end of the stream.
async fn read_line(from: &mut BufReader<OwnedReadHalf>) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line).await?;
    if line.ends_with(b"\n") {
        Ok(line)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// What has come of the next `at_most` bytes; an error at the end of the stream.
async fn read_some(from: &mut BufReader<OwnedReadHalf>, at_most: usize) -> io::Result<Vec<u8>> {
    let mut piece = vec![0; PIECE.min(at_most)];
    let read = from.read(&mut piece).await?;
    if read == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    piece.truncate(read);
    Ok(piece)
}
