//! The second mail program: changes the folders on Dovecot itself, past the proxy and past Whimbrel. It
//! connects anew for everything it does.

use std::rc::Rc;

use whimbrel_tests::{
    imap_client::{ImapClient, quoted},
    letters::plain::letter,
    world::{PASSWORD, World},
};

use crate::{
    dice::Dice,
    ledger::{KEPT, LASTING, Ledger},
    story::Folders,
    truth::Truth,
};

pub(crate) struct Outsider {
    client: ImapClient,
    port: u16,
    address: String,
    pub(crate) folders: Folders,
    dice: Dice,
    ledger: Rc<Ledger>,
}

impl Outsider {
    pub(crate) async fn new(world: &World, address: &str, dice: Dice, ledger: Rc<Ledger>) -> Self {
        let port = world.dovecot.ports.imap;
        let mut outsider = Self {
            client: ImapClient::signed_in(port, address, PASSWORD).await,
            port,
            address: address.to_owned(),
            folders: Folders::Stay,
            dice,
            ledger,
        };
        for i in 0..40 {
            let folder = LASTING.get(i % LASTING.len()).copied().unwrap_or("INBOX");
            outsider.deliver(folder, i % 2 == 0).await;
        }
        outsider
    }

    /// What is there, as a connection sees it that cannot have missed anything.
    pub(crate) async fn look(&mut self) -> Truth {
        for _ in 0..20 {
            self.connect().await;
            if let Some(truth) = Truth::seen_by(&mut self.client).await {
                return truth;
            }
        }
        panic!("the mail server closes every line");
    }

    async fn connect(&mut self) {
        self.client = ImapClient::signed_in(self.port, &self.address, PASSWORD).await;
    }

    /// Does one thing; whatever the server refuses was not to be.
    pub(crate) async fn act(&mut self) {
        self.connect().await;
        self.ledger.elsewhere.set(self.ledger.elsewhere.get() + 1);
        let scratch: Vec<String> = self.client.folders().await;
        let scratch: Vec<String> = scratch
            .into_iter()
            .filter(|name| name.starts_with("Scratch"))
            .collect();
        let lasting = self.dice.pick(&LASTING).copied().unwrap_or("INBOX");
        let other = self.dice.pick(&LASTING).copied().unwrap_or("INBOX");
        let made = format!("Scratch-{}", self.ledger.another());
        let what = match self.folders {
            Folders::Change => self.dice.below(12),
            Folders::Stay => self.dice.below(10),
        };
        match (what, self.dice.pick(&scratch).cloned()) {
            (0..=1, _) => self.deliver(lasting, true).await,
            (2, _) => self.deliver(lasting, false).await,
            (3, Some(folder)) => self.deliver(&folder, false).await,
            (3, None) if self.folders == Folders::Stay => self.mark(other).await,
            (4..=5, _) => self.mark(lasting).await,
            (6..=7, _) => self.shift("MOVE", lasting, other).await,
            (8, _) => self.shift("COPY", lasting, other).await,
            (9, _) => self.expunge(lasting).await,
            (10, Some(folder)) => {
                self.say(&format!("RENAME {folder} {made}")).await;
            }
            (11, Some(folder)) => {
                self.say(&format!("DELETE {folder}")).await;
                if self.dice.one_in(2) {
                    // The same name, and another UIDVALIDITY.
                    self.say(&format!("CREATE {folder}")).await;
                    self.deliver(&folder, false).await;
                }
            }
            _ => {
                self.say(&format!("CREATE {made}")).await;
            }
        }
    }

    /// What the server says to a command; `None` if it refuses, or closes the line.
    async fn say(&mut self, command: &str) -> Option<String> {
        let answer = self.client.try_command(command).await?;
        let is_done = answer.tagged.starts_with("OK");
        let lines = answer.lines().chain([answer.tagged.clone()]);
        is_done.then(|| lines.collect::<Vec<_>>().join("\n"))
    }

    async fn deliver(&mut self, folder: &str, is_kept: bool) {
        let subject = if is_kept {
            self.ledger.another_kept()
        } else {
            self.ledger.another_mortal()
        };
        let answer = self.client.append(folder, "", &letter(&subject, "n")).await;
        assert!(answer.tagged.starts_with("OK") || !is_kept, "{answer:?}");
    }

    /// The UIDs of letters whose subject begins so, in a folder that is open afterwards.
    async fn uids(&mut self, folder: &str, subject: &str) -> Vec<u32> {
        if self
            .say(&format!("SELECT {}", quoted(folder)))
            .await
            .is_none()
        {
            return Vec::new();
        }
        let found = self.say(&format!("UID SEARCH SUBJECT {subject}")).await;
        let found = found.unwrap_or_default();
        let found = found.lines().find_map(|line| line.strip_prefix("* SEARCH"));
        let found = found.unwrap_or_default().split_whitespace();
        found.filter_map(|uid| uid.parse().ok()).collect()
    }

    async fn mark(&mut self, folder: &str) {
        let uids = self.uids(folder, "-").await;
        if let Some(uid) = self.dice.pick(&uids) {
            let sign = if self.dice.one_in(2) { "+" } else { "-" };
            let flag = self
                .dice
                .pick(&["\\Seen", "\\Flagged", "\\Answered"])
                .copied();
            let flag = flag.unwrap_or("\\Seen");
            self.say(&format!("UID STORE {uid} {sign}FLAGS ({flag})"))
                .await;
        }
    }

    /// Moves or copies one kept letter.
    async fn shift(&mut self, verb: &str, from: &str, to: &str) {
        let uids = self.uids(from, KEPT).await;
        let Some(&uid) = self.dice.pick(&uids) else {
            return;
        };
        let subject = format!("UID FETCH {uid} (BODY.PEEK[HEADER.FIELDS (SUBJECT)])");
        let subject = self.say(&subject).await.unwrap_or_default();
        let subject = subject.split_once("Subject: ");
        let subject = subject.and_then(|(_, rest)| rest.lines().next());
        let subject = subject.unwrap_or_default().trim();
        let before = self.ledger.moves_of(subject);
        let done = self.say(&format!("UID {verb} {uid} {to}")).await;
        match done {
            Some(done) if verb == "COPY" && done.contains("COPYUID") => {
                self.ledger.copied(subject, 1);
            }
            None if verb == "COPY" => self.ledger.perhaps_copied(subject),
            _ => {}
        }
        let after = self.ledger.moves_of(subject);
        if verb == "MOVE" && (before.1 || after != before) {
            self.ledger.perhaps_copied(subject);
        }
    }

    async fn expunge(&mut self, folder: &str) {
        let uids = self.uids(folder, "mortal-").await;
        if let Some(&uid) = self.dice.pick(&uids) {
            self.say(&format!("UID STORE {uid} +FLAGS.SILENT (\\Deleted)"))
                .await;
            self.say(&format!("UID EXPUNGE {uid}")).await;
        }
    }
}
