//! A fork before two IMAP servers, on loopback and in clear: some people's connections go to one, everybody
//! else's to the other. So one account can meet a hostile server while its neighbours, at the same Whimbrel,
//! have a good one. Decides by the name in the sign-in; passes on everything after it byte for byte.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

const GREETING: &[u8] = b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN LITERAL+] which way?\r\n";

/// A fork; ends with its owner. It has a thread of its own, so that no busy test makes it slow.
pub struct ImapFork {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    ways: Arc<Ways>,
    _stop: oneshot::Sender<()>,
}

struct Ways {
    people: Vec<String>,
    theirs: u16,
    others: u16,
    sign_ins: Mutex<Vec<(String, Instant)>>,
}

impl ImapFork {
    /// `people` get to the server on the port `theirs`, everybody else to that on `others`.
    pub fn new(people: &[&str], theirs: u16, others: u16) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let ways = Arc::new(Ways {
            people: people.iter().map(|name| (*name).to_owned()).collect(),
            theirs,
            others,
            sign_ins: Mutex::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let held = Arc::clone(&ways);
        std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => Ok(()),
                    ended = listen(listener, held) => ended,
                }
            })
        });
        Ok(Self {
            port,
            ways,
            _stop: stop,
        })
    }

    /// Who signed in when, in order, whatever the server said to it.
    #[must_use]
    pub fn sign_ins(&self) -> Vec<(String, Instant)> {
        let sign_ins = self.ways.sign_ins.lock();
        sign_ins.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Ways {
    fn note(&self, name: String) {
        let mut sign_ins = self.sign_ins.lock().unwrap_or_else(PoisonError::into_inner);
        sign_ins.push((name, Instant::now()));
    }
}

async fn listen(listener: std::net::TcpListener, ways: Arc<Ways>) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (client, _) = listener.accept().await?;
        tokio::spawn(pass(client, Arc::clone(&ways)));
    }
}

async fn pass(client: TcpStream, ways: Arc<Ways>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut client = BufReader::new(client);
    client.write_all(GREETING).await?;
    let (name, sign_in) = loop {
        let mut line = String::new();
        if client.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        if let Some(name) = name_in(&line) {
            break (name, line);
        }
        let tag = line.split(' ').next().unwrap_or("*");
        let answer = format!("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n{tag} OK done\r\n");
        client.write_all(answer.as_bytes()).await?;
    };
    let port = if ways.people.contains(&name) {
        ways.theirs
    } else {
        ways.others
    };
    ways.note(name);
    let server = TcpStream::connect(("127.0.0.1", port)).await?;
    server.set_nodelay(true)?;
    let mut server = BufReader::new(server);
    server.read_line(&mut String::new()).await?; // its greeting: ours has been heard already
    server.write_all(sign_in.as_bytes()).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// The name in `t AUTHENTICATE PLAIN …` with an initial response.
fn name_in(line: &str) -> Option<String> {
    let mut words = line.split_whitespace().skip(1);
    if !words.next()?.eq_ignore_ascii_case("AUTHENTICATE") {
        return None;
    }
    let plain = STANDARD.decode(words.nth(1)?).ok()?;
    let name = plain.split(|&byte| byte == 0).nth(1)?;
    Some(String::from_utf8_lossy(name).into_owned())
}
