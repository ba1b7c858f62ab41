//! A real Cyrus 3 in a folder of its own: IMAP in clear and LMTP. It asks our own saslauthd for passwords, makes
//! everybody's folders when they first sign in, and keeps quotas. As root it hands the mail to the system user `mail`.

mod saslauthd;
mod settings;

use std::{fs, os::unix::fs::chown, path::Path};

use crate::{
    background::Background,
    child::{self, Supervised, SystemUser, WorldError},
    dovecot::{self, Person},
    imap_client::{ImapClient, quoted},
    people::People,
    unpacked,
};

/// The programs of Debian's packages that are started.
const PROGRAMS: [&str; 5] = [
    "usr/lib/cyrus/bin/master",
    "usr/lib/cyrus/bin/imapd",
    "usr/lib/cyrus/bin/lmtpd",
    "usr/lib/cyrus/bin/idled",
    "usr/lib/cyrus/bin/ctl_cyrusdb",
];
/// Who may change what belongs to others.
const ADMIN: &str = "admin@whimbrel.example";

/// The loopback ports of a Cyrus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// IMAP in clear.
    pub imap: u16,
    /// LMTP, for delivery.
    pub lmtp: u16,
}

/// A running Cyrus.
pub struct Cyrus {
    /// Where it listens.
    pub ports: Ports,
    people: People,
    _saslauthd: Background,
    _process: Supervised,
}

impl Cyrus {
    /// Starts one for these people, and waits until it greets.
    pub async fn start(people: &[Person]) -> Result<Self, WorldError> {
        let [imap, lmtp] = child::free_ports()?;
        let ports = Ports { imap, lmtp };
        let people = People::of(people);
        people.set(Person::new(ADMIN, ADMIN));
        let dir = child::new_dir("cyrus")?;
        let bin = dir.join("bin");
        unpacked::copy_into(&bin, &PROGRAMS, "libcyrus")?;
        write_files(&dir, ports, &dovecot::mail_owner()?)?;
        let saslauthd = saslauthd::start(&dir.join("run/mux"), people.clone())?;
        let (bin, dir_name) = (bin.display(), dir.display());
        let arguments = [
            format!("LD_LIBRARY_PATH={bin}"),
            format!("{bin}/master"),
            "-D".to_owned(), // its output goes where ours goes
            format!("-C{dir_name}/imapd.conf"),
            format!("-M{dir_name}/cyrus.conf"),
            format!("-p{dir_name}/run/master.pid"),
        ];
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let process = Supervised::start(&dir, "/usr/bin/env", &arguments)?;
        process.ready(&[(imap, "* OK"), (lmtp, "220")]).await?;
        Ok(Self {
            ports,
            people,
            _saslauthd: saslauthd,
            _process: process,
        })
    }

    /// Adds somebody, or changes their password or quota.
    pub async fn set_person(&self, person: Person) {
        self.people.set(person.clone());
        // Signing in makes the mailbox that the quota is put on.
        let theirs = ImapClient::signed_in(self.ports.imap, &person.address, &person.password);
        theirs.await.logout().await;
        let mut admin = ImapClient::signed_in(self.ports.imap, ADMIN, ADMIN).await;
        let root = quoted(&format!("user/{}", person.address));
        let kibibytes = person.quota / 1024;
        let command = format!("SETQUOTA {root} (STORAGE {kibibytes})");
        admin.command(&command).await.good();
        admin.logout().await;
    }
}

fn write_files(dir: &Path, ports: Ports, owner: &SystemUser) -> Result<(), WorldError> {
    for name in [
        "conf",
        "conf/db",
        "conf/proc",
        "conf/socket",
        "spool",
        "run",
    ] {
        fs::create_dir(dir.join(name))?;
        if rustix::process::geteuid().is_root() {
            chown(dir.join(name), Some(owner.uid), Some(owner.gid))?;
        }
    }
    fs::write(dir.join("imapd.conf"), settings::imapd(dir, owner))?;
    fs::write(dir.join("cyrus.conf"), settings::master(dir, ports))?;
    Ok(())
}
