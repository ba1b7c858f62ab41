//! Lays letters into a Maildir as Dovecot would have, its UID list included, so that a hundred thousand
//! take seconds. Only for an account that has never signed in.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufWriter, Write},
    os::unix::fs::chown,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use super::{Flags, Letter, OWN_FOLDERS};
use crate::child::SystemUser;

/// The UIDVALIDITY that laid-out folders have. UIDs begin at 1 and have no gaps.
pub const UIDVALIDITY: u32 = 1_700_000_000;

/// Lays all letters into `maildir` for `owner`.
pub fn fill(
    maildir: &Path,
    owner: &SystemUser,
    letters: impl Iterator<Item = Letter>,
) -> io::Result<()> {
    let mut folders: BTreeMap<&'static str, Folder> = BTreeMap::new();
    let owner = rustix::process::geteuid().is_root().then_some(owner);
    for letter in letters {
        let folder = match folders.entry(letter.folder) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(Folder::make(maildir, letter.folder, owner)?)
            }
        };
        folder.add(&letter)?;
    }
    for folder in folders.into_values() {
        folder.finish()?;
    }
    write_subscriptions(maildir, owner)
}

struct Folder {
    dir: PathBuf,
    owner: Option<(u32, u32)>,
    lines: Vec<u8>,
    uid: u32,
}

impl Folder {
    fn make(maildir: &Path, name: &str, owner: Option<&SystemUser>) -> io::Result<Self> {
        let dir = match name {
            "INBOX" => maildir.to_owned(),
            other => maildir.join(format!(".{}", other.replace('/', "."))),
        };
        let owner = owner.map(|owner| (owner.uid, owner.gid));
        for path in [
            dir.clone(),
            dir.join("cur"),
            dir.join("new"),
            dir.join("tmp"),
        ] {
            if !path.exists() {
                fs::create_dir(&path)?;
                give(&path, owner)?;
            }
        }
        if dir.join("dovecot-uidlist").exists() {
            return Err(io::Error::other("the mailbox is already in use"));
        }
        if name != "INBOX" {
            write_file(&dir.join("maildirfolder"), b"", owner)?;
        }
        write_file(&dir.join("dovecot-keywords"), b"0 $Forwarded\n", owner)?;
        Ok(Self {
            dir,
            owner,
            lines: Vec::new(),
            uid: 0,
        })
    }

    fn add(&mut self, letter: &Letter) -> io::Result<()> {
        self.uid += 1;
        let size = letter.raw.len();
        let wire_size = size + letter.raw.iter().filter(|&&byte| byte == b'\n').count();
        let base = format!(
            "{}.M{}.whimbrel,S={size},W={wire_size}",
            letter.arrived, self.uid
        );
        let path = self
            .dir
            .join("cur")
            .join(format!("{base}:2,{}", info(letter.flags)));
        let mut file = File::create_new(&path)?;
        file.write_all(&letter.raw)?;
        let arrived = Duration::from_secs(letter.arrived.max(0).unsigned_abs());
        file.set_modified(UNIX_EPOCH + arrived)?; // INTERNALDATE
        give(&path, self.owner)?;
        writeln!(self.lines, "{} :{base}", self.uid)
    }

    fn finish(self) -> io::Result<()> {
        let path = self.dir.join("dovecot-uidlist");
        let mut file = BufWriter::new(File::create(&path)?);
        let guid = format!(
            "{:032x}",
            u128::from(UIDVALIDITY) << 64 | u128::from(self.uid)
        );
        writeln!(file, "3 V{UIDVALIDITY} N{} G{guid}", self.uid + 1)?;
        file.write_all(&self.lines)?;
        file.flush()?;
        give(&path, self.owner)
    }
}

// Maildir's flag letters, in ASCII order; `a` is the first of `dovecot-keywords`.
fn info(flags: Flags) -> String {
    [
        (flags.draft, 'D'),
        (flags.flagged, 'F'),
        (flags.answered, 'R'),
        (flags.seen, 'S'),
        (flags.forwarded, 'a'),
    ]
    .into_iter()
    .filter_map(|(is_set, letter)| is_set.then_some(letter))
    .collect()
}

fn write_subscriptions(maildir: &Path, owner: Option<&SystemUser>) -> io::Result<()> {
    let mut text = String::from("V\t2\n\n");
    for folder in OWN_FOLDERS {
        if maildir
            .join(format!(".{}", folder.replace('/', ".")))
            .exists()
        {
            text += &folder.replace('/', "\t");
            text.push('\n');
        }
    }
    let path = maildir.join("subscriptions");
    write_file(
        &path,
        text.as_bytes(),
        owner.map(|owner| (owner.uid, owner.gid)),
    )
}

fn write_file(path: &Path, content: &[u8], owner: Option<(u32, u32)>) -> io::Result<()> {
    fs::write(path, content)?;
    give(path, owner)
}

fn give(path: &Path, owner: Option<(u32, u32)>) -> io::Result<()> {
    match owner {
        Some((uid, gid)) => chown(path, Some(uid), Some(gid)),
        None => Ok(()),
    }
}
