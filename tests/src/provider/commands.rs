//! The IMAP commands of a provider. What it leaves to others (sign-in, IDLE, LOGOUT) is in the script.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use super::{
    mail::{Letter, Mail, field},
    words::{members, within, words},
};
use crate::{imap_client::quoted, scripted_imap::Mind};

/// When every letter came.
const INTERNALDATE: &str = "02-Nov-2026 10:00:00 +0000";
/// Flags that every folder can keep.
const FLAGS: &str = "\\Answered \\Flagged \\Draft \\Deleted \\Seen";

/// A provider's mail and who looks at it.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) mail: Mail,
    open: BTreeMap<u16, Open>,
    disconnected: BTreeSet<u16>,
}

/// The folder open on a connection, and the messages that it was told of.
#[derive(Debug, Clone)]
struct Open {
    folder: usize,
    known: Vec<u32>,
}

/// Untagged lines and the words after the tag, or just those.
type Said = Result<(String, String), String>;

fn done(untagged: String, words: &str) -> Said {
    Ok((untagged, format!("OK {words}")))
}

impl Mind for Machine {
    fn answer(&mut self, connection: u16, tag: &str, command: &str) -> Option<Vec<u8>> {
        let words = words(command);
        let is_uid = words.first()?.eq_ignore_ascii_case("UID");
        let words = &words[usize::from(is_uid)..];
        let verb = words.first()?.to_uppercase();
        if self.disconnected.contains(&connection) && !matches!(&*verb, "LOGOUT" | "CAPABILITY") {
            let words = "BAD User is authenticated but not connected.";
            return Some(said(tag, "", words));
        }
        let words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let said_of = match (&*verb, &words[..]) {
            ("LIST" | "LSUB", [_, pattern, rest @ ..]) => self.list(&verb, pattern, rest),
            ("NAMESPACE", _) => done(
                "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n".to_owned(),
                "NAMESPACE completed.",
            ),
            ("STATUS", [name, items]) => self.status(name, items),
            ("SELECT" | "EXAMINE", [name, ..]) => self.select(connection, name),
            ("UNSELECT" | "CLOSE", _) => {
                self.open.remove(&connection);
                done(String::new(), "completed.")
            }
            ("NOOP", _) => done(String::new(), "NOOP completed."),
            ("SEARCH", _) => self.search(connection, &words),
            ("FETCH", [set, items]) => self.fetch(connection, is_uid, set, items),
            ("STORE", [set, sign, flags]) => self.store(connection, set, sign, flags),
            ("COPY" | "MOVE", [set, to]) => self.transfer(connection, &verb, set, to),
            ("EXPUNGE", [set]) => self.expunge(connection, set),
            ("APPEND", [to, flags, letter]) => self.append(to, flags, letter),
            ("CREATE", [name]) => {
                self.mail.make(name, "\\HasNoChildren");
                done(String::new(), "CREATE completed.")
            }
            ("DELETE", [name]) => {
                self.mail.remove(name);
                done(String::new(), "DELETE completed.")
            }
            _ => return None,
        };
        let (untagged, words) = match said_of {
            Ok(said) => said,
            Err(refusal) => (String::new(), refusal),
        };
        let news = match &*verb {
            "FETCH" | "SEARCH" | "SELECT" | "EXAMINE" => String::new(),
            _ => self.news(connection),
        };
        Some(said(tag, &format!("{untagged}{news}"), &words))
    }
}

fn said(tag: &str, untagged: &str, words: &str) -> Vec<u8> {
    format!("{untagged}{tag} {words}\r\n").into_bytes()
}

impl Machine {
    pub(super) fn new(mail: Mail) -> Self {
        Self {
            mail,
            open: BTreeMap::new(),
            disconnected: BTreeSet::new(),
        }
    }

    /// Whoever has a folder open hears from now on that it is not connected.
    pub(super) fn disconnect(&mut self) {
        self.disconnected.extend(self.open.keys());
    }

    fn folder(&self, name: &str) -> Result<usize, String> {
        let missing = || format!("NO {}", self.mail.habits.no_folder);
        self.mail.find(name).ok_or_else(missing)
    }

    fn opened(&self, connection: u16) -> Result<Open, String> {
        let open = self.open.get(&connection).cloned();
        open.ok_or_else(|| "BAD Command received in Invalid state.".to_owned())
    }

    fn list(&self, verb: &str, pattern: &str, rest: &[&str]) -> Said {
        let mut lines = String::new();
        if pattern.is_empty() {
            return done(
                format!("* {verb} (\\Noselect) \"/\" \"\"\r\n"),
                "completed.",
            );
        }
        let counts = rest.iter().any(|word| word.contains("STATUS"));
        for folder in &self.mail.folders {
            if pattern != "*" && !pattern.eq_ignore_ascii_case(&folder.name) {
                continue;
            }
            let name = quoted(&folder.name);
            let _ = write!(lines, "* {verb} ({}) \"/\" {name}\r\n", folder.attributes);
            if counts && self.mail.find(&folder.name).is_some() {
                lines += &self.status(&folder.name, rest.last().unwrap_or(&""))?.0;
            }
        }
        done(lines, "completed.")
    }

