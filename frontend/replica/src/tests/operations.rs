//! What a person does to letters: shown at once, done once, never flickering.

use std::time::Duration;

use whimbrel_shared::{Action, Draft, ErrorCode, Event, Keyword, MessageKey, OutcomeKind};

use super::{
    desk::{Desk, list, rest, run, wait},
    model::{World, id},
    wire::Fate,
};
use crate::notice::Notice;

#[test]
fn reading_a_letter_shows_at_once_and_stays_shown() {
    run(async {
        let desk = Desk::with_letters(10);
        desk.open("INBOX").await;
        desk.line.slow_down(300);
        desk.mark_read("INBOX", "3:5");
        assert!(desk.is_read("INBOX", 4));
        assert_eq!(desk.counts("INBOX"), (10, 7));
        for _ in 0..300 {
            wait(20).await;
            assert!(desk.is_read("INBOX", 4));
            assert_eq!(desk.counts("INBOX"), (10, 7));
        }
        assert_eq!(desk.done(), 1);
        desk.agrees("INBOX");
    });
}

#[test]
fn moved_letters_leave_at_once_and_arrive_with_their_rows() {
    run(async {
        let desk = Desk::with_letters(10);
        desk.open("Trash").await;
        desk.open("INBOX").await;
        desk.line.slow_down(300);
        desk.mark_read("INBOX", "9");
        desk.move_to("INBOX", "8:9", &id("Trash"));
        assert_eq!(desk.shown("INBOX"), "1:7,10");
        assert_eq!(
            (desk.counts("INBOX"), desk.counts("Trash")),
            ((8, 8), (2, 1))
        );
        let mut arrived = false;
        for _ in 0..300 {
            wait(20).await;
            assert_eq!(desk.shown("INBOX"), "1:7,10");
            assert_eq!(desk.counts("Trash"), (2, 1));
            let rows = desk.replica.list(&list("Trash")).total;
            assert!(!arrived || rows == 2, "they must not go again");
            arrived |= rows == 2;
            if arrived {
                let row = desk.replica.row(&list("Trash"), 0).unwrap();
                assert_eq!(row.envelope.unwrap().subject, "Letter 9");
            }
        }
        assert!(arrived);
        desk.open("Trash").await;
        desk.agrees("Trash");
    });
}

#[test]
fn a_list_that_was_made_before_does_not_put_moved_letters_back() {
    run(async {
        let desk = Desk::with_letters(10);
        desk.open("INBOX").await;
        // The first answers are slow: what changed and the counts of before are told after the move.
        desk.line.weather(Some(Box::new({
            let mut calls = 0;
            move || {
                calls += 1;
                (
                    Duration::from_millis(if calls <= 2 { 400 } else { 5 }),
                    Fate::Works,
                )
            }
        })));
        desk.replica.receive(Event::Hello);
        wait(410).await;
        desk.move_to("INBOX", "8:9", &id("Trash"));
        let stale = desk.line.world(|world| world.list());
        for _ in 0..200 {
            wait(20).await;
            assert_eq!(desk.shown("INBOX"), "1:7,10");
            assert_eq!(desk.counts("INBOX"), (8, 8));
        }
        assert!(desk.done() == 1);
        drop(stale);
        desk.agrees("INBOX");
    });
}

#[test]
fn pushed_counts_of_before_or_after_do_not_count_twice() {
    run(async {
        let desk = Desk::with_letters(10);
        desk.open("INBOX").await;
        desk.line.slow_down(100);
        desk.move_to("INBOX", "8:9", &id("Trash"));
        wait(50).await;
        let before = desk.line.world(|world| world.list());
        wait(75).await;
        let after = desk.line.world(|world| world.list());
        assert_ne!(before, after);
        desk.replica.receive(Event::Mailboxes { list: after });
        assert_eq!(desk.counts("INBOX"), (8, 8));
        wait(200).await;
        assert_eq!(desk.done(), 1);
        desk.replica.receive(Event::Mailboxes { list: before });
        assert_eq!(desk.counts("INBOX"), (8, 8));
        rest().await;
        desk.agrees("INBOX");
    });
}

#[test]
fn what_is_refused_goes_back_and_is_told() {
    run(async {
        let desk = Desk::with_letters(3);
        desk.open("INBOX").await;
        desk.line
            .next_fates(&[Fate::Fails(ErrorCode::NotPermitted)]);
        desk.move_to("INBOX", "2", &id("Trash"));
        assert_eq!(desk.shown("INBOX"), "1,3");
        rest().await;
        assert_eq!(desk.refusals(), 1);
        assert_eq!(
            (desk.shown("INBOX"), desk.replica.queue_len()),
            ("1:3".to_owned(), 0)
        );
        desk.agrees("INBOX");
    });
}

