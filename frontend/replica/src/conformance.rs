//! What every store must do, as one suite of assertions. For tests: it panics where a store is wrong.

use std::rc::Rc;

use whimbrel_shared::{
    Action, Envelope, Keyword, KeywordChange, MailboxId, MailboxList, Message, MessageKey,
    Operation, OperationId, State, UidSet,
};

use crate::store::{Saved, SavedMailbox, Store, Write};

/// Panics unless the empty stores that `open` gives behave as a [`Store`] must.
pub async fn check<S: Store>(open: impl AsyncFn() -> S) {
    begins_empty(&open().await).await;
    keeps_the_queue_in_order(&open().await).await;
    keeps_rows_with_their_latest_keywords(&open().await).await;
    keeps_messages_with_their_latest_keywords(&open().await).await;
    forgets_what_is_gone(&open().await).await;
    clears(&open().await).await;
}

async fn begins_empty<S: Store>(store: &S) {
    assert_eq!(store.load().await, Ok(Saved::default()));
    assert_eq!(store.mailbox(&inbox()).await, Ok(None));
    assert_eq!(rows(store, 1, "1:9").await, []);
    assert_eq!(store.message(&inbox(), key(1)).await, Ok(None));
}

async fn keeps_the_queue_in_order<S: Store>(store: &S) {
    let operations = [operation("c"), operation("a"), operation("b")];
    for (number, operation) in [7, 9, 12].into_iter().zip(operations.clone()) {
        write(store, vec![Write::Operation(number, operation)]).await;
    }
    let rewritten = Operation {
        action: Action::DeleteMailbox {
            mailbox_id: inbox(),
        },
        ..operation("a")
    };
    let [first, second, _] = operations;
    write(
        store,
        vec![
            Write::Operation(9, rewritten.clone()),
            Write::RemoveOperation(first.id),
            Write::Mailboxes(Rc::new(MailboxList::default())),
        ],
    )
    .await;
    let saved = store.load().await.unwrap_or_default();
    assert_eq!(saved.mailboxes, Some(Rc::default()));
    let queue: Vec<_> = saved.queue.into_iter().map(|(n, o)| (n, o.id)).collect();
    assert_eq!(queue, [(9, second.id), (12, operation("b").id)]);
    assert_eq!(
        store.load().await.unwrap_or_default().queue.first(),
        Some(&(9, rewritten))
    );
}

async fn keeps_rows_with_their_latest_keywords<S: Store>(store: &S) {
    let kept = saved(1, "1:4");
    write(
        store,
        vec![
            Write::Mailbox(inbox(), kept.clone()),
            Write::Envelopes(inbox(), 1, (1..=3).map(row).collect()),
            Write::Keywords(inbox(), 1, vec![seen(2), seen(4)]),
        ],
    )
    .await;
    assert_eq!(store.mailbox(&inbox()).await, Ok(Some(kept)));
    let mut marked = Envelope::clone(&row(2));
    marked.keywords = seen(2).keywords;
    assert_eq!(rows(store, 1, "2:9").await, [Rc::new(marked), row(3)]);
    assert_eq!(rows(store, 2, "1:9").await, [], "another UIDVALIDITY");
    let other = MailboxId("other".to_owned());
    let kept = store.envelopes(&other, 1, &uids("1:9")).await;
    assert_eq!(kept, Ok(Vec::new()), "another mailbox");
}

async fn keeps_messages_with_their_latest_keywords<S: Store>(store: &S) {
    let kept = message(2);
    let again = Write::Keywords(inbox(), 1, vec![seen(2)]);
    write(store, vec![Write::Mailbox(inbox(), saved(1, "1:4"))]).await;
    write(store, vec![Write::Message(Rc::new(kept.clone()))]).await;
    assert_eq!(
        store.message(&inbox(), key(2)).await,
        Ok(Some(Rc::new(kept.clone())))
    );
    write(store, vec![again]).await;
    let marked = Message {
        keywords: seen(2).keywords,
        ..kept
    };
    assert_eq!(
        store.message(&inbox(), key(2)).await,
        Ok(Some(Rc::new(marked)))
    );
    assert_eq!(store.message(&inbox(), key(3)).await, Ok(None));
}