    fn status(&self, name: &str, items: &str) -> Said {
        let at = self.folder(name)?;
        let folder = &self.mail.folders[at];
        let uids = folder.uids();
        let is_unseen = |uid: &&u32| !self.has(at, **uid, "\\Seen");
        let values: Vec<String> = [
            ("MESSAGES", uids.len().to_string()),
            ("UNSEEN", uids.iter().filter(is_unseen).count().to_string()),
            ("UIDNEXT", folder.uidnext.to_string()),
            ("UIDVALIDITY", folder.uidvalidity.to_string()),
        ]
        .into_iter()
        .filter(|(item, _)| items.contains(item))
        .map(|(item, value)| format!("{item} {value}"))
        .collect();
        let line = format!(
            "* STATUS {} ({})\r\n",
            quoted(&folder.name),
            values.join(" ")
        );
        done(line, "STATUS completed.")
    }

    fn select(&mut self, connection: u16, name: &str) -> Said {
        self.open.remove(&connection);
        let at = self.folder(name)?;
        let folder = &self.mail.folders[at];
        let known = folder.uids();
        let more = if self.mail.habits.has_keywords {
            " \\*"
        } else {
            ""
        };
        let lines = format!(
            "* {} EXISTS\r\n* 0 RECENT\r\n* FLAGS ({FLAGS})\r\n\
             * OK [PERMANENTFLAGS ({FLAGS}{more})] Permanent flags\r\n\
             * OK [UIDVALIDITY {}] UIDVALIDITY value\r\n* OK [UIDNEXT {}] The next unique identifier value\r\n",
            known.len(),
            folder.uidvalidity,
            folder.uidnext
        );
        self.open.insert(connection, Open { folder: at, known });
        done(lines, "[READ-WRITE] SELECT completed.")
    }

    /// What changed in the open folder since this connection was last told.
    fn news(&mut self, connection: u16) -> String {
        let Some(open) = self.open.get_mut(&connection) else {
            return String::new();
        };
        let now = self.mail.folders[open.folder].uids();
        let mut lines = String::new();
        for (at, uid) in open.known.iter().enumerate().rev() {
            if !now.contains(uid) {
                let _ = write!(lines, "* {} EXPUNGE\r\n", at + 1);
            }
        }
        if now.iter().any(|uid| !open.known.contains(uid)) {
            let _ = write!(lines, "* {} EXISTS\r\n", now.len());
        }
        open.known = now;
        lines
    }

    fn has(&self, folder: usize, uid: u32, flag: &str) -> bool {
        let letter = self.mail.letter(folder, uid);
        letter.is_some_and(|letter| letter.flags.contains(flag))
    }

    fn search(&self, connection: u16, keys: &[&str]) -> Said {
        let open = self.opened(connection)?;
        let count = keys.iter().any(|key| key.contains("COUNT"));
        let is_extended = keys
            .first()
            .is_some_and(|key| key.eq_ignore_ascii_case("RETURN"));
        let keys = &keys[if is_extended { 2 } else { 0 }..];
        let mut found: Vec<u32> = open.known.clone();
        let mut keys = keys.iter();
        while let Some(key) = keys.next() {
            let mut argument = || keys.next().copied().unwrap_or_default();
            let text = |uid: &u32| {
                let letter = self.mail.letter(open.folder, *uid);
                letter.map_or_else(String::new, |letter| text(&letter.bytes).to_lowercase())
            };
            match key.to_uppercase().as_str() {
                "ALL" => {}
                "CHARSET" => drop(argument()),
                "UNSEEN" => found.retain(|uid| !self.has(open.folder, *uid, "\\Seen")),
                "DELETED" => found.retain(|uid| self.has(open.folder, *uid, "\\Deleted")),
                "UID" => {
                    let named = members(argument(), &open.known);
                    found.retain(|uid| named.contains(uid));
                }
                "TEXT" | "HEADER" => {
                    let mut wanted = argument();
                    if key.eq_ignore_ascii_case("HEADER") {
                        wanted = argument();
                    }
                    let wanted = wanted.to_lowercase();
                    found.retain(|uid| text(uid).contains(&wanted));
                }
                set if set.starts_with(|c: char| c.is_ascii_digit()) => {
                    let named = by_number(set, &open.known);
                    found.retain(|uid| named.contains(uid));
                }
                _ => return Err("BAD Command Argument Error. 11".to_owned()),
            }
        }
        let uids: Vec<String> = found.iter().map(u32::to_string).collect();
        let line = match (is_extended, count) {
            (true, true) => format!("* ESEARCH UID COUNT {}\r\n", uids.len()),
            (true, false) if uids.is_empty() => "* ESEARCH UID\r\n".to_owned(),
            (true, false) => format!("* ESEARCH UID ALL {}\r\n", uids.join(",")),
            (false, _) => format!("* SEARCH {}\r\n", uids.join(" ")),
        };
        done(line, "SEARCH completed.")
    }

