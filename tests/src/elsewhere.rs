//! A web server that strangers' messages take their pictures from. It stands on an address of its own of this
//! machine, and counts who asks.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

/// Where it stands: the one address that the tests' Whimbrel takes pictures from.
pub const ADDRESS: &str = "127.0.0.3";

/// A picture of one white point.
pub const GIF: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\
    \x01\x00\x00\x02\x02\x44\x01\x00\x3b";

/// A running server; it ends with this value.
pub struct Elsewhere {
    /// Such as `http://127.0.0.3:4711`.
    pub origin: String,
    asked: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl Elsewhere {
    /// Starts one. `/inside` leads to the same port of 127.0.0.1; every other path is a picture.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((ADDRESS, 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&asked);
        let serving = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 8192];
                let length = stream.read(&mut request).await.unwrap_or(0);
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let answer = if request.starts_with("GET /inside ") {
                    let to = format!("Location: http://127.0.0.1:{port}/a.gif");
                    format!("HTTP/1.1 302 Found\r\n{to}\r\nContent-Length: 0\r\n\r\n").into_bytes()
                } else {
                    let length = format!("Content-Length: {}", GIF.len());
                    let head =
                        format!("HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\n{length}\r\n\r\n");
                    [head.as_bytes(), GIF].concat()
                };
                log.lock().expect("nobody panicked").push(request);
                let _ = stream.write_all(&answer).await;
            }
        });
        Self {
            origin: format!("http://{ADDRESS}:{port}"),
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

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
