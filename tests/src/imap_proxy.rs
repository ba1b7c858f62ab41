//! A proxy between Whimbrel and a real IMAP server, on loopback and in clear. It takes extensions away as if
//! the server had never heard of them. Passes on everything else byte for byte.

use std::{io, sync::Arc};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Mutex, oneshot},
};

pub mod hiding;

use hiding::Extension;

/// Bytes passed on at a time.
const PIECE: usize = 64 * 1024;

/// A proxy; ends with its owner. It has a thread of its own, so that it outlives the test that started it.
pub struct ImapProxy {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    _stop: oneshot::Sender<()>,
}

impl ImapProxy {
    /// A proxy before the IMAP server on this loopback port.
    pub fn hiding(server: u16, hidden: &[Extension]) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let hidden: Arc<[Extension]> = hidden.into();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => Ok(()),
                    ended = listen(listener, server, hidden) => ended,
                }
            })
        });
        Ok(Self { port, _stop: stop })
    }
}

async fn listen(
    listener: std::net::TcpListener,
    server: u16,
    hidden: Arc<[Extension]>,
) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (client, _) = listener.accept().await?;
        tokio::spawn(pass(client, server, Arc::clone(&hidden)));
    }
}

/// One connection, until either side ends it.
async fn pass(client: TcpStream, server: u16, hidden: Arc<[Extension]>) -> io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", server)).await?;
    for line in [&client, &server] {
        line.set_nodelay(true)?;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let to_client = Mutex::new(to_client);
    tokio::select! {
        ended = commands(from_client, to_server, &to_client, &hidden) => ended,
        ended = responses(from_server, &to_client, &hidden) => ended,
    }
}

async fn commands(
    client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    answers: &Mutex<OwnedWriteHalf>,
    hidden: &[Extension],
) -> io::Result<()> {
    let mut client = BufReader::with_capacity(PIECE, client);
    loop {
        let mut line = read_line(&mut client).await?;
        let refusal = hiding::refusal(&line, hidden);
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
            let to = refusal.is_none().then_some(&mut server);
            copy(&mut client, to, literal.length).await?;
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
    hidden: &[Extension],
) -> io::Result<()> {
    let mut server = BufReader::with_capacity(PIECE, server);
    loop {
        let mut line = read_line(&mut server).await?;
        // A response goes out whole, so that no refusal gets into the middle of it.
        let mut client = client.lock().await;
        loop {
            let shown = hiding::without(&line, hidden);
            client.write_all(&shown).await?;
            let Some(literal) = hiding::literal_at_end(&line) else {
                break;
            };
            copy(&mut server, Some(&mut *client), literal.length).await?;
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

/// Passes on so many bytes, or drops them.
async fn copy(
    from: &mut BufReader<OwnedReadHalf>,
    mut to: Option<&mut OwnedWriteHalf>,
    mut left: usize,
) -> io::Result<()> {
    let mut piece = vec![0; PIECE.min(left)];
    while left > 0 {
        let room = piece.len().min(left);
        let read = from.read(&mut piece[..room]).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(to) = &mut to {
            to.write_all(&piece[..read]).await?;
        }
        left -= read;
    }
    Ok(())
}
