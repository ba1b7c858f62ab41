//! The floor: a connection to the mail server like Whimbrel's own, kept open, over TLS and without delays,
//! whose answers are read as bytes up to their end and not understood.

use std::sync::Arc;

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
use whimbrel_tests::{world::PASSWORD, world::World};

/// What a row of a list is made of.
const ROW: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE PREVIEW \
                   BODY.PEEK[HEADER.FIELDS (DATE FROM TO SUBJECT)]<0.16384>)";

/// A connection with the inbox open.
pub(crate) struct Floor {
    stream: TlsStream<TcpStream>,
    buffer: Vec<u8>,
}

impl Floor {
    /// Signs in as `address` and opens the inbox.
    pub(crate) async fn open(world: &World, address: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", world.dovecot.ports.imaps))
            .await
            .expect("Dovecot listens");
        stream.set_nodelay(true).expect("a socket option");
        let stream = protected(stream, &world.certificates.authority).await;
        let mut floor = Self {
            stream,
            buffer: vec![0; 1 << 20],
        };
        floor
            .say(&format!(
                "a LOGIN \"{address}\" \"{PASSWORD}\"\r\nz SELECT INBOX"
            ))
            .await;
        floor
    }

    /// Rows of a list.
    pub(crate) async fn rows(&mut self, uids: &str) {
        self.say(&format!("z UID FETCH {uids} {ROW}")).await;
    }

    /// All that an opened message is made of, if its text is this part.
    pub(crate) async fn message(&mut self, uid: u32, part: &str) {
        self.say(&format!(
            "z UID FETCH {uid} (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE \
             BODY.PEEK[HEADER]<0.262144> BODY.PEEK[{part}]<0.4194304>)"
        ))
        .await;
    }

    /// What came after a message.
    pub(crate) async fn news(&mut self, uid: u32) {
        self.say(&format!("y NOOP\r\nz UID FETCH {uid}:* (UID FLAGS)"))
            .await;
    }

    // Until the line tagged `z`, which comes last in what is read.
    async fn say(&mut self, commands: &str) {
        self.stream
            .write_all(format!("{commands}\r\n").as_bytes())
            .await
            .expect("the line is up");
        let mut end = 0;
        loop {
            let room = &mut self.buffer[end..];
            let read = self.stream.read(room).await.expect("the line is up");
            assert!(read > 0, "the mail server hung up, or said too much");
            end += read;
            let said = &self.buffer[..end];
            let tail = &said[said.len().saturating_sub(300)..];
            let last_line = tail.trim_ascii_end().rsplit(|&b| b == b'\n').next();
            let is_whole = said.ends_with(b"\r\n");
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
