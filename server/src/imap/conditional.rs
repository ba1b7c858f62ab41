//! Taking a message away only if it still looks as it did (UNCHANGEDSINCE, RFC 7162 §3.1.3), so that
//! nothing that others did to it meanwhile is lost. Without CONDSTORE it is taken away as it is.

use whimbrel_shared::{Keywords, MessageKey, UidSet};

use super::{
    Result,
    connection::Connection,
    keywords,
    name::MailboxName,
    select, transfer,
    wire::command::{Command, Kind, Set},
};

/// What a message was marked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Its keywords.
    pub keywords: Keywords,
    /// Its MODSEQ; `None` where changes are not numbered.
    modseq: Option<u64>,
}

/// What became of a message that was to be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is gone.
    Gone,
    /// It looks different by now, and is still there.
    Changed,
}

/// What a message is marked with now; `None` if it is gone.
///
/// # Errors
/// [`super::Error::UidValidityChanged`], [`super::Error::MailboxGone`].
pub async fn look(
    conn: &mut Connection,
    name: &MailboxName,
    key: MessageKey,
) -> Result<Option<Look>> {
    let selected = select::select_as(conn, name, key.uidvalidity).await?;
    select::catch_up(conn, name, Some(key.uid)).await?;
    let fetch = Command::new("UID FETCH").kind(Kind::Fetch);
    let fetch = fetch.set(&Set::one(key.uid));
    let fetch = fetch.words(match selected.highest_modseq {
        Some(_) => "(UID FLAGS MODSEQ)",
        None => "(UID FLAGS)",
    });
    let mut reply = conn.run(fetch).await?;
    let row = reply.rows().filter(|row| row.uid == Some(key.uid)).last();
    Ok(row.and_then(|row| {
        Some(Look {
            keywords: keywords::from_flags(&row.flags?),
            modseq: row.modseq,
        })
    }))
}

/// Deletes a message for ever, if it still looks like this.
///
/// # Errors
/// [`super::Error::UidValidityChanged`], [`super::Error::MailboxGone`].
pub async fn destroy(
    conn: &mut Connection,
    name: &MailboxName,
    key: MessageKey,
    seen: &Look,
) -> Result<Fate> {
    select::select_as(conn, name, key.uidvalidity).await?;
    if let Some(modseq) = seen.modseq {
        let store = Command::new("UID STORE").set(&Set::one(key.uid));
        let store = store.words("(UNCHANGEDSINCE").number(modseq).close();
        let store = store.words("+FLAGS.SILENT (\\Deleted)");
        for reply in conn.pipeline(vec![store]).await? {
            // Said in OK as well as in NO.
            if reply.code("MODIFIED").is_some() {
                return Ok(Fate::Changed);
            }
            reply.ok()?;
        }
    }
    transfer::destroy(conn, name, key.uidvalidity, &UidSet::one(key.uid)).await?;
    Ok(Fate::Gone)
}

#[cfg(test)]
mod tests {
    use whimbrel_shared::MessageKey;

    use super::{Fate, destroy, look};
    use crate::imap::{
        name::MailboxName,
        scripted::{SELECT, USUAL, signed_in},
    };

    #[tokio::test]
    async fn what_changed_since_it_was_seen_stays() {
        let (mut conn, _server) = signed_in(
            USUAL,
            &[
                SELECT,
                (
                    "UID FETCH 8 (UID FLAGS MODSEQ)",
                    "* 2 FETCH (UID 8 FLAGS (\\Draft) MODSEQ (41))\r\nTAG OK\r\n",
                ),
                (
                    "UID STORE 8 (UNCHANGEDSINCE 41) +FLAGS.SILENT (\\Deleted)",
                    "* 2 FETCH (UID 8 FLAGS (\\Draft \\Flagged) MODSEQ (51))\r\n\
                     TAG OK [MODIFIED 8] not done\r\n",
                ),
            ],
        )
        .await;
        let inbox = MailboxName::inbox();
        let key = MessageKey {
            uidvalidity: 7,
            uid: 8,
        };
        let seen = look(&mut conn, &inbox, key).await.unwrap().unwrap();
        assert!(seen.keywords.contains("$draft"));
        let fate = destroy(&mut conn, &inbox, key, &seen).await.unwrap();
        assert_eq!(fate, Fate::Changed);
    }
}