    fn fetch(&self, connection: u16, is_uid: bool, set: &str, items: &str) -> Said {
        let open = self.opened(connection)?;
        let uids = if is_uid {
            members(set, &open.known)
        } else {
            by_number(set, &open.known)
        };
        let mut lines = String::new();
        for uid in uids {
            let Some(letter) = self.mail.letter(open.folder, uid) else {
                continue;
            };
            let number = open.known.iter().position(|known| *known == uid);
            let values: Vec<String> = within(items)
                .iter()
                .map(|item| value(item, uid, letter))
                .collect();
            let number = number.map_or(0, |at| at + 1);
            let _ = write!(lines, "* {number} FETCH ({})\r\n", values.join(" "));
        }
        done(lines, "FETCH completed.")
    }

    fn store(&mut self, connection: u16, set: &str, sign: &str, flags: &str) -> Said {
        let open = self.opened(connection)?;
        let flags = within(flags);
        let is_keyword = |flag: &String| !flag.starts_with('\\');
        if !self.mail.habits.has_keywords && flags.iter().any(is_keyword) {
            return Err("BAD Command Argument Error. 11".to_owned());
        }
        let (add, remove) = if sign.starts_with('+') {
            (flags, Vec::new())
        } else {
            (Vec::new(), flags)
        };
        for uid in members(set, &open.known) {
            self.mail.store(open.folder, uid, &add, &remove);
        }
        done(String::new(), "STORE completed.")
    }

    fn transfer(&mut self, connection: u16, verb: &str, set: &str, to: &str) -> Said {
        let open = self.opened(connection)?;
        let to = self.folder(to)?;
        let mut pairs: Vec<(String, String)> = Vec::new();
        for uid in members(set, &open.known) {
            let there = if verb == "MOVE" {
                self.mail.move_to(open.folder, uid, to)
            } else {
                self.mail.copy(open.folder, uid, to)
            };
            pairs.extend(there.map(|there| (uid.to_string(), there.to_string())));
        }
        if pairs.is_empty() {
            return done(String::new(), &format!("{verb} completed."));
        }
        let (from, there): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        let uidvalidity = self.mail.folders[to].uidvalidity;
        let (from, there) = (from.join(","), there.join(","));
        let code = format!("[COPYUID {uidvalidity} {from} {there}]");
        if verb == "MOVE" {
            return done(format!("* OK {code}\r\n"), "MOVE completed.");
        }
        done(String::new(), &format!("{code} COPY completed."))
    }

    fn expunge(&mut self, connection: u16, set: &str) -> Said {
        let open = self.opened(connection)?;
        self.mail.expunge(open.folder, &members(set, &open.known));
        done(String::new(), "EXPUNGE completed.")
    }

    fn append(&mut self, to: &str, flags: &str, letter: &str) -> Said {
        let to = self.folder(to)?;
        let flags = within(flags).into_iter().collect();
        let uid = self.mail.append(to, letter.as_bytes(), flags);
        let uidvalidity = self.mail.folders[to].uidvalidity;
        done(
            String::new(),
            &format!("[APPENDUID {uidvalidity} {uid}] APPEND completed."),
        )
    }
}

fn by_number(set: &str, known: &[u32]) -> Vec<u32> {
    let numbers: Vec<u32> = (1..).take(known.len()).collect();
    let named = members(set, &numbers);
    named.iter().map(|&n| known[n as usize - 1]).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// One item of FETCH with its value.
fn value(item: &str, uid: u32, letter: &Letter) -> String {
    let flags: Vec<&str> = letter.flags.iter().map(String::as_str).collect();
    match item.to_uppercase().as_str() {
        "UID" => format!("UID {uid}"),
        "FLAGS" => format!("FLAGS ({})", flags.join(" ")),
        "INTERNALDATE" => format!("INTERNALDATE \"{INTERNALDATE}\""),
        "RFC822.SIZE" => format!("RFC822.SIZE {}", letter.bytes.len()),
        "BODYSTRUCTURE" => format!("BODYSTRUCTURE {}", structure(letter)),
        _ => section(item, letter),
    }
}

fn structure(letter: &Letter) -> String {
    let (_, body) = halves(letter);
    let encoding = field(&letter.bytes, "Content-Transfer-Encoding");
    format!(
        "(\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL {} {} {} NIL NIL NIL NIL)",
        quoted(&encoding.unwrap_or_else(|| "7bit".to_owned())),
        body.len(),
        body.lines().count()
    )
}

fn halves(letter: &Letter) -> (String, String) {
    let text = text(&letter.bytes);
    match text.split_once("\r\n\r\n") {
        Some((header, body)) => (format!("{header}\r\n\r\n"), body.to_owned()),
        None => (text, String::new()),
    }
}

/// `BODY.PEEK[section]<0.n>`: header, the one part, or the whole letter. None here is longer than is asked for.
fn section(item: &str, letter: &Letter) -> String {
    let name = item.split(['[', ']']).nth(1).unwrap_or_default();
    let (header, body) = halves(letter);
    let bytes = match name {
        "" => text(&letter.bytes),
        name if name.starts_with("HEADER") => header,
        _ => body,
    };
    let origin = if item.contains('<') { "<0>" } else { "" };
    format!("BODY[{name}]{origin} {{{}}}\r\n{bytes}", bytes.len())
}
