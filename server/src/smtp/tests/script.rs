//! A server that does as told and writes down what it hears.

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::config::{MailServer, Security};

/// What the server does when the letter has ended.
#[derive(Clone, Copy)]
pub(super) enum AfterDot {
    Say(&'static str),
    Close,
    Nothing,
}

/// A server that does as told and writes down what it hears.
#[derive(Clone, Copy)]
pub(super) struct Script {
    pub(super) greeting: &'static str,
    pub(super) ehlo: &'static str,
    pub(super) auth: &'static str,
    pub(super) mail: &'static str,
    pub(super) refuse: &'static str,
    pub(super) data: &'static str,
    /// Close after so many lines of the letter.
    pub(super) close_within: Option<usize>,
    pub(super) after_dot: AfterDot,
}

pub(super) const GOOD: Script = Script {
    greeting: "220 ready\r\n",
    ehlo: "250-mail.example\r\n250-SIZE 100000\r\n250-8BITMIME\r\n250-AUTH PLAIN LOGIN\r\n250 SMTPUTF8\r\n",
    auth: "235 welcome\r\n",
    mail: "250 fine\r\n",
    refuse: "",
    data: "354 go on\r\n",
    close_within: None,
    after_dot: AfterDot::Say("250 2.0.0 queued\r\n"),
};

pub(super) type Heard = JoinHandle<Vec<String>>;

impl Script {
    pub(super) async fn start(self, security: Security) -> (MailServer, Heard) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut heard = Vec::new();
            let _ = self.talk(BufReader::new(stream), &mut heard).await;
            heard
        });
        (server_at(port, security), heard)
    }

    /// The same over TLS, at once or after STARTTLS; what is heard is what came within TLS.
    pub(super) async fn start_tls(
        self,
        security: Security,
        acceptor: TlsAcceptor,
    ) -> (MailServer, Heard) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            if security == Security::StartTls {
                stream.write_all(b"220 in the clear\r\n").await.unwrap();
                let mut line = String::new();
                stream.read_line(&mut line).await.unwrap();
                stream
                    .write_all(b"250-x\r\n250-AUTH PLAIN\r\n250 StartTLS\r\n")
                    .await
                    .unwrap();
                stream.read_line(&mut line).await.unwrap();
                stream.write_all(b"220 go on\r\n").await.unwrap();
            }
            let mut heard = Vec::new();
            if let Ok(stream) = acceptor.accept(stream.into_inner()).await {
                // After STARTTLS the server does not greet again.
                let greeting = if security == Security::Tls {
                    self.greeting
                } else {
                    ""
                };
                let script = Self { greeting, ..self };
                let _ = script.talk(BufReader::new(stream), &mut heard).await;
            }
            heard
        });
        (server_at(port, security), heard)
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        self,
        mut stream: BufReader<S>,
        heard: &mut Vec<String>,
    ) -> std::io::Result<()> {
        stream.write_all(self.greeting.as_bytes()).await?;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            heard.push(line.trim_end().to_owned());
            let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            let reply = match verb.as_str() {
                "EHLO" => self.ehlo,
                "AUTH" => self.auth,
                "MAIL" => self.mail,
                "RCPT" if !self.refuse.is_empty() && line.contains(self.refuse) => {
                    "550-5.1.1 no such\r\n550 5.1.1 person\r\n"
                }
                "DATA" if self.data.starts_with('3') => {
                    stream.write_all(self.data.as_bytes()).await?;
                    if !self.letter(&mut stream, heard).await? {
                        return Ok(());
                    }
                    continue;
                }
                "DATA" => self.data,
                "QUIT" => "221 bye\r\n",
                "STAR" => "220 go on\r\n250 injected\r\n",
                "QWRH" => "334 UGFzc3dvcmQ6\r\n",
                _ if self.auth.starts_with("334") => "235 welcome\r\n",
                _ => "250 fine\r\n",
            };
            stream.write_all(reply.as_bytes()).await?;
        }
    }

    /// Reads the letter; whether to go on.
    async fn letter<S: AsyncRead + AsyncWrite + Unpin>(
        self,
        stream: &mut BufReader<S>,
        heard: &mut Vec<String>,
    ) -> std::io::Result<bool> {
        let mut count = 0;
        loop {
            let mut line = Vec::new();
            if stream.read_until(b'\n', &mut line).await? == 0 || self.close_within == Some(count) {
                return Ok(false);
            }
            count += 1;
            heard.push(
                String::from_utf8_lossy(&line)
                    .trim_end_matches("\r\n")
                    .to_owned(),
            );
            if line == b".\r\n" {
                break;
            }
        }
        match self.after_dot {
            AfterDot::Say(reply) => {
                stream.write_all(reply.as_bytes()).await?;
                Ok(true)
            }
            AfterDot::Close => Ok(false),
            AfterDot::Nothing => {
                // From here on, waiting takes no time.
                tokio::time::pause();
                std::future::pending::<()>().await;
                Ok(false)
            }
        }
    }
}

fn server_at(port: u16, security: Security) -> MailServer {
    MailServer {
        disabled: Vec::new(),
        host: "127.0.0.1".to_owned(),
        port,
        security,
    }
}
