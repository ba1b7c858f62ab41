//! Marks: the one place where IMAP's flags become keywords and back, and STORE.

use whimbrel_shared::{Keyword, Keywords, UidSet, UidValidity};

use super::{
    Error, Result,
    connection::{Connection, flight::Reply},
    name::MailboxName,
    search,
    select::{self, Selected},
    uids as known_uids,
    wire::command::{Command, Set},
};

/// Keyword and the flag that is written for it.
const WRITTEN: [(&str, &str); 9] = [
    (Keyword::SEEN, "\\Seen"),
    (Keyword::ANSWERED, "\\Answered"),
    (Keyword::FLAGGED, "\\Flagged"),
    (Keyword::DRAFT, "\\Draft"),
    ("$deleted", "\\Deleted"),
    (Keyword::FORWARDED, "$Forwarded"),
    (Keyword::JUNK, "$Junk"),
    (Keyword::NOT_JUNK, "$NotJunk"),
    ("$mdnsent", "$MDNSent"),
];

/// Older names, read as the keyword and taken away with it.
const ALIASES: [(&str, &str); 3] = [
    (Keyword::JUNK, "Junk"),           // Thunderbird
    (Keyword::NOT_JUNK, "NonJunk"),    // Thunderbird
    (Keyword::FORWARDED, "Forwarded"), // KMail
];

/// Marks that are merely a help: a folder that cannot keep them is no reason to refuse.
const ADVISORY: [&str; 4] = [
    Keyword::FORWARDED,
    Keyword::JUNK,
    Keyword::NOT_JUNK,
    "$mdnsent",
];

/// The keywords of these flags. `\Recent` is nobody's mark and left out.
pub(super) fn from_flags(flags: &[String]) -> Keywords {
    let mut all: Vec<_> = flags.iter().filter_map(|flag| from_flag(flag)).collect();
    all.sort_unstable(); // hundreds in the worst order would be put in their places one by one
    all.into_iter().collect()
}

fn from_flag(flag: &str) -> Option<Keyword> {
    let known = WRITTEN.iter().chain(&ALIASES);
    let known = known
        .filter(|(_, written)| written.eq_ignore_ascii_case(flag))
        .map(|(keyword, _)| Keyword::new(keyword))
        .next();
    known.or_else(|| (!flag.starts_with('\\') && !flag.is_empty()).then(|| Keyword::new(flag)))
}

/// The flag that is written for a keyword.
pub(super) fn to_flag(keyword: &Keyword) -> String {
    let known = WRITTEN.iter().find(|(name, _)| *name == keyword.as_str());
    known.map_or_else(
        || keyword.as_str().to_owned(),
        |(_, flag)| (*flag).to_owned(),
    )
}

/// Adds and takes away marks; gives the messages that were there.
///
/// # Errors
/// [`Error::Unsupported`] if the folder can keep none of the marks to add.
pub async fn store(
    conn: &mut Connection,
    name: &MailboxName,
    uidvalidity: UidValidity,
    uids: &UidSet,
    add: &[Keyword],
    remove: &[Keyword],
) -> Result<UidSet> {
    let selected = select::select_as(conn, name, uidvalidity).await?;
    select::catch_up(conn, name, uids.last()).await?;
    let add = storable(&selected, add)?;
    let mut taken: Vec<_> = remove.iter().map(to_flag).collect();
    let aliases = ALIASES.iter().filter(|(alias_of, _)| {
        let alias_of = Keyword::new(alias_of);
        remove.contains(&alias_of)
    });
    taken.extend(aliases.map(|(_, flag)| (*flag).to_owned()));
    // What cannot be kept is not there, and Exchange does not even take its name.
    taken.retain(|flag| can_keep(&selected, flag));
    let mut commands = stores(uids, &add, &taken)?;
    if commands.len() == 1 {
        return Ok(uids.clone()); // nothing that the folder could keep
    }
    // Whoever is there afterwards, was there to be marked. Dovecot runs commands that come together on
    // what it saw before, and only then tells what is gone.
    let before = known_uids::remembered(conn, name);
    for set in Set::of(uids) {
        commands.push(search::begin(conn, true).words("UID").set(&set));
    }
    let replies = run_all(conn, commands).await?;
    note_silent_change(conn);
    let found = replies.iter().filter_map(Reply::found);
    let there = found.fold(UidSet::new(), |all, found| all.union(&found.uids));
    let gone = known_uids::gone_since(conn, name, &before);
    Ok(there.intersection(uids).difference(&gone))
}

