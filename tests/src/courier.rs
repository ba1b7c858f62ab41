//! A real Courier-IMAP 5. Its helper for passwords has its place compiled in, so our own door stands before it:
//! greeting, CAPABILITY and LOGIN are answered here, word for word as Courier does. Then its `imapd` gets the very
//! socket, pre-authenticated, as `couriertcpd` would hand it over. Letters of Postfix come into its Maildirs by
//! Dovecot's LMTP.

use std::{
    fs,
    io::{self, ErrorKind},
    os::{fd::OwnedFd, unix::fs::PermissionsExt},
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    process::Command,
};

use crate::{
    background::Background,
    child::{SystemUser, WorldError},
    dovecot::{Dovecot, FOLDERS, Person},
    people::People,
    unpacked,
};

/// What it can do, as Debian sets it.
const CAPABILITY: &str =
    "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE";

/// The rest of what Debian sets in `/etc/courier/imapd`.
const SETTINGS: [(&str, &str); 8] = [
    ("IMAP_CAPABILITY", CAPABILITY),
    ("IMAP_KEYWORDS", "1"),
    ("IMAP_ACL", "1"),
    ("IMAP_USELOCKS", "1"),
    ("IMAP_IDLE_TIMEOUT", "60"),
    ("IMAP_ENHANCEDIDLE", "0"),
    ("IMAP_TRASHFOLDERNAME", "Trash"),
    ("IMAP_EMPTYTRASH", "Trash:7"),
];

/// A Courier that takes connections.
pub struct Courier {
    /// Where it listens for IMAP in clear.
    pub port: u16,
    house: Arc<House>,
    _door: Background,
    _dir: tempfile::TempDir,
}

struct House {
    people: People,
    bin: PathBuf,
    mail: PathBuf,
    owner: SystemUser,
    log: fs::File,
}

/// The programs of Debian's packages that are started.
const PROGRAMS: [&str; 2] = ["usr/bin/imapd", "usr/bin/deliverquota.courier"];

impl Courier {
    /// Starts one for these people, who get empty Maildirs with the usual folders.
    pub fn start(people: &[Person], dovecot: &Dovecot) -> Result<Self, WorldError> {
        let dir = tempfile::Builder::new()
            .prefix("whimbrel-courier-")
            .permissions(fs::Permissions::from_mode(0o711))
            .tempdir()?;
        let bin = dir.path().join("bin");
        unpacked::copy_into(&bin, &PROGRAMS, "libcourier")?;
        for person in people {
            furnish(dovecot, person)?;
        }
        let house = Arc::new(House {
            people: People::of(people),
            bin,
            mail: dovecot.mail_dir(),
            owner: dovecot.owner().clone(),
            log: fs::File::create(dir.path().join("server.log"))?,
        });
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let host = Arc::clone(&house);
        let door = Background::start(|| listen(listener, host))?;
        Ok(Self {
            port,
            house,
            _door: door,
            _dir: dir,
        })
    }

    /// Changes somebody's password or quota, that as `maildirmake -q` does.
    pub fn set_person(&self, person: Person) -> Result<(), WorldError> {
        let file = self.house.maildir(&person.address).join("maildirsize");
        let counted = fs::read_to_string(&file)?;
        let (_, counted) = counted.split_once('\n').unwrap_or_default();
        fs::write(&file, format!("{}S\n{counted}", person.quota))?;
        self.house.people.set(person);
        Ok(())
    }

    /// Puts a letter into an inbox, and counts its bytes.
    pub async fn deliver(&self, address: &str, message: &[u8]) -> Result<(), WorldError> {
        let mut program = self.house.program("deliverquota.courier", address);
        let mut delivering = program
            .arg("Maildir")
            .stdin(Stdio::piped())
            .stderr(self.house.log.try_clone()?)
            .spawn()?;
        let lines = String::from_utf8_lossy(message).replace("\r\n", "\n");
        if let Some(mut letter) = delivering.stdin.take() {
            letter.write_all(lines.as_bytes()).await?;
        }
        match delivering.wait().await?.success() {
            true => Ok(()),
            false => Err(WorldError::new("Courier does not deliver")),
        }
    }
}

/// The folders of a new account, subscribed, and its quota.
fn furnish(dovecot: &Dovecot, person: &Person) -> Result<(), WorldError> {
    let maildir = dovecot.maildir(&person.address)?;
    let make = |dir: &Path| {
        for dir in ["", "cur", "new", "tmp"].map(|name| dir.join(name)) {
            if !dir.exists() {
                fs::create_dir(&dir)?;
                dovecot.give_to_mail_owner(&dir)?;
            }
        }
        Ok::<_, WorldError>(())
    };
    make(&maildir)?;
    let mut subscribed = "INBOX\n".to_owned();
    for (name, _) in FOLDERS {
        let folder = maildir.join(format!(".{name}"));
        make(&folder)?;
        fs::write(folder.join("maildirfolder"), "")?; // its bytes count above
        subscribed += &format!("INBOX.{name}\n");
    }
    for (name, text) in [
        ("courierimapsubscribed", subscribed),
        ("maildirsize", format!("{}S\n0 0\n", person.quota)),
    ] {
        let file = maildir.join(name);
        fs::write(&file, text)?;
        dovecot.give_to_mail_owner(&file)?;
    }
    Ok(())
}

