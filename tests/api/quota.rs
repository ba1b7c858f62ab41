//! A mailbox with a limit: how full it is, what fills it, and what a full one does to letters.

use std::time::Duration;

use whimbrel_shared::{
    Action, Address, Draft, ErrorCode, Event, FolderSize, OutcomeKind, Quota, Role, UidSet, path,
};
use whimbrel_tests::{dovecot::Person, letters::plain::letter, world::PASSWORD};

use crate::{
    events::await_event,
    kit::{Desk, assert_applied, offers, second_program, somebody, world},
};

/// Somebody with room for so many bytes, signed in.
async fn desk_with_room(room: u64) -> Desk {
    let address = somebody();
    give_room(&address, room).await;
    Desk::of(address).await
}

/// Holds for connections made from now on.
async fn give_room(address: &str, quota: u64) {
    let person = Person {
        quota,
        ..Person::new(address, PASSWORD)
    };
    let changed = world().await.set_person(person).await;
    changed.expect("another limit");
}

async fn quota(desk: &Desk) -> Option<Quota> {
    desk.client.get(path::QUOTA).await.good().json()
}

/// A letter of as many bytes, and a few more: some servers count line ends as one.
fn of_size(bytes: usize) -> Vec<u8> {
    let line = "The tide goes out, and the waders come to the wide open flats of the estuary.\r\n";
    letter("Large", &line.repeat(bytes / 77))
}

fn to(email: &str) -> Vec<Address> {
    vec![Address {
        name: String::new(),
        email: email.to_owned(),
    }]
}

fn draft(subject: &str, recipient: &str) -> Box<Draft> {
    Box::new(Draft {
        to: to(recipient),
        subject: subject.to_owned(),
        text: "What must not be lost.\n".repeat(500),
        ..Draft::default()
    })
}

#[tokio::test]
async fn how_full_it_is_comes_in_bytes_where_the_server_says_so() {
    let mut desk = desk_with_room(1 << 20).await;
    drop(
        desk.other
            .append("INBOX", "", &of_size(300_000))
            .await
            .good(),
    );
    let quota = quota(&desk).await;
    if !offers("QUOTA").await {
        assert_eq!(quota, None);
        return;
    }
    let quota = quota.expect("a limit");
    assert_eq!(quota.limit, 1 << 20);
    assert!((300_000..330_000).contains(&quota.used), "{quota:?}");
}

#[tokio::test]
async fn it_is_told_soon_after_mail_comes_and_at_once_after_a_deletion() {
    if !offers("QUOTA").await {
        return;
    }
    let desk = desk_with_room(1 << 20).await;
    let (inbox, _) = desk.inbox().await;
    let mut events = desk.client.events(&path::events(Some(&inbox))).await;
    let told = |wanted: fn(u64) -> bool| {
        move |event: &Event| match event {
            Event::Quota { quota: Some(quota) } if wanted(quota.used) => Some(*quota),
            _ => None,
        }
    };
    let first = Duration::from_secs(10);
    let (empty, _) = await_event(&mut events, first, told(|_| true)).await;
    assert_eq!((empty.used, empty.limit), (0, 1 << 20));
    let recipient = &desk.address;
    let delivered = world().await.deliver(recipient, &of_size(200_000)).await;
    delivered.expect("delivered");
    let (full, _) = await_event(&mut events, Duration::from_secs(45), told(|used| used > 0)).await;
    assert!((200_000..230_000).contains(&full.used), "{full:?}");

    // Another tab is told what is known.
    let mut second = desk.client.events(path::EVENTS).await;
    let (known, _) = await_event(&mut second, Duration::from_secs(2), told(|_| true)).await;
    assert_eq!(known, full);

    let (inbox, snapshot) = desk.inbox().await;
    let destroy = Action::Destroy {
        mailbox_id: inbox,
        uidvalidity: snapshot.uidvalidity,
        uids: UidSet::one(snapshot.uids.last().expect("the letter")),
    };
    assert_applied(&desk.perform(destroy).await);
    await_event(&mut events, Duration::from_secs(5), told(|used| used == 0)).await;
}

