//! Mailboxes: the list with roles and counts, in one round trip where the server can do that, and
//! making, renaming, deleting and subscribing them. STATUS is never asked of the mailbox open on
//! the same connection: it would tell old numbers.

use bytes::Bytes;
use whimbrel_shared::{MailboxList, Role, State};

use super::{
    Error, Result,
    connection::Connection,
    name::MailboxName,
    select,
    wire::{
        command::{Command, Kind},
        response::{Listed, Response},
    },
};

mod listing;
mod roles;
pub mod sizes;
mod tree;

/// How the server builds names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hierarchy {
    /// What stands between levels; `None` if there are none.
    delimiter: Option<u8>,
    /// What names of one's own begin with, such as `INBOX.`; mostly empty.
    prefix: Bytes,
}

/// All mailboxes with roles, rights and counts.
///
/// # Errors
/// When the line is lost or the server refuses LIST.
pub async fn list(conn: &mut Connection) -> Result<MailboxList> {
    let open = listing::open_counts(conn).await?;
    let (listed, mut counts) = listing::listed(conn).await?;
    if let Some((name, numbers)) = open {
        counts.insert(name, numbers);
    }
    listing::add_missing_counts(conn, &listed, &mut counts).await?;
    let totals = counts.iter().map(|(name, (_, total, _))| (name, *total));
    conn.expect(totals);
    let mut list = tree::build(&listed, &counts, conn.mailbox_ids());
    if conn.capabilities().gmail {
        roles::archive_in_all_mail(&mut list);
    }
    Ok(list)
}

/// The mailbox of a role, if there is one.
///
/// # Errors
/// As [`list`].
pub async fn of_role(conn: &mut Connection, role: Role) -> Result<Option<MailboxName>> {
    let list = list(conn).await?;
    let mut mailboxes = list.mailboxes.iter();
    let found = mailboxes.find(|mailbox| mailbox.role == Some(role));
    Ok(found.and_then(|mailbox| conn.mailbox_ids().name(&mailbox.id)))
}

/// What one mailbox looks like, its messages, and those without `\Seen`.
///
/// # Errors
/// [`Error::MailboxGone`].
pub async fn status(conn: &mut Connection, name: &MailboxName) -> Result<(State, u32, u32)> {
    if conn.selected().is_some_and(|open| open.name == *name)
        && let Some((_, counts)) = listing::open_counts(conn).await?
    {
        return Ok(counts);
    }
    let reply = conn.run(listing::status_command(conn, name)?).await;
    let reply = reply.map_err(select::gone_if_missing)?;
    listing::statuses(&reply)
        .next()
        .and_then(listing::counts_of)
        .map(|(_, counts)| counts)
        .ok_or_else(|| Error::Unsupported("the server does not tell a folder's state".to_owned()))
}

/// Makes a mailbox called `name`, as typed, and subscribes to it.
///
/// # Errors
/// [`Error::InvalidName`]; [`Error::No`] with `ALREADYEXISTS` if the name is taken.
pub async fn create(
    conn: &mut Connection,
    parent: Option<&MailboxName>,
    name: &str,
    role: Option<Role>,
) -> Result<MailboxName> {
    let target = place(conn, parent, name).await?;
    let plain = Command::new("CREATE").string(target.wire())?;
    let told = role
        .and_then(roles::attribute)
        .filter(|_| conn.capabilities().create_special_use);
    let created = match told {
        Some(attribute) => match conn.run(plain.clone().words(attribute)).await {
            Err(Error::No { code, .. }) if code.as_deref() != Some("ALREADYEXISTS") => {
                conn.run(plain).await
            }
            Err(Error::Bad(_)) => conn.run(plain).await,
            other => other,
        },
        None => conn.run(plain).await,
    };
    if let Err(error) = created {
        return Err(why_not_made(conn, &target, error).await?);
    }
    quietly_subscribe(conn, std::slice::from_ref(&target), &[]).await?;
    Ok(target)
}

/// Makes a mailbox of this very name again, and subscribes to it. Harmless if it is there.
///
/// # Errors
/// [`Error::No`].
pub async fn create_again(conn: &mut Connection, name: &MailboxName) -> Result<()> {
    let create = Command::new("CREATE").string(name.wire())?;
    let Err(error) = conn.run(create).await else {
        return quietly_subscribe(conn, std::slice::from_ref(name), &[]).await;
    };
    match why_not_made(conn, name, error).await? {
        Error::No { code, .. } if code.as_deref() == Some("ALREADYEXISTS") => Ok(()),
        error => Err(error),
    }
}

