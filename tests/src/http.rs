//! A bare HTTP/1.1 client on one kept-open connection, for measuring: no pool, no redirects, no parsing beyond need.

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use whimbrel_shared::path;

use crate::client::{cookies::Cookies, form_encoded, hidden_fields};

/// A connection to a Whimbrel that listens at `http://localhost:PORT`.
pub struct HttpConnection {
    stream: BufReader<TcpStream>,
    origin: String,
    cookies: Cookies,
}

/// An answer.
pub struct HttpAnswer {
    /// The status, such as 200.
    pub status: u16,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl HttpConnection {
    /// Connects to `origin`.
    pub async fn open(origin: &str) -> Self {
        let host = origin.trim_start_matches("http://").to_owned();
        let port = host.rsplit(':').next().expect("a port");
        let address = format!("127.0.0.1:{port}");
        let stream = TcpStream::connect(address).await.expect("Whimbrel listens");
        stream.set_nodelay(true).expect("a socket option");
        Self {
            stream: BufReader::with_capacity(1 << 16, stream),
            origin: origin.to_owned(),
            cookies: Cookies::default(),
        }
    }

    /// Signs in by the form.
    pub async fn sign_in(&mut self, address: &str, password: &str) {
        let page = self.get(path::SIGN_IN).await;
        let mut fields = hidden_fields(&String::from_utf8_lossy(&page.body));
        fields.push(("address".to_owned(), address.to_owned()));
        fields.push(("password".to_owned(), password.to_owned()));
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", form_encoded(name), form_encoded(value)))
            .collect();
        let body = body.join("&");
        let head = format!(
            "origin: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n",
            self.origin,
            body.len()
        );
        let answer = self.request("POST", path::SIGN_IN, &head, &body).await;
        assert_eq!(
            answer.status,
            303,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
    }

    /// `GET`.
    pub async fn get(&mut self, url: &str) -> HttpAnswer {
        self.request("GET", url, "", "").await
    }

    /// `POST` as the app does for this account.
    pub async fn post(
        &mut self,
        account: &str,
        url: &str,
        content_type: &str,
        body: &str,
    ) -> HttpAnswer {
        let head = format!(
            "origin: {}\r\n{}: 1\r\n{}: {account}\r\ncontent-type: {content_type}\r\n\
             content-length: {}\r\n",
            self.origin,
            path::CSRF_HEADER,
            path::ACCOUNT_HEADER,
            body.len()
        );
        self.request("POST", url, &head, body).await
    }

    async fn request(&mut self, method: &str, url: &str, head: &str, body: &str) -> HttpAnswer {
        let host = self.origin.trim_start_matches("http://");
        let cookie = self.cookies.header().unwrap_or_default();
        let request = format!(
            "{method} {url} HTTP/1.1\r\nhost: {host}\r\nsec-fetch-site: same-origin\r\ncookie: {cookie}\r\n{head}\r\n{body}"
        );
        let sent = self.stream.write_all(request.as_bytes()).await;
        sent.expect("the connection is open");
        self.answer().await
    }

    async fn answer(&mut self) -> HttpAnswer {
        let status = self.line().await;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut headers = http::HeaderMap::new();
        loop {
            let line = self.line().await;
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            let name = http::HeaderName::from_bytes(name.as_bytes()).expect("a header");
            headers.append(name, value.parse().expect("a header value"));
        }
        self.cookies.take(&headers);
        let length = headers.get(http::header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        let is_chunked = headers.contains_key(http::header::TRANSFER_ENCODING);
        let body = match length {
            Some(length) => self.bytes(length).await,
            None if is_chunked => self.chunks().await,
            None => Vec::new(),
        };
        HttpAnswer {
            status: status.expect("a status"),
            body,
        }
    }

    async fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let size = usize::from_str_radix(&self.line().await, 16).expect("a chunk size");
            body.extend(self.bytes(size).await);
            self.line().await;
            if size == 0 {
                return body;
            }
        }
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).await;
        assert!(
            read.expect("an answer") > 0,
            "the server closed the connection"
        );
        line.trim_end().to_owned()
    }

    async fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        let read = self.stream.read_exact(&mut bytes).await;
        read.expect("the whole body");
        bytes
    }
}
