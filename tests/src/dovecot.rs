//! A real Dovecot 2.3 in a folder of its own: IMAP (plain, STARTTLS, TLS), LMTP, `ManageSieve`, SASL for
//! Postfix, quota, special-use folders. Needs no root: as root it hands the mail to the system user `mail`.

mod settings;

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    sync::Mutex,
};

use crate::{
    certificate::Certificates,
    child::{self, Supervised, SystemUser, WorldError},
};

/// Who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The full address; also the sign-in name.
    pub address: String,
    /// The password.
    pub password: String,
    /// How many bytes the mailboxes may hold together.
    pub quota: u64,
}

impl Person {
    /// Somebody with a password and room for a gibibyte.
    #[must_use]
    pub fn new(address: &str, password: &str) -> Self {
        Self {
            address: address.to_owned(),
            password: password.to_owned(),
            quota: 1 << 30,
        }
    }
}

/// The loopback ports of a Dovecot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// IMAP in clear, with STARTTLS.
    pub imap: u16,
    /// IMAP over TLS.
    pub imaps: u16,
    /// LMTP, for delivery.
    pub lmtp: u16,
    /// `ManageSieve`.
    pub sieve: u16,
    /// SASL for an SMTP server.
    pub sasl: u16,
}

/// Folders that every mailbox has, with their special use (RFC 6154).
pub const FOLDERS: [(&str, &str); 5] = [
    ("Drafts", "\\Drafts"),
    ("Sent", "\\Sent"),
    ("Junk", "\\Junk"),
    ("Trash", "\\Trash"),
    ("Archive", "\\Archive"),
];

/// A running Dovecot.
pub struct Dovecot {
    /// Where it listens.
    pub ports: Ports,
    dir: PathBuf,
    owner: SystemUser,
    people: Mutex<BTreeMap<String, Person>>,
    process: Mutex<Option<Supervised>>,
}

/// What differs from world to world.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Sent instead of the capabilities Dovecot has, such as `IMAP4rev1 IDLE`; `None` for all it has.
    pub capability: Option<String>,
    /// Further lines for the configuration file.
    pub settings: String,
}

impl Dovecot {
    /// Starts one for these people, and waits until it greets.
    pub async fn start(
        people: &[Person],
        certificates: &Certificates,
        options: &Options,
    ) -> Result<Self, WorldError> {
        let program = child::find_program("dovecot").ok_or_else(|| {
            WorldError::new("Dovecot is not installed; `scripts/setup.sh` says how to get it")
        })?;
        let ports = free_ports()?;
        let dir = child::new_dir("dovecot")?;
        let owner = mail_owner()?;
        let dovecot = Self {
            ports,
            people: Mutex::new(
                people
                    .iter()
                    .map(|p| (p.address.clone(), p.clone()))
                    .collect(),
            ),
            owner,
            process: Mutex::new(None),
            dir,
        };
        dovecot.write_files(certificates, options)?;
        dovecot.run(&program)?;
        dovecot.ready().await?;
        Ok(dovecot)
    }

    /// Ends it and starts it again on the same ports with the same mail.
    pub async fn restart(&self) -> Result<(), WorldError> {
        self.stop();
        self.start_again().await
    }

    /// Ends it; its mail stays for [`Self::start_again`].
    pub fn stop(&self) {
        if let Some(process) = lock(&self.process).take() {
            process.stop_and_keep();
        }
    }

    /// Starts it after [`Self::stop`].
    pub async fn start_again(&self) -> Result<(), WorldError> {
        let program =
            child::find_program("dovecot").ok_or_else(|| WorldError::new("Dovecot is gone"))?;
        self.run(&program)?;
        self.ready().await
    }

    /// Adds somebody, or changes their password or quota. Holds from the next sign-in on.
    pub fn set_person(&self, person: Person) -> Result<(), WorldError> {
        lock(&self.people).insert(person.address.clone(), person);
        self.write_people()
    }

    /// Nobody can sign in as `address` any more; the mail stays.
    pub fn remove_person(&self, address: &str) -> Result<(), WorldError> {
        lock(&self.people).remove(address);
        self.write_people()
    }