/// Gives a mailbox another name or parent. Subscriptions, its children's too, go with it.
///
/// # Errors
/// As [`create`]; [`Error::MailboxGone`].
pub async fn rename(
    conn: &mut Connection,
    from: &MailboxName,
    parent: Option<&MailboxName>,
    name: &str,
) -> Result<MailboxName> {
    let to = place(conn, parent, name).await?;
    if to == *from {
        return Ok(to);
    }
    if from.is_inbox() {
        return Err(Error::InvalidName("the inbox keeps its name".to_owned()));
    }
    let subscribed = subscribed_at_or_below(conn, from).await?;
    deselect(conn, from).await?;
    let rename = Command::new("RENAME")
        .string(from.wire())?
        .string(to.wire())?;
    let renamed = conn.run(rename).await;
    renamed.map_err(|error| match plainly(error) {
        error @ Error::No { .. } => select::gone_if_missing(error),
        other => other,
    })?;
    let moved: Vec<_> = subscribed
        .iter()
        .filter_map(|old| old.wire().strip_prefix(from.wire()))
        .map(|rest| MailboxName::from_wire(&[to.wire(), rest].concat()))
        .collect();
    quietly_subscribe(conn, &moved, &subscribed).await?;
    Ok(to)
}

/// The mailboxes below one that was renamed, by their old and their new names: their names changed with its.
///
/// # Errors
/// When the line is lost.
pub async fn renamed_below(
    conn: &mut Connection,
    from: &MailboxName,
    to: &MailboxName,
) -> Result<Vec<(MailboxName, MailboxName)>> {
    let delimiter = row_of(conn, to).await?.and_then(|row| row.delimiter);
    let Some(delimiter) = delimiter.filter(|_| from != to) else {
        return Ok(Vec::new());
    };
    // A name may hold wildcards itself, and match more than it means.
    let start = [to.wire(), &[delimiter]].concat();
    let list = Command::new("LIST \"\"").string(&[&start, &b"*"[..]].concat())?;
    let rows = listing::rows(conn.run(list).await?);
    let pair = |row: Listed| {
        let rest = row.name.strip_prefix(&*start)?.to_vec();
        let old = [from.wire(), &[delimiter], &rest].concat();
        let new = MailboxName::from_wire(&row.name);
        Some((MailboxName::from_wire(&old), new))
    };
    Ok(rows.filter_map(pair).collect())
}

/// Deletes a mailbox with the messages in it. Mailboxes below it stay.
///
/// # Errors
/// [`Error::MailboxGone`]; [`Error::No`].
pub async fn delete(conn: &mut Connection, name: &MailboxName) -> Result<()> {
    deselect(conn, name).await?;
    let delete = Command::new("DELETE").string(name.wire())?;
    conn.run(delete).await.map_err(select::gone_if_missing)?;
    quietly_subscribe(conn, &[], std::slice::from_ref(name)).await
}

/// Subscribes to a mailbox, or ends that.
///
/// # Errors
/// [`Error::MailboxGone`]; [`Error::No`].
pub async fn subscribe(conn: &mut Connection, name: &MailboxName, on: bool) -> Result<()> {
    let command = Command::new(if on { "SUBSCRIBE" } else { "UNSUBSCRIBE" });
    let command = command.string(name.wire())?;
    let done = conn.run(command).await;
    done.map(drop).map_err(select::gone_if_missing)
}

/// The name of a mailbox called `name` below `parent`, or where one's own mailboxes begin.
///
/// # Errors
/// [`Error::InvalidName`].
pub async fn place(
    conn: &mut Connection,
    parent: Option<&MailboxName>,
    name: &str,
) -> Result<MailboxName> {
    let hierarchy = hierarchy(conn).await?;
    let Some(parent) = parent else {
        let prefix = hierarchy
            .prefix
            .strip_suffix(hierarchy.delimiter.as_slice());
        let top = prefix
            .filter(|top| !top.is_empty())
            .map(MailboxName::from_wire);
        return MailboxName::child(top.as_ref(), name, hierarchy.delimiter);
    };
    let listed = row_of(conn, parent).await?;
    let holds_none = |row: &Listed| row.attributes.iter().any(|a| a == "\\noinferiors");
    if listed.as_ref().is_some_and(holds_none) {
        return Err(Error::InvalidName(
            "this folder holds no folders".to_owned(),
        ));
    }
    let delimiter = listed.map_or(hierarchy.delimiter, |row| row.delimiter);
    MailboxName::child(Some(parent), name, delimiter)
}

