//! Delivery from outside: puts a letter into an inbox over LMTP (RFC 2033), as a mail server would.

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::child::WorldError;

/// Delivers `message` to `recipient` at the LMTP server on this loopback port. Line ends are made CRLF.
pub async fn deliver(
    port: u16,
    from: &str,
    recipient: &str,
    message: &[u8],
) -> Result<(), WorldError> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    expect(&mut stream, "220").await?;
    for (line, code) in [
        ("LHLO tests.whimbrel.example".to_owned(), "250"),
        (format!("MAIL FROM:<{from}>"), "250"),
        (format!("RCPT TO:<{recipient}>"), "250"),
        ("DATA".to_owned(), "354"),
    ] {
        stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        expect(&mut stream, code).await?;
    }
    stream.write_all(&dot_stuffed(message)).await?;
    expect(&mut stream, "250").await?;
    stream.write_all(b"QUIT\r\n").await?;
    Ok(())
}

async fn expect(stream: &mut BufReader<TcpStream>, code: &str) -> Result<(), WorldError> {
    loop {
        let mut line = Vec::new();
        stream.read_until(b'\n', &mut line).await?;
        let line = String::from_utf8_lossy(&line).into_owned();
        if !line.starts_with(code) {
            return Err(WorldError::new(format!(
                "LMTP: waited for {code}, got {line:?}"
            )));
        }
        if line.get(3..4).is_none_or(|c| c != "-") {
            return Ok(());
        }
    }
}

fn dot_stuffed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 64);
    for line in message.split_inclusive(|&b| b == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(text);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}