    /// The Maildir of `address`; made if it is not there yet.
    pub fn maildir(&self, address: &str) -> Result<PathBuf, WorldError> {
        let home = self.dir.join("mail").join(address);
        let maildir = home.join("Maildir");
        for dir in [&home, &maildir] {
            if !dir.exists() {
                fs::create_dir(dir)?;
                self.give_to_mail_owner(dir)?;
            }
        }
        Ok(maildir)
    }

    /// Where everybody's home folder is.
    pub(crate) fn mail_dir(&self) -> PathBuf {
        self.dir.join("mail")
    }

    /// Whom the files of mail belong to.
    #[must_use]
    pub fn owner(&self) -> &SystemUser {
        &self.owner
    }

    /// The process id of its master, which is also the session that all its processes belong to; 0 while
    /// it does not run.
    #[must_use]
    pub fn pid(&self) -> u32 {
        lock(&self.process).as_ref().map_or(0, Supervised::pid)
    }

    /// What it has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.dir.join("server.log")).unwrap_or_default())
            .into_owned()
    }

    fn run(&self, program: &str) -> Result<(), WorldError> {
        let config = self.dir.join("dovecot.conf");
        let config = config.to_string_lossy();
        let process = Supervised::start(&self.dir, program, &["-F", "-c", &config])?;
        *lock(&self.process) = Some(process);
        Ok(())
    }

    async fn ready(&self) -> Result<(), WorldError> {
        let taken = lock(&self.process).take();
        let Some(process) = taken else {
            return Err(WorldError::new("Dovecot is not running"));
        };
        let Ports {
            imap,
            imaps,
            lmtp,
            sieve,
            sasl,
        } = self.ports;
        let answer = process
            .ready(&[
                (imap, "* OK"),
                (imaps, ""),
                (lmtp, "220"),
                (sieve, "\"IMPL"),
                (sasl, "VERSION"),
            ])
            .await;
        *lock(&self.process) = Some(process);
        answer
    }

    fn write_files(
        &self,
        certificates: &Certificates,
        options: &Options,
    ) -> Result<(), WorldError> {
        Certificates::write(&self.dir, "chain.pem", &certificates.chain)?;
        Certificates::write(&self.dir, "key.pem", &certificates.key)?;
        for dir in ["mail", "run", "state"] {
            fs::create_dir(self.dir.join(dir))?;
            fs::set_permissions(self.dir.join(dir), fs::Permissions::from_mode(0o755))?;
        }
        self.give_to_mail_owner(&self.dir.join("mail"))?;
        self.write_people()?;
        let text = settings::text(&self.dir, self.ports, &self.owner, options);
        fs::write(self.dir.join("dovecot.conf"), text)?;
        Ok(())
    }

    fn write_people(&self) -> Result<(), WorldError> {
        // Held to the end: two tests may write at the same time.
        let people = lock(&self.people);
        let text: String = people.values().map(passwd_line).collect();
        let new = self.dir.join("people.new");
        fs::write(&new, text)?;
        fs::set_permissions(&new, fs::Permissions::from_mode(0o644))?;
        fs::rename(new, self.dir.join("people"))?;
        Ok(())
    }

    pub(crate) fn give_to_mail_owner(&self, path: &Path) -> Result<(), WorldError> {
        if rustix::process::geteuid().is_root() {
            chown(path, Some(self.owner.uid), Some(self.owner.gid))?;
        }
        Ok(())
    }
}

fn passwd_line(person: &Person) -> String {
    let Person {
        address,
        password,
        quota,
    } = person;
    // Colons would end the field: the password travels as hex digits of UTF-8.
    let hex: String = password.bytes().map(|b| format!("{b:02x}")).collect();
    format!("{address}:{{PLAIN.HEX}}{hex}::::::userdb_quota_rule=*:bytes={quota}\n")
}

pub(crate) fn mail_owner() -> Result<SystemUser, WorldError> {
    let me = rustix::process::geteuid();
    let found = if me.is_root() {
        child::system_user(|user| user.name == "mail")
    } else {
        child::system_user(|user| user.uid == me.as_raw())
    };
    found.ok_or_else(|| WorldError::new("/etc/passwd names nobody to own the mail"))
}

fn free_ports() -> Result<Ports, WorldError> {
    let [imap, imaps, lmtp, sieve, sasl] = child::free_ports()?;
    Ok(Ports {
        imap,
        imaps,
        lmtp,
        sieve,
        sasl,
    })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