async fn forgets_what_is_gone<S: Store>(store: &S) {
    let fill = || {
        vec![
            Write::Mailbox(inbox(), saved(1, "1:4")),
            Write::Envelopes(inbox(), 1, (1..=4).map(row).collect()),
            Write::Message(Rc::new(message(2))),
        ]
    };
    write(store, fill()).await;
    write(store, vec![Write::RemoveMailbox(inbox())]).await;
    assert_eq!(store.mailbox(&inbox()).await, Ok(None));
    assert_eq!(rows(store, 1, "1:9").await, []);
    assert_eq!(store.message(&inbox(), key(2)).await, Ok(None));
    write(store, fill()).await;
    write(store, vec![Write::Mailbox(inbox(), saved(2, "1:2"))]).await;
    assert_eq!(store.mailbox(&inbox()).await, Ok(Some(saved(2, "1:2"))));
    assert_eq!(rows(store, 2, "1:9").await, [], "never the rows of before");
    write(store, fill()).await;
    write(store, vec![Write::ForgetMessages]).await;
    assert_eq!(store.message(&inbox(), key(2)).await, Ok(None));
    assert_ne!(rows(store, 1, "1:9").await, []);
}

async fn clears<S: Store>(store: &S) {
    write(
        store,
        vec![
            Write::Mailboxes(Rc::default()),
            Write::Operation(1, operation("a")),
            Write::Mailbox(inbox(), saved(1, "1:4")),
            Write::Envelopes(inbox(), 1, vec![row(1)]),
            Write::Message(Rc::new(message(2))),
            Write::Clear,
        ],
    )
    .await;
    begins_empty(store).await;
}

async fn write<S: Store>(store: &S, writes: Vec<Write>) {
    assert_eq!(store.write(writes).await, Ok(()));
}

/// The rows that are kept, ascending by UID.
async fn rows<S: Store>(store: &S, uidvalidity: u32, wanted: &str) -> Vec<Rc<Envelope>> {
    let kept = store.envelopes(&inbox(), uidvalidity, &uids(wanted)).await;
    let mut rows = kept.unwrap_or_default();
    rows.sort_by_key(|row| row.uid);
    rows
}

fn inbox() -> MailboxId {
    MailboxId("inbox".to_owned())
}

fn key(uid: u32) -> MessageKey {
    MessageKey {
        uidvalidity: 1,
        uid,
    }
}

fn uids(text: &str) -> UidSet {
    text.parse().unwrap_or_default()
}

fn saved(uidvalidity: u32, all: &str) -> SavedMailbox {
    SavedMailbox {
        state: State(format!("{uidvalidity}.{all}")),
        uidvalidity,
        uids: uids(all),
    }
}

fn seen(uid: u32) -> KeywordChange {
    KeywordChange {
        uid,
        keywords: [Keyword::new(Keyword::SEEN)].into_iter().collect(),
    }
}

fn operation(id: &str) -> Operation {
    Operation {
        id: OperationId(id.to_owned()),
        action: Action::Destroy {
            mailbox_id: inbox(),
            uidvalidity: 1,
            uids: uids("1"),
        },
    }
}

fn row(uid: u32) -> Rc<Envelope> {
    Rc::new(Envelope {
        uid,
        keywords: [Keyword::new("$flagged")].into_iter().collect(),
        from: Vec::new(),
        to: Vec::new(),
        subject: format!("Letter {uid}"),
        received_at: 1_700_000_000,
        sent_at: None,
        size: 1234,
        has_attachment: false,
        preview: None,
    })
}

fn message(uid: u32) -> Message {
    Message {
        mailbox_id: inbox(),
        key: key(uid),
        keywords: [Keyword::new("$flagged")].into_iter().collect(),
        from: Vec::new(),
        reply_to: Vec::new(),
        to: Vec::new(),
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: format!("Letter {uid}"),
        received_at: 1_700_000_000,
        sent_at: None,
        size: 1234,
        message_id: String::new(),
        references: Vec::new(),
        text: "Hello".to_owned(),
        is_html: false,
        has_remote_content: false,
        remote_hosts: Vec::new(),
        loads_pictures: false,
        held_because: String::new(),
        trackers: Vec::new(),
        attachments: Vec::new(),
        pictures: Vec::new(),
        defects: Vec::new(),
    }
}