#[tokio::test]
async fn the_largest_folders_come_first() {
    let mut desk = Desk::new().await;
    desk.other.create("Estuary").await;
    desk.other.create("Gr&APYA3w-e &-c").await;
    for (folder, size) in [
        ("INBOX", 1000),
        ("INBOX", 1000),
        ("Estuary", 90_000),
        ("Gr&APYA3w-e &-c", 50_000),
    ] {
        drop(desk.other.append(folder, "", &of_size(size)).await.good());
    }
    let sizes: Vec<FolderSize> = desk.client.get(path::FOLDER_SIZES).await.good().json();
    let list = desk.list().await;
    let named: Vec<(&str, u32)> = sizes
        .iter()
        .map(|folder| {
            let known = list.mailboxes.iter().find(|m| m.id == folder.mailbox_id);
            (known.expect("a folder").name.as_str(), folder.messages)
        })
        .collect();
    if !offers("STATUS=SIZE").await {
        assert_eq!(named[0], ("Inbox", 2), "by number of messages");
        assert!(sizes.iter().all(|folder| folder.size.is_none()));
    } else {
        assert_eq!(named, [("Estuary", 1), ("Größe &c", 1), ("Inbox", 2)]);
        let first = sizes[0].size.expect("a size");
        assert!((90_000..100_000).contains(&first), "{first}");
    }
}

#[tokio::test]
async fn a_draft_that_does_not_fit_is_refused_in_plain_words_and_fits_once_there_is_room() {
    let mut desk = desk_with_room(20_000).await;
    drop(
        desk.other
            .append("INBOX", "", &of_size(10_000))
            .await
            .good(),
    );
    let save = || Action::SaveDraft {
        draft: draft("No room", "somebody@whimbrel.example"),
        replaces: None,
    };
    let OutcomeKind::Refused { error, .. } = desk.perform(save()).await else {
        panic!("it fits")
    };
    assert_eq!(error.code, ErrorCode::OverQuota);
    assert!(error.message.contains("full"), "{error}");
    assert!(error.remedy.contains("Delete"), "{error}");
    assert_eq!(desk.role(Role::Drafts).await.total_emails, 0);

    desk.other.select("INBOX").await;
    desk.other.expunge("1").await;
    assert_applied(&desk.perform(save()).await);
}

#[tokio::test]
async fn a_newer_version_that_does_not_fit_leaves_the_older_one() {
    let desk = desk_with_room(16_000).await;
    let save = |subject, replaces| Action::SaveDraft {
        draft: draft(subject, "somebody@whimbrel.example"),
        replaces,
    };
    let OutcomeKind::Applied { moved, .. } = desk.perform(save("One", None)).await else {
        panic!("it does not fit")
    };
    let newer = desk.perform(save("Two", Some(moved[0].key))).await;
    assert!(matches!(newer, OutcomeKind::Refused { .. }), "{newer:?}");
    let drafts = desk.role(Role::Drafts).await;
    assert_eq!(desk.newest(&drafts.id).await.subject, "One");
}

#[tokio::test]
async fn a_letter_without_room_for_its_copy_goes_out_once_and_its_draft_stays() {
    let friend = Desk::new().await;
    let desk = desk_with_room(16_000).await;
    let written = draft("Out it goes", &friend.address);
    let save = Action::SaveDraft {
        draft: written.clone(),
        replaces: None,
    };
    let OutcomeKind::Applied { moved, .. } = desk.perform(save).await else {
        panic!("it does not fit")
    };
    let send = Action::Send {
        draft: written,
        replaces: Some(moved[0].key),
    };
    let operation = crate::kit::operation(send);
    for _ in 0..2 {
        let outcomes = desk.perform_all(std::slice::from_ref(&operation)).await;
        let OutcomeKind::Applied {
            warning: Some(warning),
            is_copy_missing: true,
            ..
        } = &outcomes[0].outcome
        else {
            panic!("{outcomes:?}")
        };
        for words in ["sent", "full", "Delete", "Drafts"] {
            assert!(warning.contains(words), "{warning}");
        }
    }
    let drafts = desk.role(Role::Drafts).await;
    assert_eq!(desk.newest(&drafts.id).await.subject, "Out it goes");
    assert_eq!(desk.role(Role::Sent).await.total_emails, 0);
    let mut program = second_program(&friend.address).await;
    for _ in 0..100 {
        if program.select("INBOX").await.exists > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(program.select("INBOX").await.exists, 1, "sent once");
}
