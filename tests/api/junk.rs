//! Junk: moved, and marked so that mail servers and other programs learn from it.

use std::collections::BTreeSet;

use whimbrel_shared::{Action, Keyword, MailboxId, MailboxSnapshot, Role};
use whimbrel_tests::letters::plain::letter;

use crate::kit::{Desk, assert_applied};

/// What the app asks for when somebody says "Junk" or "Not junk".
fn judged(from: &(MailboxId, MailboxSnapshot), to: &MailboxId, is_junk: bool) -> Action {
    let (junk, not_junk) = (vec![Keyword::new("$junk")], vec![Keyword::new("$notjunk")]);
    let (add, remove) = if is_junk {
        (junk, not_junk)
    } else {
        (not_junk, junk)
    };
    Action::Move {
        mailbox_id: from.0.clone(),
        uidvalidity: from.1.uidvalidity,
        uids: from.1.uids.clone(),
        to: to.clone(),
        add,
        remove,
    }
}

/// The marks of all messages of a folder, as another program sees them.
async fn marks(desk: &mut Desk, folder: &str) -> Vec<BTreeSet<String>> {
    desk.other.select(folder).await;
    let flags = desk.other.flags().await;
    let marks = |flags: BTreeSet<String>| {
        let kept = flags
            .into_iter()
            .filter(|flag| flag.to_lowercase().contains("junk"));
        kept.map(|flag| flag.to_lowercase()).collect()
    };
    flags.into_values().map(marks).collect()
}

#[tokio::test]
async fn other_programs_see_what_was_said_of_it_and_never_both() {
    let texts: Vec<_> = (0..3).map(|n| letter(&format!("{n}"), "text")).collect();
    let letters: Vec<(&str, &[u8])> = ["", "$NotJunk NonJunk", "$Junk Junk"]
        .into_iter()
        .zip(texts.iter().map(Vec::as_slice))
        .collect();
    let mut desk = Desk::with_letters(&letters).await;
    let junk = desk.role(Role::Junk).await;
    let inbox = desk.inbox().await;
    assert_applied(&desk.perform(judged(&inbox, &junk.id, true)).await);
    assert_eq!(marks(&mut desk, "INBOX").await.len(), 0);
    for marks in marks(&mut desk, &junk.name).await {
        assert!(marks.contains("$junk"), "{marks:?}");
        assert!(
            !marks.contains("$notjunk") && !marks.contains("nonjunk"),
            "{marks:?}"
        );
    }

    let in_junk = (junk.id.clone(), desk.snapshot(&junk.id).await);
    assert_eq!(in_junk.1.uids.len(), 3);
    assert_applied(&desk.perform(judged(&in_junk, &inbox.0, false)).await);
    assert_eq!(marks(&mut desk, &junk.name).await.len(), 0);
    let back = marks(&mut desk, "INBOX").await;
    assert_eq!(back.len(), 3);
    for marks in back {
        assert!(marks.contains("$notjunk"), "{marks:?}");
        assert!(
            !marks.contains("$junk") && !marks.contains("junk"),
            "{marks:?}"
        );
    }
}