/// What LIST says of one mailbox.
async fn row_of(conn: &mut Connection, name: &MailboxName) -> Result<Option<Listed>> {
    let list = Command::new("LIST \"\"").string(name.wire())?;
    let reply = conn.run(list).await?;
    let mut rows = listing::rows(reply);
    Ok(rows.find(|row| MailboxName::from_wire(&row.name) == *name))
}

/// How the server builds names; asked once a connection.
async fn hierarchy(conn: &mut Connection) -> Result<Hierarchy> {
    if let Some(known) = &conn.hierarchy {
        return Ok(known.clone());
    }
    let mut commands = vec![Command::new("LIST \"\" \"\"")];
    if conn.capabilities().namespace {
        commands.push(Command::new("NAMESPACE"));
    }
    let mut hierarchy = Hierarchy {
        delimiter: None,
        prefix: Bytes::new(),
    };
    for reply in conn.pipeline(commands).await? {
        for response in reply.data {
            match response {
                Response::Namespace(prefix, delimiter) => {
                    hierarchy.prefix = prefix;
                    hierarchy.delimiter = delimiter.or(hierarchy.delimiter);
                }
                Response::List(Listed { delimiter, .. }) => hierarchy.delimiter = delimiter,
                _ => {}
            }
        }
    }
    conn.hierarchy = Some(hierarchy.clone());
    Ok(hierarchy)
}

/// Leaves `name` if it is open: servers differ in what they do to a mailbox that goes under
/// someone's feet. Without UNSELECT, EXAMINE comes before CLOSE, which else would expunge.
async fn deselect(conn: &mut Connection, name: &MailboxName) -> Result<()> {
    if conn.selected().is_none_or(|open| open.name != *name) {
        return Ok(());
    }
    let commands = if conn.capabilities().unselect {
        vec![Command::new("UNSELECT").kind(Kind::Deselect)]
    } else {
        vec![
            Command::new("EXAMINE").string(name.wire())?,
            Command::new("CLOSE").kind(Kind::Deselect),
        ]
    };
    conn.pipeline(commands).await.map(drop)
}

async fn subscribed_at_or_below(
    conn: &mut Connection,
    name: &MailboxName,
) -> Result<Vec<MailboxName>> {
    let reply = conn.run(Command::new("LSUB \"\" \"*\"")).await?;
    let rows = reply
        .data
        .into_iter()
        .filter_map(|response| match response {
            Response::List(row) if !row.attributes.iter().any(|a| a == "\\noselect") => Some(row),
            _ => None,
        });
    let is_within = |row: &Listed| match row.name.strip_prefix(name.wire()) {
        Some(rest) => rest.is_empty() || rest.first() == row.delimiter.as_ref(),
        None => false,
    };
    Ok(rows
        .filter(is_within)
        .map(|row| MailboxName::from_wire(&row.name))
        .collect())
}

/// Subscriptions that go along with something else: a refusal is no failure of that.
async fn quietly_subscribe(
    conn: &mut Connection,
    add: &[MailboxName],
    remove: &[MailboxName],
) -> Result<()> {
    let mut commands = Vec::new();
    for name in add {
        commands.push(Command::new("SUBSCRIBE").string(name.wire())?);
    }
    for name in remove {
        commands.push(Command::new("UNSUBSCRIBE").string(name.wire())?);
    }
    while !commands.is_empty() {
        let rest = commands.split_off(commands.len().min(50));
        conn.pipeline(std::mem::replace(&mut commands, rest))
            .await?;
    }
    Ok(())
}

/// Why a mailbox was not made: `ALREADYEXISTS`, [`Error::InvalidName`], or what the server said.
async fn why_not_made(conn: &mut Connection, name: &MailboxName, error: Error) -> Result<Error> {
    let error = plainly(error);
    let Error::No { code: None, text } = error else {
        return Ok(error);
    };
    // Courier 5 says "Cannot create this folder." whatever the reason.
    let is_taken = row_of(conn, name).await?.is_some();
    Ok(Error::No {
        code: is_taken.then(|| "ALREADYEXISTS".to_owned()),
        text,
    })
}

/// A refusal that has no code, by its words: the name is taken, or (Cyrus 3.6, Courier 5: "Invalid mailbox
/// name") none that this server can use.
fn plainly(error: Error) -> Error {
    let Error::No { code: None, text } = error else {
        return error;
    };
    let words = text.to_lowercase();
    if words.contains("exists") {
        let code = Some("ALREADYEXISTS".to_owned());
        Error::No { code, text }
    } else if words.contains("invalid mailbox name") {
        Error::InvalidName("the mail server has no folders of such names".to_owned())
    } else {
        Error::No { code: None, text }
    }
}

#[cfg(test)]
mod tests;
