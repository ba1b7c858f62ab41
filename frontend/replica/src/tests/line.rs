//! Broken lines, ended sessions, an earlier visit's queue, and notices.

use std::{rc::Rc, time::Duration};

use whimbrel_shared::{
    Envelope, ErrorCode, Event, Keyword, MailboxId, Message, MessageKey, UidSet,
};

use super::{
    desk::{Desk, list, rest, run, wait},
    model::{World, id},
    wire::{Fate, Line},
};
use crate::{
    memory_store::MemoryStore,
    notice::Notice,
    store::{Saved, SavedMailbox, Store, StoreError, Write},
};

#[test]
fn nothing_is_sent_after_the_session_ended_until_the_password_was_given() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.open("INBOX").await;
        desk.line.next_fates(&[Fate::Fails(ErrorCode::SignedOut)]);
        desk.mark_read("INBOX", "1");
        wait(100).await;
        desk.line.forget_calls();
        desk.mark_read("INBOX", "2");
        rest().await;
        assert_eq!(desk.line.calls(""), [""; 0]);
        assert_eq!(desk.heard(|n| *n == Notice::SignedOut), 1);
        assert!(desk.is_read("INBOX", 2), "still shown");
        desk.replica.signed_in_again();
        rest().await;
        assert_eq!((desk.done(), desk.replica.queue_len()), (2, 0));
        desk.agrees("INBOX");
    });
}

#[test]
fn a_server_in_trouble_is_asked_less_and_less() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.open("INBOX").await;
        desk.line.cut();
        desk.line.forget_calls();
        desk.mark_read("INBOX", "1");
        wait(600_000).await;
        let tries = desk.line.calls("operations").len();
        assert!((15..40).contains(&tries), "{tries} tries in ten minutes");
        desk.line.weather(None);
        desk.replica.set_connected(false);
        assert!(!desk.replica.is_connected());
        wait(1).await;
        desk.replica.receive(Event::Hello);
        wait(100).await;
        assert_eq!((desk.done(), desk.replica.is_connected()), (1, true));
        assert_eq!(desk.heard(|n| *n == Notice::Connection), 2);
    });
}

#[test]
fn a_new_stream_knows_of_no_lost_mail_server_until_it_says_so() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.open("INBOX").await;
        desk.replica.receive(Event::MailServerLost);
        assert!(!desk.replica.is_connected());
        // The stream broke, and that the mail server is back was said meanwhile.
        desk.replica.set_connected(false);
        desk.replica.receive(Event::Hello);
        assert!(desk.replica.is_connected());
        desk.replica.receive(Event::MailServerLost);
        assert!(!desk.replica.is_connected());
    });
}

#[test]
fn an_operation_that_breaks_the_server_is_given_up_in_the_end() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.open("INBOX").await;
        let defect = Fate::Fails(ErrorCode::Internal);
        desk.line.next_fates(&vec![defect; 8]);
        desk.mark_read("INBOX", "1");
        rest().await;
        rest().await;
        assert_eq!((desk.refusals(), desk.replica.queue_len()), (1, 0));
        desk.mark_read("INBOX", "2");
        rest().await;
        desk.agrees("INBOX");
    });
}

#[test]
fn rows_that_could_not_be_had_are_asked_again_at_the_next_occasion() {
    run(async {
        let desk = Desk::with_letters(1000);
        let inbox = list("INBOX");
        let has = |index| desk.replica.row(&inbox, index).unwrap().envelope.is_some();
        desk.open("INBOX").await;
        let fails = [Fate::Fails(ErrorCode::BadRequest)];
        desk.line.next_fates(&fails);
        desk.replica.want_rows(&inbox, 500..530);
        rest().await;
        assert!(!has(500), "not asked for ever");
        desk.replica.receive(Event::Hello);
        rest().await;
        assert!(has(500), "the line is well again");
        desk.line.next_fates(&fails);
        desk.replica.want_rows(&inbox, 800..830);
        rest().await;
        assert!(!has(800));
        desk.open("Work").await;
        desk.look(&inbox, 800..830);
        rest().await;
        assert!(has(800), "the list is on screen again");
    });
}

