//! Where a provider takes letters to be sent (SMTP with AUTH, in clear). It sends them nowhere.

use std::{io, sync::Arc};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::background::Background;

/// Listens on a free port; each letter goes to `take`.
pub(super) fn start(take: impl Fn(&[u8]) + Send + Sync + 'static) -> io::Result<(u16, Background)> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let port = listener.local_addr()?.port();
    let take = Arc::new(take);
    let listening = Background::start(async move || {
        let listener = TcpListener::from_std(listener)?;
        loop {
            let (client, _) = listener.accept().await?;
            tokio::spawn(converse(client, Arc::clone(&take)));
        }
    })?;
    Ok((port, listening))
}

async fn converse(client: TcpStream, take: Arc<impl Fn(&[u8]) + Send + Sync>) -> io::Result<()> {
    let mut client = BufReader::new(client);
    client.write_all(b"220 ready\r\n").await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if client.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let verb = String::from_utf8_lossy(&line).to_uppercase();
        let answer: &[u8] = match verb.get(..4) {
            Some("EHLO") => b"250-provider\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n",
            Some("AUTH") => b"235 welcome\r\n",
            Some("QUIT") => b"221 bye\r\n",
            Some("DATA") => {
                client.write_all(b"354 go on\r\n").await?;
                take(&letter(&mut client).await?);
                b"250 taken\r\n"
            }
            _ => b"250 all right\r\n",
        };
        client.write_all(answer).await?;
    }
}

/// What comes before the line of one dot.
async fn letter(client: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut letter = Vec::new();
    loop {
        let mut line = Vec::new();
        if client.read_until(b'\n', &mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match line.as_slice() {
            b".\r\n" => return Ok(letter),
            [b'.', rest @ ..] => letter.extend_from_slice(rest),
            line => letter.extend_from_slice(line),
        }
    }
}
