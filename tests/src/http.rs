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

/// What a browser keeps when it closes its connection.
pub struct Visitor {
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

/// How the end of a body is told.
enum Form {
    Long(usize),
    Chunked,
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

    /// Closes the connection.
    #[must_use]
    pub fn leave(self) -> Visitor {
        Visitor {
            origin: self.origin,
            cookies: self.cookies,
        }
    }

    /// Connects anew for somebody who has been here.
    pub async fn again(visitor: &Visitor) -> Self {
        Self {
            cookies: visitor.cookies.clone(),
            ..Self::open(&visitor.origin).await
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

    /// `POST` of JSON to the account of this id, as the app sends it.
    pub async fn post(&mut self, url: &str, json: &str, account_id: &str) -> HttpAnswer {
        self.post_body(account_id, url, "application/json", json)
            .await
    }

    /// `POST` as the app does for this account.
    pub async fn post_body(
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

    /// Another connection of the same browser.
    pub async fn another(&self) -> Self {
        let mut another = Self::open(&self.origin).await;
        another.cookies = self.cookies.clone();
        another
    }

    /// Asks for a stream and reads on until `until`; gives the status and how many bytes came.
    pub async fn listen(mut self, url: &str, until: tokio::time::Instant) -> (u16, usize) {
        let head = "accept: text/event-stream\r\n";
        self.ask("GET", url, head, "").await;
        let status = status_of(&self.line().await);
        let mut bytes = 0;
        let mut piece = vec![0; 1 << 14];
        while let Ok(Ok(read)) = tokio::time::timeout_at(until, self.stream.read(&mut piece)).await
            && read > 0
        {
            bytes += read;
        }
        (status, bytes)
    }

    /// `GET` of something large: its status and how long it is.
    pub async fn get_unread(&mut self, url: &str) -> (u16, u64) {
        self.ask("GET", url, "", "").await;
        let (status, form) = self.head().await;
        let mut length = 0;
        match form {
            Form::Long(whole) => length = self.pass_over(whole).await,
            Form::Chunked => loop {
                let size = self.chunk_size().await;
                length += self.pass_over(size).await;
                self.line().await;
                if size == 0 {
                    break;
                }
            },
        }
        (status, length)
    }

    async fn request(&mut self, method: &str, url: &str, head: &str, body: &str) -> HttpAnswer {
        self.ask(method, url, head, body).await;
        let (status, form) = self.head().await;
        let body = match form {
            Form::Long(length) => self.bytes(length).await,
            Form::Chunked => self.chunks().await,
        };
        HttpAnswer { status, body }
    }

    async fn ask(&mut self, method: &str, url: &str, head: &str, body: &str) {
        let host = self.origin.trim_start_matches("http://");
        let cookie = self.cookies.header().unwrap_or_default();
        let request = format!(
            "{method} {url} HTTP/1.1\r\nhost: {host}\r\nsec-fetch-site: same-origin\r\ncookie: {cookie}\r\n{head}\r\n{body}"
        );
        let sent = self.stream.write_all(request.as_bytes()).await;
        sent.expect("the connection is open");
    }

    async fn head(&mut self) -> (u16, Form) {
        let status = status_of(&self.line().await);
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
        let form = match length {
            None if is_chunked => Form::Chunked,
            length => Form::Long(length.unwrap_or(0)),
        };
        (status, form)
    }

    async fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let size = self.chunk_size().await;
            body.extend(self.bytes(size).await);
            self.line().await;
            if size == 0 {
                return body;
            }
        }
    }

    async fn chunk_size(&mut self) -> usize {
        usize::from_str_radix(&self.line().await, 16).expect("a chunk size")
    }

    async fn pass_over(&mut self, length: usize) -> u64 {
        let mut bytes = (&mut self.stream).take(length as u64);
        let passed = tokio::io::copy(&mut bytes, &mut tokio::io::sink()).await;
        passed.expect("the whole body")
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

fn status_of(line: &str) -> u16 {
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
    status.expect("a status")
}