/// STORE on the open mailbox.
pub(super) async fn store_flags(
    conn: &mut Connection,
    uids: &UidSet,
    add: &[String],
    remove: &[String],
) -> Result<()> {
    let commands = stores(uids, add, remove)?;
    if commands.len() > 1 {
        run_all(conn, commands).await?;
        note_silent_change(conn);
    }
    Ok(())
}

fn stores(uids: &UidSet, add: &[String], remove: &[String]) -> Result<Vec<Command>> {
    let mut commands = vec![Command::new("NOOP")]; // mail that came a moment ago is known then
    for set in Set::of(uids) {
        for (sign, flags) in [("+FLAGS.SILENT", add), ("-FLAGS.SILENT", remove)] {
            if !flags.is_empty() {
                let store = Command::new("UID STORE").set(&set).words(sign);
                commands.push(store.flags(flags)?);
            }
        }
    }
    Ok(commands)
}

/// What was silent to us is not so to STATUS; with CONDSTORE the answer told the new MODSEQ.
fn note_silent_change(conn: &mut Connection) {
    if let Some(selected) = &mut conn.selected
        && selected.highest_modseq.is_none()
    {
        selected.note_change();
    }
}

/// Runs commands a few at a time, so that neither side waits for the other to read.
pub(super) async fn run_all(conn: &mut Connection, commands: Vec<Command>) -> Result<Vec<Reply>> {
    let mut commands = commands.into_iter().peekable();
    let mut replies = Vec::with_capacity(commands.len());
    while commands.peek().is_some() {
        let batch = commands.by_ref().take(4).collect();
        for reply in conn.pipeline(batch).await? {
            replies.push(reply.ok()?);
        }
    }
    Ok(replies)
}

/// Whether the open folder can keep this flag.
fn can_keep(selected: &Selected, flag: &str) -> bool {
    let mut kept = selected.permanent_flags.iter();
    flag.starts_with('\\')
        || selected.can_store_keywords
        || kept.any(|kept| kept.eq_ignore_ascii_case(flag))
}

/// The flags of `add` that the open folder can keep.
fn storable(selected: &Selected, add: &[Keyword]) -> Result<Vec<String>> {
    let is_kept = |keyword: &&Keyword| can_keep(selected, &to_flag(keyword));
    let (kept, lost): (Vec<_>, Vec<_>) = add.iter().partition(is_kept);
    let matters = |keyword: &&&Keyword| !ADVISORY.contains(&keyword.as_str());
    if let Some(keyword) = lost.iter().find(matters).filter(|_| kept.is_empty()) {
        return Err(Error::Unsupported(format!(
            "this folder cannot keep the mark {keyword}"
        )));
    }
    Ok(kept.into_iter().map(to_flag).collect())
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::Keyword;

    use super::{from_flags, to_flag};

    #[test]
    fn flags_and_keywords_mean_the_same_both_ways() {
        let flags = [
            "\\SEEN",
            "\\Recent",
            "$forwarded",
            "NonJunk",
            "Work",
            "work",
            "",
        ];
        let flags: Vec<_> = flags.map(str::to_owned).into();
        let keywords: Vec<_> = from_flags(&flags).iter().cloned().collect();
        let names: Vec<_> = keywords.iter().map(Keyword::as_str).collect();
        assert_eq!(names, ["$forwarded", "$notjunk", "$seen", "work"]);
        assert_eq!(to_flag(&Keyword::new("$SEEN")), "\\Seen");
        assert_eq!(to_flag(&Keyword::new("$forwarded")), "$Forwarded");
        assert_eq!(to_flag(&Keyword::new("label")), "label");
    }
}
