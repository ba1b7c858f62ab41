//! The letters and folders of a provider. With labels a letter lies in many folders at once, and has one set of
//! flags. Knows no IMAP but flags and UIDs.

use std::collections::{BTreeMap, BTreeSet};

use super::Habits;

const DELETED: &str = "\\Deleted";

/// Everything that lies at a provider.
#[derive(Debug)]
pub(super) struct Mail {
    pub(super) habits: Habits,
    pub(super) folders: Vec<Folder>,
    letters: BTreeMap<usize, Letter>,
    next_letter: usize,
}

#[derive(Debug)]
pub(super) struct Folder {
    pub(super) name: String,
    pub(super) attributes: &'static str,
    pub(super) uidvalidity: u32,
    pub(super) uidnext: u32,
    /// Letters by UID.
    rows: BTreeMap<u32, usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub(super) bytes: Vec<u8>,
    pub(super) flags: BTreeSet<String>,
}

impl Folder {
    /// The UIDs, ascending.
    pub(super) fn uids(&self) -> Vec<u32> {
        self.rows.keys().copied().collect()
    }

    fn add(&mut self, letter: usize) -> u32 {
        let there = self.rows.iter().find(|(_, known)| **known == letter);
        if let Some((uid, _)) = there {
            return *uid;
        }
        self.uidnext += 1;
        self.rows.insert(self.uidnext - 1, letter);
        self.uidnext - 1
    }

    fn holds_nothing(&self) -> bool {
        ["\\Noselect", "\\NonExistent"]
            .iter()
            .any(|closed| self.attributes.contains(closed))
    }
}

impl Mail {
    pub(super) fn new(habits: Habits) -> Self {
        let mut mail = Self {
            habits,
            folders: Vec::new(),
            letters: BTreeMap::new(),
            next_letter: 0,
        };
        for (name, attributes) in habits.folders {
            mail.make(name, attributes);
        }
        mail
    }

    pub(super) fn make(&mut self, name: &str, attributes: &'static str) {
        let made = u32::try_from(self.folders.len()).unwrap_or(0);
        self.folders.push(Folder {
            name: name.to_owned(),
            attributes,
            uidvalidity: 700 + made,
            uidnext: 1,
            rows: BTreeMap::new(),
        });
    }

    /// A folder that can be opened.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let is_it = |folder: &Folder| {
            folder.name == name
                || (folder.name.eq_ignore_ascii_case("INBOX") && name.eq_ignore_ascii_case("INBOX"))
        };
        let mut folders = self.folders.iter();
        folders.position(|folder| is_it(folder) && !folder.holds_nothing())
    }

    /// Deletes a folder; the others keep their places.
    pub(super) fn remove(&mut self, name: &str) {
        if let Some(found) = self.find(name) {
            self.folders[found].attributes = "\\NonExistent";
        }
    }

    pub(super) fn letter(&self, folder: usize, uid: u32) -> Option<&Letter> {
        self.letters.get(self.folders[folder].rows.get(&uid)?)
    }

    /// A new letter in these folders, which are there.
    pub(super) fn deliver(&mut self, folders: &[&str], bytes: &[u8]) {
        let first = self.find(folders[0]).expect("a folder");
        let uid = self.append(first, bytes, BTreeSet::new());
        for folder in &folders[1..] {
            let other = self.find(folder).expect("a folder");
            self.copy(first, uid, other);
        }
    }

    /// A copy of what was handed over.
    pub(super) fn keep_sent(&mut self, bytes: &[u8]) {
        let sent = self.find(self.habits.sent).expect("a folder");
        self.append(sent, bytes, BTreeSet::from(["\\Seen".to_owned()]));
    }

    pub(super) fn append(&mut self, folder: usize, bytes: &[u8], flags: BTreeSet<String>) -> u32 {
        let letter = Letter {
            bytes: bytes.to_vec(),
            flags,
        };
        self.next_letter += 1;
        self.letters.insert(self.next_letter, letter);
        let uid = self.folders[folder].add(self.next_letter);
        if !self.is_away(folder)
            && let Some(all) = self.all()
        {
            self.folders[all].add(self.next_letter);
        }
        uid
    }

    /// Puts a letter into another folder too; gives its UID there.
    pub(super) fn copy(&mut self, from: usize, uid: u32, to: usize) -> Option<u32> {
        let id = *self.folders[from].rows.get(&uid)?;
        if self.habits.labels.is_none() {
            let letter = self.letters.get(&id)?.clone();
            return Some(self.append(to, &letter.bytes, letter.flags));
        }
        if self.is_away(to) {
            for folder in &mut self.folders {
                folder.rows.retain(|_, known| *known != id);
            }
        } else if let Some(all) = self.all() {
            self.folders[all].add(id);
        }
        Some(self.folders[to].add(id))
    }

    pub(super) fn move_to(&mut self, from: usize, uid: u32, to: usize) -> Option<u32> {
        let there = self.copy(from, uid, to)?;
        if from != to && Some(from) != self.all() {
            self.folders[from].rows.remove(&uid);
        }
        Some(there)
    }

    /// Changes flags. Where folders are labels, one that is marked as deleted loses this label at once.
    pub(super) fn store(&mut self, folder: usize, uid: u32, add: &[String], remove: &[String]) {
        let id = self.folders[folder].rows.get(&uid);
        let Some(letter) = id.and_then(|id| self.letters.get_mut(id)) else {
            return;
        };
        letter.flags.extend(add.iter().cloned());
        letter.flags.retain(|flag| !remove.contains(flag));
        if self.habits.labels.is_some() {
            self.expunge(folder, &[uid]);
        }
    }

    /// Takes those of these letters out of the folder that are marked as deleted. One that has no label any more
    /// stays among all, unless it was in the trash or the junk.
    pub(super) fn expunge(&mut self, folder: usize, uids: &[u32]) {
        for uid in uids {
            let id = self.folders[folder].rows.get(uid).copied();
            let Some(letter) = id.and_then(|id| self.letters.get_mut(&id)) else {
                continue;
            };
            if letter.flags.remove(DELETED) && Some(folder) != self.all() {
                self.folders[folder].rows.remove(uid);
            }
        }
    }

    pub(super) fn subjects(&self, folder: &str) -> Vec<String> {
        let folder = self.find(folder).expect("a folder");
        let ids = self.folders[folder].rows.values();
        ids.filter_map(|id| self.letters.get(id))
            .map(|letter| field(&letter.bytes, "Subject").unwrap_or_default())
            .collect()
    }

    pub(super) fn newest_flags(&self, folder: &str) -> Vec<String> {
        let folder = self.find(folder).expect("a folder");
        let newest = self.folders[folder].rows.values().next_back();
        let letter = newest.and_then(|id| self.letters.get(id));
        letter.map_or_else(Vec::new, |letter| letter.flags.iter().cloned().collect())
    }

    fn all(&self) -> Option<usize> {
        self.find(self.habits.labels?.all)
    }

    fn is_away(&self, folder: usize) -> bool {
        let name = &*self.folders[folder].name;
        self.habits
            .labels
            .is_some_and(|labels| labels.away.contains(&name))
    }
}

/// A field of a letter's header, where it stands on one line.
pub(super) fn field(letter: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(letter);
    let header = text.split("\r\n\r\n").next()?;
    header.lines().find_map(|line| {
        let (field, value) = line.split_once(':')?;
        field
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}
