//! Folders that are made anew under an old name, and ten thousand of them.

use std::{
    fs,
    os::unix::fs::chown,
    path::Path,
    time::{Duration, Instant},
};

use whimbrel_shared::{
    Action, Draft, ErrorCode, MailboxList, Message, MessageKey, OutcomeKind, Role, UidSet, path,
};
use whimbrel_tests::{
    app::TestApp, imap_proxy::ImapProxy, letters::plain::letter, world::PASSWORD,
};

use crate::kit::{Desk, mark, somebody, world};

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, whose steps need what came before"
)]
async fn a_folder_that_was_made_anew_never_shows_another_letter_for_an_old_row() {
    let mut desk = Desk::new().await;
    for round in 0..3 {
        let (old_folder, old_letter) = (format!("Round {round}"), letter("Old", "the old one"));
        desk.other.create(&old_folder).await;
        for _ in 0..3 {
            drop(desk.other.append(&old_folder, "", &old_letter).await.good());
        }
        let folder = desk.mailbox(&old_folder).await;
        let before = desk.snapshot(&folder.id).await;
        let key = |uid| MessageKey {
            uidvalidity: before.uidvalidity,
            uid,
        };
        let uids: Vec<u32> = before.uids.iter().collect();
        // One of them has been opened, and lies in the server's cache.
        drop(
            desk.client
                .get(&path::message(&folder.id, key(uids[0])))
                .await
                .good(),
        );
        desk.other.delete(&old_folder).await;
        tokio::time::sleep(Duration::from_millis(1_100)).await; // Dovecot numbers by the second
        desk.other.create(&old_folder).await;
        for _ in 0..3 {
            drop(
                desk.other
                    .append(&old_folder, "", &letter("New", "the new one"))
                    .await
                    .good(),
            );
        }
        for &uid in &uids {
            for url in [
                path::message(&folder.id, key(uid)),
                path::body(&folder.id, key(uid)),
            ] {
                let response = desk.client.get(&url).await;
                if response.status().is_success() {
                    assert!(!response.text().contains("the new one"), "{url}");
                } else {
                    assert_eq!(response.error().code, ErrorCode::MessageGone, "{url}");
                }
            }
        }
        let all = &before.uids;
        let destroy = Action::Destroy {
            mailbox_id: folder.id.clone(),
            uidvalidity: before.uidvalidity,
            uids: all.clone(),
        };
        for action in [mark(&folder.id, &before, all, &["$flagged"], &[]), destroy] {
            let outcome = desk.perform(action).await;
            assert!(
                !matches!(outcome, OutcomeKind::Applied { .. }),
                "{outcome:?}"
            );
        }
        let after = desk.snapshot(&folder.id).await;
        assert_ne!(after.uidvalidity, before.uidvalidity);
        assert_eq!(after.envelopes.len(), 3);
        assert!(
            after
                .envelopes
                .iter()
                .all(|row| row.subject == "New" && !row.keywords.contains("$flagged"))
        );
        let changes = path::changes(&folder.id, &before.state, &UidSet::one(uids[0]));
        assert!(
            desk.client
                .get(&changes)
                .await
                .good()
                .text()
                .contains("startOver")
        );
        let opened: Message = desk.newest(&folder.id).await;
        assert_eq!(opened.text.trim(), "the new one");
    }
}

/// Lays folders into a Maildir as Dovecot would have: `count` of them, the deepest of `depth` levels.
fn lay(maildir: &Path, owner: (u32, u32), count: usize, depth: usize) {
    let make = |dir: &Path| {
        fs::create_dir(dir).expect("a folder");
        if rustix_is_root() {
            chown(dir, Some(owner.0), Some(owner.1)).expect("a folder to give away");
        }
    };
    let mut names = vec![String::new()];
    let mut made = 0;
    for level in 0..depth {
        let name = format!("{}.d{level}", names.last().expect("a name"));
        names.push(name);
    }
    let deep = names.split_off(1);
    let flat = (0..count - depth).map(|number| format!(".Year {}.Project {number}", number / 500));
    let years = (0..(count - depth).div_ceil(500)).map(|year| format!(".Year {year}"));
    let mut subscriptions = String::new();
    for name in deep.into_iter().chain(years).chain(flat).take(count) {
        let dir = maildir.join(&name);
        for dir in [
            dir.clone(),
            dir.join("cur"),
            dir.join("new"),
            dir.join("tmp"),
        ] {
            make(&dir);
        }
        fs::write(dir.join("maildirfolder"), "").expect("a file");
        subscriptions += &format!("{}\n", name.trim_start_matches('.'));
        made += 1;
    }
    fs::write(maildir.join("subscriptions"), subscriptions).expect("a file");
    assert_eq!(made, count);
}