async fn listen(listener: std::net::TcpListener, house: Arc<House>) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (client, _) = listener.accept().await?;
        tokio::spawn(serve(client, Arc::clone(&house)));
    }
}

/// One connection, from the greeting to the end.
async fn serve(mut client: TcpStream, house: Arc<House>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let greeting = format!(
        "* OK [CAPABILITY {CAPABILITY}] Courier-IMAP ready. Copyright 1998-2021 Double Precision, Inc.  \
         See COPYING for distribution information.\r\n"
    );
    client.write_all(greeting.as_bytes()).await?;
    loop {
        let line = read_line(&mut client).await?;
        let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
        let words = words(command);
        let verb = words.first().map(|word| word.to_uppercase());
        let answer = match (verb.as_deref(), &words[..]) {
            (Some("LOGIN"), [_, user, password]) => match house.people.find(user, password) {
                Some(person) => return house.let_in(client, tag, &person).await,
                None => format!("{tag} NO Login failed.\r\n"),
            },
            (Some("CAPABILITY"), _) => {
                format!("* CAPABILITY {CAPABILITY}\r\n{tag} OK CAPABILITY completed\r\n")
            }
            (Some("LOGOUT"), _) => {
                let bye = format!(
                    "* BYE Courier-IMAP server shutting down\r\n{tag} OK LOGOUT completed\r\n"
                );
                return client.write_all(bye.as_bytes()).await;
            }
            (Some("NOOP"), _) => format!("{tag} OK NOOP completed\r\n"),
            _ => format!("{tag} NO Error in IMAP command received by server.\r\n"),
        };
        client.write_all(answer.as_bytes()).await?;
    }
}

impl House {
    fn maildir(&self, address: &str) -> PathBuf {
        self.mail.join(address).join("Maildir")
    }

    /// A program in somebody's home folder, with the rights over mail and no others.
    fn program(&self, name: &str, address: &str) -> Command {
        let home = self.mail.join(address);
        let mut program = Command::new(self.bin.join(name));
        program
            .current_dir(&home)
            .env_clear()
            .env("LD_LIBRARY_PATH", &self.bin)
            .env("HOME", &home)
            .kill_on_drop(true);
        if rustix::process::geteuid().is_root() {
            program.uid(self.owner.uid).gid(self.owner.gid);
        }
        program
    }

    /// Hands the socket to an `imapd` that answers the LOGIN of this tag and goes on.
    async fn let_in(&self, client: TcpStream, tag: &str, person: &Person) -> io::Result<()> {
        let client = client.into_std()?;
        client.set_nonblocking(false)?;
        let mut imapd = self.program("imapd", &person.address);
        imapd
            .arg("Maildir")
            .envs(SETTINGS)
            .env("PROTOCOL", "IMAP")
            .env("AUTHENTICATED", &person.address)
            .env("AUTHADDR", &person.address)
            .env("MAILDIRQUOTA", format!("{}S", person.quota))
            .env("IMAPLOGINTAG", tag)
            .env("TCPREMOTEIP", "127.0.0.1")
            .env("TCPREMOTEPORT", client.peer_addr()?.port().to_string())
            .stdin(Stdio::from(OwnedFd::from(client.try_clone()?)))
            .stdout(Stdio::from(OwnedFd::from(client)))
            .stderr(self.log.try_clone()?);
        let mut running = imapd.spawn()?;
        drop(imapd); // holds the socket too, which else would never be seen to end
        running.wait().await.map(drop)
    }
}

/// A line without its end, and not one byte more: what follows is for `imapd`.
async fn read_line(client: &mut TcpStream) -> io::Result<String> {
    let mut line = Vec::new();
    while line.len() < 8192 {
        match client.read_u8().await? {
            b'\n' => return Ok(String::from_utf8_lossy(line.trim_ascii_end()).into_owned()),
            byte => line.push(byte),
        }
    }
    Err(ErrorKind::InvalidData.into())
}

/// Atoms and quoted strings.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None::<String>;
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in command.chars() {
        match c {
            '\\' if is_quoted && !is_escaped => is_escaped = true,
            '"' if !is_escaped => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' if !is_quoted => words.extend(word.take()),
            c => {
                word.get_or_insert_default().push(c);
                is_escaped = false;
            }
        }
    }
    words.extend(word);
    words
}