#[test]
fn one_bad_operation_does_not_take_its_neighbours_with_it() {
    run(async {
        let desk = Desk::with_letters(9);
        desk.open("INBOX").await;
        desk.line.cut();
        desk.mark_read("INBOX", "1");
        rest().await;
        desk.mark_read("INBOX", "2");
        desk.mark_read("INBOX", "3");
        desk.line.weather(None);
        let bad = Fate::Fails(ErrorCode::BadRequest);
        desk.line
            .next_fates(&[bad.clone(), Fate::Works, Fate::Works, bad]);
        desk.line.forget_calls();
        desk.replica.set_connected(false);
        desk.replica.set_connected(true);
        rest().await;
        let sent = desk.line.calls("operations");
        assert_eq!(sent.first().unwrap(), "operations 3");
        assert_eq!(desk.replica.queue_len(), 0);
        assert!(desk.done() >= 2, "{:?}", desk.notices.borrow());
        desk.agrees("INBOX");
    });
}

#[test]
fn work_done_without_a_line_is_done_in_order_and_once() {
    run(async {
        let desk = Desk::with_letters(10);
        desk.open("INBOX").await;
        desk.line.cut();
        let waiting = desk.replica.perform_and_wait(Action::Destroy {
            mailbox_id: id("INBOX"),
            uidvalidity: desk.uidvalidity("INBOX"),
            uids: "1".parse().unwrap(),
        });
        let (outcome, ()) = tokio::join!(waiting, async {
            wait(5).await;
            desk.mark_read("INBOX", "2");
            desk.mark_read("INBOX", "3");
            desk.move_to("INBOX", "3", &id("Work"));
            rest().await;
            assert_eq!(desk.replica.queue_len(), 4);
            desk.line.weather(None);
            desk.line.forget_calls();
            desk.replica.receive(Event::Hello);
            rest().await;
        });
        assert!(matches!(outcome, OutcomeKind::Applied { .. }));
        assert_eq!(
            desk.line.calls("operations"),
            ["operations 3", "operations 1"]
        );
        assert_eq!(desk.done(), 4);
        assert!(
            desk.line
                .world(|world| world.applied.values().all(|&times| times == 1))
        );
        desk.agrees("INBOX");
        desk.open("Work").await;
        assert!(desk.is_read("Work", 1), "it was read before it was moved");
    });
}

#[test]
fn a_lost_answer_does_nothing_twice() {
    run(async {
        let desk = Desk::with_letters(10);
        desk.open("INBOX").await;
        desk.line.next_fates(&[Fate::AnswerLost, Fate::AnswerLost]);
        desk.replica.perform(Action::Copy {
            mailbox_id: id("INBOX"),
            uidvalidity: desk.uidvalidity("INBOX"),
            uids: "1:2".parse().unwrap(),
            to: id("Work"),
        });
        assert_eq!(desk.counts("Work"), (2, 2));
        rest().await;
        assert_eq!((desk.done(), desk.counts("Work")), (1, (2, 2)));
        desk.open("Work").await;
        desk.agrees("Work");
    });
}

#[test]
fn what_another_program_undid_stays_undone() {
    run(async {
        let desk = Desk::with_letters(10);
        desk.open("INBOX").await;
        desk.line.next_fates(&[Fate::AnswerLost]);
        desk.mark_read("INBOX", "4");
        wait(100).await;
        desk.line.world(|world| {
            let seen = [Keyword::new(Keyword::SEEN)];
            world.folder("INBOX").mark(4, &[], &seen);
        });
        desk.changed("INBOX");
        rest().await;
        assert_eq!(desk.done(), 1);
        assert!(!desk.is_read("INBOX", 4));
        desk.agrees("INBOX");
    });
}

#[test]
fn a_letter_gone_meanwhile_is_told() {
    run(async {
        let desk = Desk::with_letters(3);
        desk.open("INBOX").await;
        desk.line.world(|world| world.folder("INBOX").take(2));
        desk.move_to("INBOX", "2", &id("Work"));
        rest().await;
        assert_eq!(desk.heard(|n| matches!(n, Notice::Gone { .. })), 1);
        assert_eq!(desk.replica.could_not_apply().len(), 1);
        desk.agrees("INBOX");
    });
}

