//! A web server that strangers' messages take their pictures from. It stands on an address of its own of this
//! machine, and counts who asks.

use std::sync::{Arc, Mutex};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::certificate::Certificates;

/// Where it stands: the one address that the tests' Whimbrel takes pictures from.
pub const ADDRESS: &str = "127.0.0.3";

/// A picture of one white point.
pub const GIF: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\
    \x01\x00\x00\x02\x02\x44\x01\x00\x3b";

/// A running server; it ends with this value.
pub struct Elsewhere {
    /// Such as `http://127.0.0.3:4711`, or the same with `https`.
    pub origin: String,
    asked: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl Elsewhere {
    /// Starts one. `/inside` leads to the same port of 127.0.0.1; every other path is a picture.
    pub async fn start() -> Self {
        Self::listening(None).await
    }

    /// The same over TLS, with this certificate.
    pub async fn over_tls(certificates: &Certificates) -> Self {
        Self::listening(Some(acceptor(certificates))).await
    }

    async fn listening(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((ADDRESS, 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&asked);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                match &tls {
                    None => answer(stream, port, &log).await,
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            answer(stream, port, &log).await;
                        }
                    }
                }
            }
        });
        Self {
            origin: format!("{scheme}://{ADDRESS}:{port}"),
            asked,
            serving,
        }
    }

    /// What was asked so far, each with its header.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("nobody panicked").clone()
    }
}

async fn answer(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    port: u16,
    log: &Mutex<Vec<String>>,
) {
    let mut request = Vec::new();
    let mut piece = [0; 8192];
    // A body may come after its header.
    while !is_whole(&request) {
        match stream.read(&mut piece).await {
            Ok(length) if length > 0 => request.extend_from_slice(&piece[..length]),
            _ => break,
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let is_inside = request.split(' ').nth(1) == Some("/inside");
    let answer = if is_inside {
        let to = format!("Location: http://127.0.0.1:{port}/a.gif");
        format!("HTTP/1.1 302 Found\r\n{to}\r\nContent-Length: 0\r\n\r\n").into_bytes()
    } else {
        let length = format!("Content-Length: {}", GIF.len());
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\n{length}\r\n\r\n");
        [head.as_bytes(), GIF].concat()
    };
    log.lock().expect("nobody panicked").push(request);
    let _ = stream.write_all(&answer).await;
    let _ = stream.shutdown().await;
}

/// Whether a request is there with all of its body.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.split("content-length: ").nth(1);
    let length = length.and_then(|rest| rest.lines().next()?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn acceptor(certificates: &Certificates) -> TlsAcceptor {
    let chain = CertificateDer::pem_slice_iter(certificates.chain.as_bytes());
    let chain = chain.collect::<Result<_, _>>().expect("certificates");
    let key = PrivateKeyDer::from_pem_slice(certificates.key.as_bytes()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("usual versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a usable certificate");
    TlsAcceptor::from(Arc::new(config))
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
