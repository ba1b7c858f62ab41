//! A deterministic maker of mailboxes: the same plan gives the same letters, byte for byte. They come in
//! threads, languages and old charsets, with files, newsletters, flags and some rough edges; all of it is made up.

mod compose;
mod date;
mod files;
pub mod maildir;
mod mime;
mod people;
pub mod plain;
mod random;
mod texts;

use std::collections::VecDeque;

use people::{Person, Voice};
use random::Random;

/// Which letters to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Everything else follows from this number.
    pub seed: u64,
    /// How many letters.
    pub count: u32,
    /// Whose mailbox it is: the part before the `@` of an address at `whimbrel.example`.
    pub owner: String,
    /// When the newest letter arrives: seconds since the Unix epoch.
    pub until: i64,
    /// How many days before that the oldest arrives.
    pub days: u32,
    /// Where they lie.
    pub spread: Spread,
}

/// Where letters lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// All in the inbox.
    Inbox,
    /// Most in the inbox, the rest in the usual folders and some own ones.
    Folders,
}

/// One letter as it lies in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The folder's wire name with `/` between its parts.
    pub folder: &'static str,
    /// When it arrived: seconds since the Unix epoch.
    pub arrived: i64,
    /// How it is marked.
    pub flags: Flags,
    /// The letter with LF line ends.
    pub raw: Vec<u8>,
}

/// How a letter is marked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags {
    /// It was read.
    pub seen: bool,
    /// It was answered.
    pub answered: bool,
    /// It stands out.
    pub flagged: bool,
    /// It was passed on.
    pub forwarded: bool,
    /// It is being written.
    pub draft: bool,
}

/// Folders besides the usual ones, by wire name: nested, and one with a letter outside ASCII.
pub const OWN_FOLDERS: [&str; 4] = [
    "Projects",
    "Projects/Shoreline",
    "Projects/Reading room",
    "K&APw-stenreise",
];

/// The letters of a plan, oldest first.
pub fn letters(plan: Plan) -> Letters {
    Letters {
        random: Random::new(plan.seed),
        plan,
        made: 0,
        threads: VecDeque::new(),
    }
}

/// Makes letters one by one.
pub struct Letters {
    plan: Plan,
    random: Random,
    made: u32,
    threads: VecDeque<Thread>,
}

/// What a reply has to know.
#[derive(Clone)]
struct Thread {
    subject: String,
    message_ids: Vec<String>,
    voice: &'static Voice,
}

/// One letter before it is written out.
struct Draft<'a> {
    kind: Kind,
    from: Person,
    to: Person,
    voice: &'static Voice,
    subject: String,
    message_id: String,
    references: &'a [String],
    sent_at: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Note,
    Newsletter,
    Document,
    Picture,
    Rough,
}

// Threads that may still get replies.
const OPEN_THREADS: usize = 60;

impl Iterator for Letters {
    type Item = Letter;

    fn next(&mut self) -> Option<Letter> {
        if self.made == self.plan.count {
            return None;
        }
        let arrived = self.arrival();
        let folder = self.folder();
        let number = self.made;
        self.made += 1;
        let kind = self.kind(folder);
        let message_id = format!(
            "{:016x}.{number}@{}",
            self.random.next(),
            ["post.example", "mail.example", "letters.example"][number as usize % 3]
        );
        let thread = self.thread(kind, &message_id);
        let owner = Person::owner(&self.plan.owner);
        let writer = self.writer(kind, thread.voice);
        let own = folder == "Sent" || folder == "Drafts";
        let (from, to) = if own {
            (owner, writer)
        } else {
            (writer, owner)
        };
        let earlier = thread.message_ids.len() - 1;
        let draft = Draft {
            kind,
            from,
            to,
            voice: thread.voice,
            subject: thread.subject.clone(),
            message_id,
            references: &thread.message_ids[..earlier],
            sent_at: arrived - self.random.below(90) as i64,
        };
        Some(Letter {
            folder,
            arrived,
            flags: self.flags(folder, number),
            raw: compose::letter(&draft, &mut self.random),
        })
    }
}

impl Letters {
    // Evenly over the time, with some jitter that keeps the order.
    fn arrival(&mut self) -> i64 {
        let span = i64::from(self.plan.days) * 86_400;
        let step = span / i64::from(self.plan.count);
        let after_start = step * i64::from(self.made + 1);
        let jitter = self.random.below(step.max(1) as u64) as i64;
        self.plan.until - span + after_start - jitter
    }

    fn folder(&mut self) -> &'static str {
        let draw = self.random.below(100);
        match (self.plan.spread, draw) {
            (Spread::Inbox, _) | (Spread::Folders, 0..60) => "INBOX",
            (_, 60..72) => "Archive",
            (_, 72..82) => "Sent",
            (_, 82..85) => "Junk",
            (_, 85..88) => "Trash",
            (_, 88..89) => "Drafts",
            (_, n) => OWN_FOLDERS[n as usize % OWN_FOLDERS.len()],
        }
    }

    fn kind(&mut self, folder: &str) -> Kind {
        match (folder, self.random.below(100)) {
            ("Drafts", _) => Kind::Note,
            ("Junk", _) | (_, 0..14) => Kind::Newsletter,
            (_, 14..20) => Kind::Document,
            (_, 20..24) => Kind::Picture,
            (_, 24) => Kind::Rough,
            _ => Kind::Note,
        }
    }

    fn writer(&mut self, kind: Kind, voice: &'static Voice) -> Person {
        match kind {
            Kind::Newsletter => self.random.pick(people::SENDERS).person(),
            _ => self.random.pick(voice.people).person(),
        }
    }

    // A thread whose last message id is the new letter's.
    fn thread(&mut self, kind: Kind, message_id: &str) -> Thread {
        let goes_on = matches!(kind, Kind::Note | Kind::Document)
            && !self.threads.is_empty()
            && self.random.below(100) < 40;
        if goes_on {
            let index = self.random.below(self.threads.len() as u64) as usize;
            let thread = &mut self.threads[index];
            if !thread.subject.starts_with("Re: ") {
                thread.subject.insert_str(0, "Re: ");
            }
            thread.message_ids.push(message_id.to_owned());
            return thread.clone();
        }
        let voice = people::voice(&mut self.random, kind == Kind::Newsletter);
        let thread = Thread {
            subject: texts::subject(voice, kind == Kind::Newsletter, &mut self.random),
            message_ids: vec![message_id.to_owned()],
            voice,
        };
        if matches!(kind, Kind::Note | Kind::Document) {
            self.threads.push_back(thread.clone());
            if self.threads.len() > OPEN_THREADS {
                self.threads.pop_front();
            }
        }
        thread
    }

    // The last fiftieth is mostly unread, what is older mostly read.
    fn flags(&mut self, folder: &str, number: u32) -> Flags {
        let is_recent = number > self.plan.count - self.plan.count / 50 - 1;
        let own = folder == "Sent" || folder == "Drafts";
        let seen = own || self.random.below(100) < if is_recent { 40 } else { 96 };
        Flags {
            seen,
            answered: seen && !own && self.random.below(100) < 9,
            flagged: self.random.below(100) < 3,
            forwarded: seen && !own && self.random.below(100) < 2,
            draft: folder == "Drafts",
        }
    }
}

#[cfg(test)]
mod tests;
