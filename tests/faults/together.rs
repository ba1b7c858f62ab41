//! Several programs at one mailbox at the same time: two tabs, a phone, and others that delete what is being
//! looked at. All agree in the end, and no message is taken for its neighbour.

use std::{collections::BTreeSet, time::Duration};

use whimbrel_shared::{
    Action, ErrorCode, Event, MailboxId, MailboxSnapshot, Message, MessageKey, OutcomeKind, Role,
    UidSet, path,
};
use whimbrel_tests::{
    client::{EventStream, TestClient},
    letters::plain::letter,
};

use crate::kit::{Desk, assert_applied, has, mark, operation};

async fn letters(count: usize) -> (Desk, MailboxId, MailboxSnapshot) {
    let mut desk = Desk::new().await;
    for number in 1..=count {
        let one = letter(&format!("Letter {number}"), &format!("text {number}"));
        drop(desk.other.append("INBOX", "", &one).await.good());
    }
    let (inbox, snapshot) = desk.inbox().await;
    (desk, inbox, snapshot)
}

/// A tab: what it shows is asked again whenever it is told of news.
struct Tab {
    client: TestClient,
    events: EventStream,
    inbox: MailboxId,
}

impl Tab {
    async fn open(client: &TestClient, inbox: &MailboxId) -> Self {
        let client = client.clone();
        let mut events = client.events(&path::events(Some(inbox))).await;
        assert_eq!(events.next().await, Some(Event::Hello));
        let inbox = inbox.clone();
        Self {
            client,
            events,
            inbox,
        }
    }

    async fn shown(&self) -> BTreeSet<String> {
        let url = path::mailbox(&self.inbox, 50);
        let snapshot: MailboxSnapshot = self.client.get(&url).await.good().json();
        let row = snapshot.envelopes.first().expect("a row");
        ["$seen", "$flagged", "$answered", "work"]
            .into_iter()
            .filter(|k| has(row, k))
            .map(str::to_owned)
            .collect()
    }

    /// Until it shows this, looking again at news only.
    async fn comes_to_show(&mut self, wanted: &[&str]) {
        let wanted: BTreeSet<String> = wanted.iter().map(|word| (*word).to_owned()).collect();
        let looking = async {
            while self.shown().await != wanted {
                self.events.next().await.expect("news");
            }
        };
        let shown = tokio::time::timeout(Duration::from_secs(10), looking).await;
        shown.unwrap_or_else(|_| panic!("a tab does not come to show {wanted:?}"));
    }
}

#[tokio::test]
async fn two_tabs_and_a_phone_agree_on_the_marks_of_a_letter() {
    let (mut desk, inbox, snapshot) = letters(1).await;
    let uid = snapshot.uids.first().expect("a letter").to_string();
    let (mut left, mut right) = (
        Tab::open(&desk.client, &inbox).await,
        Tab::open(&desk.client, &inbox).await,
    );
    desk.other.select("INBOX").await;
    for _ in 0..2 {
        let marks = operation(mark(
            &inbox,
            &snapshot,
            &snapshot.uids,
            &["$flagged", "work"],
            &[],
        ));
        drop(left.client.post(path::OPERATIONS, &[marks]).await.good());
        desk.other.store(&uid, "+FLAGS (\\Seen)").await;
        let marks = operation(mark(
            &inbox,
            &snapshot,
            &snapshot.uids,
            &["$answered"],
            &["work"],
        ));
        drop(right.client.post(path::OPERATIONS, &[marks]).await.good());
        let wanted = ["$seen", "$flagged", "$answered"];
        tokio::join!(left.comes_to_show(&wanted), right.comes_to_show(&wanted));
        desk.other.noop().await;
        let flags = desk.other.flags().await;
        let phone: Vec<&str> = flags.values().flatten().map(String::as_str).collect();
        assert_eq!(phone, ["\\Answered", "\\Flagged", "\\Seen"]);
        desk.other.store(&uid, "FLAGS ()").await;
        tokio::join!(left.comes_to_show(&[]), right.comes_to_show(&[]));
    }
}