fn rustix_is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0)
}

#[tokio::test]
async fn ten_thousand_folders_fifty_deep_are_listed_in_three_seconds_and_not_asked_one_by_one() {
    const FOLDERS: usize = 10_000;
    let world = world().await;
    let address = somebody();
    let maildir = world.dovecot.maildir(&address).expect("a Maildir");
    let owner = world.dovecot.owner();
    lay(&maildir, (owner.uid, owner.gid), FOLDERS, 50);
    let proxy = ImapProxy::before(world.dovecot.ports.imap).expect("a proxy");
    let app = TestApp::with_imap_port(world, proxy.port).await;
    let mut client = app.client();
    client.sign_in(&address, PASSWORD).await;
    let list = async || {
        let began = Instant::now();
        let list: MailboxList = client.get(path::MAILBOXES).await.good().json();
        (list, began.elapsed())
    };
    let (first, cold) = list().await;
    assert!(
        first.mailboxes.len() >= FOLDERS,
        "{}",
        first.mailboxes.len()
    );
    assert!(cold < Duration::from_secs(29), "{cold:?}");
    let (again, warm) = list().await;
    assert!(
        warm < Duration::from_secs(3),
        "{warm:?} (the first time: {cold:?})"
    );
    assert_eq!(again.mailboxes.len(), first.mailboxes.len());
    let asked = proxy
        .heard()
        .iter()
        .filter(|line| line.contains(" STATUS \"") || line.contains(" STATUS Y"))
        .count();
    assert!(asked <= 2 * 200, "{asked} STATUS commands");
    let mut deepest = 0;
    let mut level = again.mailboxes.iter().find(|mailbox| mailbox.name == "d49");
    while let Some(mailbox) = level {
        deepest += 1;
        level = again
            .mailboxes
            .iter()
            .find(|above| Some(&above.id) == mailbox.parent_id.as_ref());
    }
    assert_eq!(deepest, 50);
}

#[tokio::test]
async fn what_one_writes_is_kept_where_the_drafts_are_numbered_anew() {
    let mut desk = Desk::new().await;
    let first = saved(&mut desk, "one", None).await;
    desk.other.delete("Drafts").await;
    tokio::time::sleep(Duration::from_millis(1_100)).await; // Dovecot numbers by the second
    desk.other.create("Drafts").await;
    // A stranger's letter has the number that the draft had.
    let theirs = letter("Not ours", "Leave me alone.");
    drop(desk.other.append("Drafts", "\\Draft", &theirs).await.good());
    let second = saved(&mut desk, "two", Some(first)).await;
    let third = saved(&mut desk, "three", Some(second)).await;
    let drafts = desk.role(Role::Drafts).await.id;
    let rows = desk.snapshot(&drafts).await.envelopes;
    let subjects: Vec<_> = rows.iter().map(|row| row.subject.as_str()).collect();
    assert_eq!(subjects, ["Plan", "Not ours"]);
    let ours = desk.client.get(&path::message(&drafts, third)).await.good();
    assert!(ours.text().contains("three"), "{}", ours.text());
}

/// Saves a draft of this text, and tells where it is.
async fn saved(desk: &mut Desk, text: &str, replaces: Option<MessageKey>) -> MessageKey {
    let draft = Draft {
        subject: "Plan".to_owned(),
        text: text.to_owned(),
        message_id: "plan@whimbrel.example".to_owned(),
        ..Draft::default()
    };
    let draft = Box::new(draft);
    let OutcomeKind::Applied { moved, .. } =
        desk.perform(Action::SaveDraft { draft, replaces }).await
    else {
        panic!("not saved: {text}")
    };
    moved[0].key
}