#[test]
fn in_a_renumbered_mailbox_things_are_done_in_their_order() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.line.world(|world| world.folder("INBOX").take(1));
        desk.open("INBOX").await;
        // The first operation is so long on its way that the mailbox is known anew before its answer.
        let mut delays = [500].into_iter();
        desk.line.weather(Some(Box::new(move || {
            let delay = delays.next().unwrap_or(50);
            (Duration::from_millis(delay), Fate::Works)
        })));
        desk.mark_read("INBOX", "3");
        desk.replica.perform(Action::SetKeywords {
            mailbox_id: id("INBOX"),
            uidvalidity: desk.uidvalidity("INBOX"),
            uids: "3".parse().unwrap(),
            add: Vec::new(),
            remove: vec![Keyword::new(Keyword::SEEN)],
        });
        wait(100).await;
        desk.line.world(|world| world.renumber("INBOX"));
        desk.changed("INBOX");
        for _ in 0..100 {
            wait(20).await;
            let is_known = desk.replica.list(&list("INBOX")).uidvalidity.is_some();
            assert!(!is_known || desk.shown("INBOX") == "2:5" || !desk.is_read("INBOX", 2));
        }
        rest().await;
        assert_eq!((desk.done(), desk.is_read("INBOX", 2)), (2, false));
        desk.agrees("INBOX");
    });
}

#[test]
fn letters_of_many_that_were_gone_meanwhile_are_told() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.open("INBOX").await;
        desk.line.world(|world| world.folder("INBOX").take(2));
        desk.mark_read("INBOX", "1:2");
        let moved = desk.move_to("INBOX", "2:4", &id("Work"));
        rest().await;
        assert_eq!(desk.done(), 2);
        let told = desk.replica.could_not_apply();
        let [told] = told.as_slice() else {
            panic!("{told:?}");
        };
        assert_eq!(
            (&told.id, told.error.code),
            (&moved, ErrorCode::MessageGone)
        );
        let rows = told.action.rows().unwrap();
        assert_eq!(rows.2.to_string(), "2");
        desk.agrees("INBOX");
    });
}

#[test]
fn what_was_not_sent_can_be_taken_back() {
    run(async {
        let desk = Desk::with_letters(3);
        desk.open("INBOX").await;
        desk.line.slow_down(100);
        let sent = desk.mark_read("INBOX", "1");
        let waiting = desk.move_to("INBOX", "1", &id("Trash"));
        assert!(!desk.replica.withdraw(&sent));
        assert!(desk.replica.withdraw(&waiting));
        assert_eq!(
            (desk.shown("INBOX"), desk.counts("Trash")),
            ("1:3".to_owned(), (0, 0))
        );
        rest().await;
        assert_eq!(desk.done(), 1);
        desk.agrees("INBOX");
    });
}

#[test]
fn versions_of_a_draft_replace_each_other_though_no_answer_came_between() {
    run(async {
        let desk = Desk::with_letters(0);
        desk.open("Drafts").await;
        desk.line.cut();
        for version in ["1", "2", "3"] {
            desk.replica.perform(Action::SaveDraft {
                draft: Box::new(Draft {
                    subject: version.to_owned(),
                    message_id: "a@b".to_owned(),
                    ..Draft::default()
                }),
                replaces: None,
            });
        }
        rest().await;
        desk.line.weather(None);
        desk.replica.receive(Event::Hello);
        rest().await;
        let drafts = desk
            .line
            .world(|world| world.list().mailboxes[1].total_emails);
        assert_eq!((drafts, desk.done()), (1, 3));
        desk.agrees("Drafts");
        let row = desk.replica.row(&list("Drafts"), 0).unwrap();
        assert_eq!(row.envelope.unwrap().subject, "Letter 3");
        let sent = desk.replica.perform(Action::Send {
            draft: Box::default(),
            replaces: Some(row.key),
        });
        assert_eq!(desk.replica.list(&list("Drafts")).total, 0, "{sent:?}");
        rest().await;
        desk.agrees("Drafts");
    });
}

#[test]
fn selecting_all_and_marking_it_read_counts_what_was_never_fetched() {
    run(async {
        let mut world = World::new();
        world.deliver("INBOX", 5000);
        let line = super::wire::Line::new(world);
        let desk = Desk::at(line, crate::memory_store::MemoryStore::default());
        desk.open("INBOX").await;
        let all = desk.replica.keys(&list("INBOX")).to_string();
        desk.mark_read("INBOX", &all);
        assert_eq!(desk.counts("INBOX"), (5000, 0));
        rest().await;
        desk.agrees("INBOX");
        let key = MessageKey {
            uidvalidity: 1,
            uid: 1,
        };
        assert_eq!(desk.replica.index_of(&list("INBOX"), key), Some(4999));
    });
}