#[tokio::test]
async fn five_hundred_keywords_and_unknown_flags_are_set_once_and_stay_quiet() {
    let (mut desk, inbox, snapshot) = letters(2).await;
    let uid = snapshot.uids.last().expect("a letter");
    desk.other.select("INBOX").await;
    for hundred in 0..5 {
        let names: Vec<String> = (0..100).map(|n| format!("word-{hundred}-{n}")).collect();
        desk.other
            .store(&uid.to_string(), &format!("+FLAGS ({})", names.join(" ")))
            .await;
    }
    let row = desk.snapshot(&inbox).await.envelopes.remove(0);
    assert!(row.keywords.contains("word-4-99") && row.keywords.contains("word-0-0"));
    let mut tab = Tab::open(&desk.client, &inbox).await;
    let one = UidSet::one(uid);
    for _ in 0..2 {
        let marks = mark(
            &inbox,
            &snapshot,
            &one,
            &["$flagged", "word-3-3", "$flagged"],
            &["word-1-1"],
        );
        assert_applied(&desk.perform(marks).await);
    }
    let flags = &desk.other.flags().await[&uid];
    assert!(
        flags.contains("\\Flagged") && flags.contains("word-3-3") && !flags.contains("word-1-1")
    );
    assert_eq!(flags.len(), 500);
    // The mailbox comes to rest: nothing is set and taken away again in a loop.
    let mut told = 0;
    let listening = async {
        loop {
            tab.events.next().await.expect("news");
            told += 1;
        }
    };
    drop(tokio::time::timeout(Duration::from_secs(4), listening).await);
    assert!(told <= 12, "{told} events for two changes");
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, whose steps need what came before"
)]
async fn what_another_program_deletes_goes_from_the_list_and_its_neighbours_stay() {
    let (mut desk, inbox, snapshot) = letters(20).await;
    let uids: Vec<u32> = snapshot.uids.iter().collect();
    let mut tab = Tab::open(&desk.client, &inbox).await;
    desk.other.select("INBOX").await;
    let key = |uid| MessageKey {
        uidvalidity: snapshot.uidvalidity,
        uid,
    };
    // While the list is asked and messages are opened.
    for (nth, gone) in uids.iter().step_by(4).enumerate() {
        let neighbour = uids[nth * 4 + 1];
        let (url, beside) = (
            path::message(&inbox, key(*gone)),
            path::message(&inbox, key(neighbour)),
        );
        let list = path::mailbox(&inbox, 50);
        let gone_text = gone.to_string();
        let (opened, beside, listed, ()) = tokio::join!(
            desk.client.get(&url),
            desk.client.get(&beside),
            desk.client.get(&list),
            desk.other.expunge(&gone_text),
        );
        if opened.status().is_success() {
            let message: Message = opened.json();
            assert_eq!(message.subject, format!("Letter {}", nth * 4 + 1));
        } else {
            assert_eq!(opened.error().code, ErrorCode::MessageGone);
        }
        let beside: Message = beside.good().json();
        assert_eq!(beside.subject, format!("Letter {}", nth * 4 + 2));
        let listed: MailboxSnapshot = listed.good().json();
        for row in &listed.envelopes {
            let number = uids
                .iter()
                .position(|uid| *uid == row.uid)
                .expect("a known UID")
                + 1;
            assert_eq!(row.subject, format!("Letter {number}"));
        }
    }
    let left: BTreeSet<u32> = uids
        .iter()
        .copied()
        .filter(|uid| !uids.iter().step_by(4).any(|gone| gone == uid))
        .collect();
    let dropped = async {
        loop {
            let shown: MailboxSnapshot = tab
                .client
                .get(&path::mailbox(&inbox, 50))
                .await
                .good()
                .json();
            if shown.uids.iter().collect::<BTreeSet<u32>>() == left {
                return;
            }
            tab.events.next().await.expect("news");
        }
    };
    tokio::time::timeout(Duration::from_secs(5), dropped)
        .await
        .expect("the rows go within five seconds");
    delete_half_of_what_others_delete(&mut desk, &inbox, &snapshot, &uids).await;
}

/// A multi-select delete while another program removes some of the same and some others.
async fn delete_half_of_what_others_delete(
    desk: &mut Desk,
    inbox: &MailboxId,
    snapshot: &MailboxSnapshot,
    uids: &[u32],
) {
    let chosen: UidSet = [uids[1], uids[3], uids[5], uids[7], uids[9]]
        .into_iter()
        .collect();
    let trash = desk.role(Role::Trash).await.id;
    let shift = |uids: UidSet, to: &MailboxId| Action::Move {
        mailbox_id: inbox.clone(),
        uidvalidity: snapshot.uidvalidity,
        uids,
        to: to.clone(),
        add: Vec::new(),
        remove: Vec::new(),
    };
    let others = format!("{},{}", uids[3], uids[2]);
    let mut second = crate::kit::second_program(&desk.address).await;
    second.select("INBOX").await;
    let (outcome, ()) = tokio::join!(
        desk.perform(shift(chosen.clone(), &trash)),
        second.expunge(&others)
    );
    assert!(
        !matches!(outcome, OutcomeKind::Refused { .. }),
        "{outcome:?}"
    );
    let destroy = Action::Destroy {
        mailbox_id: inbox.clone(),
        uidvalidity: snapshot.uidvalidity,
        uids: [uids[11], uids[13]].into_iter().collect(),
    };
    let also = uids[10].to_string();
    let (outcome, ()) = tokio::join!(desk.perform(destroy), second.expunge(&also));
    assert!(
        !matches!(outcome, OutcomeKind::Refused { .. }),
        "{outcome:?}"
    );
    desk.other.select("INBOX").await;
    let left = desk.other.uids().await;
    let expected: Vec<u32> = [6, 14, 15, 17, 18, 19]
        .into_iter()
        .map(|at| uids[at])
        .collect();
    assert_eq!(left, expected, "the neighbours survive");
    assert!(
        desk.other
            .flags()
            .await
            .values()
            .all(|flags| !flags.contains("\\Deleted"))
    );
}