#[test]
fn signing_out_forgets_everything() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.open("INBOX").await;
        desk.line.slow_down(50);
        desk.mark_read("INBOX", "1");
        desk.replica.receive(Event::Hello);
        wait(10).await;
        desk.replica.forget_everything();
        rest().await;
        assert_eq!(desk.replica.mailboxes().mailboxes.len(), 0);
        assert_eq!(desk.replica.list(&list("INBOX")).total, 0);
        assert_eq!(desk.replica.queue_len(), 0);
    });
}

#[test]
fn the_next_visit_goes_on_where_the_last_one_was_cut_off() {
    run(async {
        let store = Rc::new(MemoryStore::default());
        let mut world = World::new();
        world.deliver("INBOX", 5);
        let line = Line::new(world);
        let first = Desk::at(line.clone(), Kept(Rc::clone(&store)));
        first.open("INBOX").await;
        line.cut();
        first.move_to("INBOX", "2:3", &id("Work"));
        rest().await;
        let second = Desk::at(line.clone(), Kept(store));
        second.look(&list("INBOX"), 0..30);
        wait(100).await;
        assert_eq!(second.shown("INBOX"), "1,4:5", "off-line, from the store");
        let row = second.replica.row(&list("INBOX"), 0).unwrap();
        assert_eq!(row.envelope.unwrap().subject, "Letter 5");
        assert_eq!(second.counts("Work"), (2, 0));
        drop(first);
        line.weather(None);
        second.replica.receive(Event::Hello);
        rest().await;
        second.agrees("INBOX");
        assert_eq!(line.world(|world| world.folder("Work").mails.len()), 2);
    });
}

#[test]
fn the_store_is_not_given_older_keywords_than_are_known() {
    run(async {
        let store = Rc::new(MemoryStore::default());
        let mut world = World::new();
        world.deliver("INBOX", 1000);
        let desk = Desk::at(Line::new(world), Kept(Rc::clone(&store)));
        desk.open("INBOX").await;
        // The rows are long on their way; what changed meanwhile overtakes them.
        let mut delays = [500].into_iter();
        desk.line.weather(Some(Box::new(move || {
            let delay = delays.next().unwrap_or(1);
            (Duration::from_millis(delay), Fate::Works)
        })));
        desk.replica.want_rows(&list("INBOX"), 500..530);
        wait(600).await;
        let seen = Keyword::new(Keyword::SEEN);
        desk.line
            .world(|world| world.folder("INBOX").mark(490, &[seen], &[]));
        desk.changed("INBOX");
        rest().await;
        let (inbox, uids) = (id("INBOX"), UidSet::one(490));
        let kept = store.envelopes(&inbox, desk.uidvalidity("INBOX"), &uids);
        let row = kept.await.unwrap().pop().unwrap();
        assert!(row.keywords.contains(Keyword::SEEN));
    });
}

#[test]
fn notices_come_once_a_turn_and_may_be_answered_at_once() {
    run(async {
        let desk = Desk::with_letters(50);
        desk.open("INBOX").await;
        desk.notices.borrow_mut().clear();
        for uid in 1..=20 {
            desk.mark_read("INBOX", &uid.to_string());
        }
        assert_eq!(desk.notices.borrow().len(), 0, "never from within a call");
        wait(1).await;
        assert_eq!(desk.heard(|n| *n == Notice::Rows(list("INBOX"))), 1);
        assert_eq!(desk.heard(|n| *n == Notice::Mailboxes), 1);
        assert_eq!(desk.heard(|n| *n == Notice::Queue), 1);
    });
}

/// A store that outlives the replica.
struct Kept(Rc<MemoryStore>);

impl Store for Kept {
    async fn load(&self) -> Result<Saved, StoreError> {
        self.0.load().await
    }

    async fn mailbox(&self, mailbox: &MailboxId) -> Result<Option<SavedMailbox>, StoreError> {
        self.0.mailbox(mailbox).await
    }

    async fn envelopes(
        &self,
        mailbox: &MailboxId,
        uidvalidity: u32,
        uids: &UidSet,
    ) -> Result<Vec<Rc<Envelope>>, StoreError> {
        self.0.envelopes(mailbox, uidvalidity, uids).await
    }

    async fn message(
        &self,
        mailbox: &MailboxId,
        key: MessageKey,
    ) -> Result<Option<Rc<Message>>, StoreError> {
        self.0.message(mailbox, key).await
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        self.0.write(writes).await
    }
}
