//! How long the list of a folder of 100,000 takes over HTTP, as a ratio to the same FETCH sent by hand
//! on a kept-open connection. Whimbrel runs in a process of its own; every request reaches the mail server.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "prints what it measures, and stops where that cannot be"
)]

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName, pem::PemObject as _},
    },
};
use whimbrel_server::{config::Config, serve, state};
use whimbrel_shared::{MailboxList, Role, path};
use whimbrel_tests::{
    app,
    child::{self, Supervised},
    http::HttpConnection,
    letters::{Plan, Spread},
    world::{ADA, PASSWORD, World},
};

const MESSAGES: u32 = 100_000;
const WINDOW: u32 = 50;
/// The list API may take so many times what the bare FETCH takes.
const BUDGET: f64 = 1.5;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, config] = arguments.as_slice()
        && word == "serve"
    {
        return serve_here(config).await;
    }
    let world = World::start().await.expect("a mail world");
    println!("Writing {MESSAGES} letters ...");
    let plan = Plan {
        seed: 1,
        count: MESSAGES,
        owner: "ada".to_owned(),
        until: 1_795_000_000,
        days: 2000,
        spread: Spread::Inbox,
    };
    world.fill(plan).expect("room for letters");
    let [port] = child::free_ports().expect("a free port");
    let origin = format!("http://localhost:{port}");
    let _server = start_server(&world, &origin, port).await;
    measure(&world, &origin).await;
}

async fn measure(world: &World, origin: &str) {
    let mut http = HttpConnection::open(origin).await;
    http.sign_in(ADA, PASSWORD).await;
    let list: MailboxList =
        serde_json::from_slice(&http.get(path::MAILBOXES).await.body).expect("the list of folders");
    let is_inbox = |mailbox: &&whimbrel_shared::Mailbox| mailbox.role == Some(Role::Inbox);
    let inbox = &list.mailboxes.iter().find(is_inbox).expect("an inbox").id;
    let url = path::mailbox(inbox, WINDOW);
    let mut floor = Floor::open(world).await;
    let cold = Instant::now();
    assert_eq!(http.get(&url).await.status, 200);
    println!(
        "first list, nothing cached by the mail server yet: {:?}",
        cold.elapsed()
    );

    let rounds: usize = std::env::var("WHIMBREL_ROUNDS").map_or(1, |n| n.parse().unwrap_or(1));
    let (mut ours, mut bare, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..300 * rounds {
        let start = Instant::now();
        let answer = http.get(&url).await;
        let middle = Instant::now();
        floor.list().await;
        assert_eq!(answer.status, 200);
        if round >= 20 {
            ours.push(middle - start);
            bare.push(middle.elapsed());
            let start = Instant::now();
            http.get(path::SESSION).await;
            alone.push(start.elapsed());
        }
    }
    let (ours, bare, alone) = (median(ours), median(bare), median(alone));
    println!("a request that asks the mail server nothing: {alone:?}");
    let ratio = ours.as_secs_f64() / bare.as_secs_f64();
    println!("list API {ours:?}, same FETCH by hand {bare:?}: {ratio:.2} times ({BUDGET} at most)");
    assert!(ratio <= BUDGET, "over the budget");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The floor: a connection as Whimbrel's own, over TLS; bytes are counted through, not understood.
struct Floor {
    stream: TlsStream<TcpStream>,
    buffer: Vec<u8>,
}

impl Floor {
    async fn open(world: &World) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", world.dovecot.ports.imaps))
            .await
            .expect("Dovecot listens");
        stream.set_nodelay(true).expect("a socket option");
        let stream = protected(stream, &world.certificates.authority).await;
        let mut floor = Self {
            stream,
            buffer: vec![0; 1 << 18],
        };
        floor
            .say(&format!(
                "a LOGIN \"{ADA}\" \"{PASSWORD}\"\r\nz SELECT INBOX\r\n"
            ))
            .await;
        floor
    }

    async fn list(&mut self) {
        let first = MESSAGES - WINDOW + 1;
        self.say(&format!(
            "z UID FETCH {first}:{MESSAGES} (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE PREVIEW \
             BODY.PEEK[HEADER.FIELDS (DATE FROM TO SUBJECT CONTENT-TYPE)]<0.16384>)\r\n"
        ))
        .await;
    }

    // Until the line tagged `z`, which comes last in what is read.
    async fn say(&mut self, commands: &str) {
        self.stream
            .write_all(commands.as_bytes())
            .await
            .expect("the line is up");
        let mut end = 0;
        loop {
            let room = &mut self.buffer[end..];
            end += self.stream.read(room).await.expect("the line is up");
            let last_line = self.buffer[..end]
                .trim_ascii_end()
                .rsplit(|&b| b == b'\n')
                .next();
            let is_whole = self.buffer[..end].ends_with(b"\r\n");
            if is_whole && last_line.is_some_and(|line| line.starts_with(b"z OK")) {
                return;
            }
        }
    }
}

async fn protected(stream: TcpStream, authority: &str) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(authority.as_bytes()).expect("a certificate");
    roots.add(authority).expect("an authority");
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
    connecting.await.expect("Dovecot speaks TLS")
}

// Another process of this very program.
async fn start_server(world: &World, origin: &str, port: u16) -> Supervised {
    let dir = child::new_dir("bench").expect("a folder");
    let config = dir.join("whimbrel.toml");
    let text = app::configuration(world, origin, &dir).expect("a folder")
        + &format!("listen = \"127.0.0.1:{port}\"\n");
    std::fs::write(&config, text).expect("a file");
    let me = std::env::current_exe().expect("this program");
    let arguments = ["serve", &config.to_string_lossy()];
    let server = Supervised::start(&dir, &me.to_string_lossy(), &arguments).expect("a process");
    server.ready(&[(port, "")]).await.expect("Whimbrel listens");
    server
}

async fn serve_here(config: &str) {
    let config = Config::load(Some(Path::new(config))).expect("a configuration");
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .expect("a port");
    let app = state::start(config).await.expect("Whimbrel starts");
    let _ = serve::serve(app, listener, std::future::pending()).await; // until it is ended
}
