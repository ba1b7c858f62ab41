//! A mail server for tests that says exactly what its script says.

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, duplex},
    task::JoinHandle,
};
use whimbrel_shared::UidSet;

use super::{connect, connection::Connection, wire::tap::Line};
use crate::account::Login;
use crate::account::Secret;

/// What most servers can do.
pub(super) const USUAL: &str = "IMAP4rev1 AUTH=PLAIN SASL-IR LITERAL+ IDLE MOVE UIDPLUS ESEARCH \
     CONDSTORE LIST-EXTENDED LIST-STATUS SPECIAL-USE UNSELECT";

/// One step: a line that must contain the first text, answered by the second, in which `TAG` is the
/// tag of that line. An empty first text awaits nothing; an empty answer says nothing.
pub(super) type Step = (&'static str, &'static str);

/// Three messages, UIDs 7 to 9.
pub(super) const OPEN: &str = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 10] ok\r\n\
     * OK [HIGHESTMODSEQ 50] ok\r\n* OK [PERMANENTFLAGS (\\Seen \\*)] ok\r\n\
     TAG OK [READ-WRITE] open\r\n";
/// INBOX opens.
pub(super) const SELECT: Step = ("SELECT INBOX (CONDSTORE)", OPEN);
/// No news.
pub(super) const NOOP: Step = ("NOOP", "TAG OK\r\n");
/// All of INBOX.
pub(super) const SEARCH: Step = (
    "UID SEARCH RETURN (ALL) ALL",
    "* ESEARCH (TAG \"TAG\") UID ALL 7:9\r\nTAG OK\r\n",
);

/// A set of UIDs.
pub(super) fn set(text: &str) -> UidSet {
    text.parse().unwrap()
}

/// A signed-in connection to a server with these capabilities that then follows `steps` and hangs up.
pub(super) async fn signed_in(
    capabilities: &str,
    steps: &'static [Step],
) -> (Connection, JoinHandle<()>) {
    let (ours, theirs) = duplex(1 << 16);
    let greeting = format!("* OK [CAPABILITY {capabilities}] ready\r\n");
    let welcome = format!("TAG OK [CAPABILITY {capabilities}] in\r\n");
    let server = tokio::spawn(async move {
        let mut server = Server(BufReader::new(theirs), "A0".to_owned());
        server.say(&greeting).await;
        server.follow("AUTHENTICATE PLAIN", &welcome).await;
        for (expected, answer) in steps {
            server.follow(expected, answer).await;
        }
    });
    let line: Box<dyn Line> = Box::new(ours);
    let met = connect::meet(line, true).await.unwrap();
    let conn = connect::sign_in(met, &[], &login()).await.unwrap();
    (conn, server)
}

/// Somebody.
pub(super) fn login() -> Login {
    Login {
        user: "anna".to_owned(),
        password: "secret".to_owned().into(),
        secret: Secret::Password,
    }
}

struct Server(BufReader<DuplexStream>, String);

impl Server {
    async fn follow(&mut self, expected: &str, answer: &str) {
        if !expected.is_empty() {
            let mut line = Vec::new();
            self.0.read_until(b'\n', &mut line).await.unwrap();
            let line = String::from_utf8_lossy(&line);
            assert!(line.contains(expected), "{line:?} is not {expected:?}");
            if line.starts_with('A') {
                self.1 = line.split(' ').next().unwrap().to_owned();
            }
        }
        self.say(&answer.replace("TAG", &self.1)).await;
    }

    async fn say(&mut self, text: &str) {
        let _ = self.0.get_mut().write_all(text.as_bytes()).await;
    }
}
