//! The mail world: a mail server and Postfix together, so that what one person sends arrives in another's inbox.

use std::time::Duration;

use crate::{
    certificate::Certificates,
    child::WorldError,
    courier::Courier,
    cyrus::Cyrus,
    dovecot::{self, Dovecot, Person},
    imap_proxy::{ImapProxy, hiding::Extension},
    letters::{Letter, Plan, letters, maildir},
    lmtp,
    postfix::{self, Postfix},
};

/// A mail server with people. Ends with its owner, and in any case with the process.
pub struct World {
    /// Reads, if no other mail server does. Checks passwords for Postfix in any case.
    pub dovecot: Dovecot,
    /// Sends.
    pub postfix: Postfix,
    /// Whom clients have to trust.
    pub certificates: Certificates,
    /// Who lives here.
    pub people: Vec<Person>,
    /// Stands before Dovecot where Whimbrel is to meet a poorer server.
    proxy: Option<ImapProxy>,
    other: Option<Other>,
}

/// What reads instead of Dovecot.
enum Other {
    Cyrus(Cyrus),
    Courier(Courier),
}

/// Mail servers that a world can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailServer {
    /// Dovecot, as most have it.
    Dovecot,
    /// Cyrus.
    Cyrus,
    /// Courier.
    Courier,
}

/// The password of everybody in a world, unless a test wants another.
pub const PASSWORD: &str = "tidal flats at dusk";

/// The two people of most tests.
pub const ADA: &str = "ada@whimbrel.example";
/// The second of them.
pub const BEN: &str = "ben@whimbrel.example";

impl World {
    /// A world of Ada and Ben.
    pub async fn start() -> Result<Self, WorldError> {
        Self::of(&[Person::new(ADA, PASSWORD), Person::new(BEN, PASSWORD)]).await
    }

    /// A world of these people.
    pub async fn of(people: &[Person]) -> Result<Self, WorldError> {
        Self::with(people, &dovecot::Options::default()).await
    }

    /// A world of these people with a Dovecot set so.
    pub async fn with(people: &[Person], options: &dovecot::Options) -> Result<Self, WorldError> {
        Self::build(people, options, MailServer::Dovecot).await
    }

    /// A world of these people whose mail lies on such a server.
    pub async fn at(server: MailServer, people: &[Person]) -> Result<Self, WorldError> {
        Self::build(people, &dovecot::Options::default(), server).await
    }

    async fn build(
        people: &[Person],
        options: &dovecot::Options,
        server: MailServer,
    ) -> Result<Self, WorldError> {
        let certificates = Certificates::for_loopback()?;
        let dovecot = Dovecot::start(people, &certificates, options).await?;
        let other = match server {
            MailServer::Dovecot => None,
            MailServer::Cyrus => Some(Other::Cyrus(Cyrus::start(people).await?)),
            MailServer::Courier => Some(Other::Courier(Courier::start(people, &dovecot)?)),
        };
        let recipients: Vec<&str> = people.iter().map(|p| p.address.as_str()).collect();
        let ports = dovecot::Ports {
            lmtp: lmtp_port(&dovecot, other.as_ref()),
            ..dovecot.ports
        };
        let postfix = Postfix::start(&recipients, &certificates, ports).await?;
        Ok(Self {
            dovecot,
            postfix,
            certificates,
            people: people.to_vec(),
            proxy: None,
            other,
        })
    }

    /// The world with a mail server that lacks these extensions.
    pub fn lacking(mut self, hidden: &[Extension]) -> Result<Self, WorldError> {
        self.proxy = Some(ImapProxy::hiding(self.imap_port(), hidden)?);
        Ok(self)
    }

    /// The loopback port on which the mail server itself speaks IMAP in clear.
    #[must_use]
    pub fn imap_port(&self) -> u16 {
        match &self.other {
            None => self.dovecot.ports.imap,
            Some(Other::Cyrus(cyrus)) => cyrus.ports.imap,
            Some(Other::Courier(courier)) => courier.port,
        }
    }

    /// The same, past the proxy if there is one: what Whimbrel meets.
    #[must_use]
    pub fn proxied_port(&self) -> u16 {
        self.proxy
            .as_ref()
            .map_or_else(|| self.imap_port(), |proxy| proxy.port)
    }

    /// Where Whimbrel reads its mail: over TLS, or in clear past the proxy that takes extensions away, or
    /// from a server that has no certificate here.
    #[must_use]
    pub fn imap_url(&self) -> String {
        match (&self.proxy, &self.other) {
            (None, None) => self.imaps_url(),
            _ => format!("imap://127.0.0.1:{}", self.proxied_port()),
        }
    }

    /// Changes somebody's password or quota. Holds for connections made from now on.
    pub async fn set_person(&self, person: Person) -> Result<(), WorldError> {
        self.dovecot.set_person(person.clone())?;
        match &self.other {
            // Dovecot looks at its file of people once a second.
            None => tokio::time::sleep(Duration::from_millis(1500)).await,
            Some(Other::Cyrus(cyrus)) => cyrus.set_person(person).await,
            Some(Other::Courier(courier)) => courier.set_person(person)?,
        }
        Ok(())
    }

    /// Where Dovecot itself is read from, over TLS.
    #[must_use]
    pub fn imaps_url(&self) -> String {
        format!("imaps://localhost:{}", self.dovecot.ports.imaps)
    }

    /// Fills the mailbox of the plan's owner, who must not have signed in yet.
    pub fn fill(&self, plan: Plan) -> Result<(), WorldError> {
        let address = format!("{}@{}", plan.owner, postfix::DOMAIN);
        self.lay(&address, letters(plan))
    }

    /// Lays letters into the mailbox of somebody who has not signed in yet.
    pub fn lay(
        &self,
        address: &str,
        letters: impl Iterator<Item = Letter>,
    ) -> Result<(), WorldError> {
        let maildir = self.dovecot.maildir(address)?;
        maildir::fill(&maildir, self.dovecot.owner(), letters)?;
        Ok(())
    }

    /// Puts a letter into an inbox from outside.
    pub async fn deliver(&self, recipient: &str, message: &[u8]) -> Result<(), WorldError> {
        if let Some(Other::Courier(courier)) = &self.other {
            return courier.deliver(recipient, message).await;
        }
        lmtp::deliver(
            lmtp_port(&self.dovecot, self.other.as_ref()),
            "somebody@elsewhere.example",
            recipient,
            message,
        )
        .await
    }
}

/// Where letters are delivered.
fn lmtp_port(dovecot: &Dovecot, other: Option<&Other>) -> u16 {
    match other {
        Some(Other::Cyrus(cyrus)) => cyrus.ports.lmtp,
        Some(Other::Courier(_)) | None => dovecot.ports.lmtp,
    }
}
