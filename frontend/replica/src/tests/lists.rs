//! Opening lists, scrolling, searching, news of other programs.

use std::time::Duration;

use whimbrel_shared::{ErrorCode, Event, Keyword, MessageKey};

use super::{
    desk::{Desk, list, rest, run, search, wait},
    model::id,
    wire::Fate,
};
use crate::{list::Phase, notice::Notice};

#[test]
fn a_folder_opens_with_one_question_and_the_newest_first() {
    run(async {
        let desk = Desk::with_letters(100);
        assert_eq!(desk.replica.list(&list("INBOX")).phase, Phase::Loading);
        desk.open("INBOX").await;
        let view = desk.replica.list(&list("INBOX"));
        assert_eq!((view.phase, view.total), (Phase::Ready, 100));
        let first = desk.replica.row(&list("INBOX"), 0).unwrap();
        assert_eq!(first.envelope.unwrap().subject, "Letter 100");
        assert_eq!(desk.counts("INBOX"), (100, 100));
        assert_eq!(desk.line.calls("snapshot").len(), 1);
        assert_eq!(desk.line.calls("envelopes").len(), 1, "neighbours");
        desk.agrees("INBOX");
    });
}

#[test]
fn a_list_is_fresh_once_all_that_was_asked_of_it_is_answered() {
    run(async {
        let desk = Desk::with_letters(10);
        let inbox = list("INBOX");
        assert!(!desk.replica.is_fresh(&inbox), "never looked at");
        desk.open("INBOX").await;
        assert!(desk.replica.is_fresh(&inbox));
        desk.open("Work").await;
        desk.line.world(|world| world.deliver("INBOX", 1));
        desk.look(&inbox, 0..30);
        assert_eq!(desk.replica.list(&inbox).phase, Phase::Ready);
        assert!(!desk.replica.is_fresh(&inbox), "only what it was");
        desk.line.cut();
        wait(5000).await;
        assert!(!desk.replica.is_fresh(&inbox), "nobody answered");
        desk.line.weather(None);
        rest().await;
        assert!(desk.replica.is_fresh(&inbox));
        assert_eq!(desk.shown("INBOX"), "1:11");
    });
}

#[test]
fn a_search_is_fresh_once_it_is_answered() {
    run(async {
        let desk = Desk::with_letters(10);
        desk.open("INBOX").await;
        let found = search("INBOX", "Letter 3");
        desk.look(&found, 0..30);
        assert!(!desk.replica.is_fresh(&found));
        rest().await;
        assert!(desk.replica.is_fresh(&found));
    });
}

#[test]
fn scrolling_fast_through_a_hundred_thousand_rows_asks_little() {
    run(async {
        let desk = Desk::with_letters(100_000);
        desk.open("INBOX").await;
        desk.line.forget_calls();
        for step in 1..300 {
            desk.replica
                .want_rows(&list("INBOX"), step * 300..step * 300 + 30);
            wait(1).await;
        }
        rest().await;
        let asked = desk.line.calls("envelopes").len();
        assert!(asked < 40, "{asked} questions of 300 places");
        for index in 299 * 300..299 * 300 + 30 {
            let row = desk.replica.row(&list("INBOX"), index).unwrap();
            assert_eq!(row.envelope.unwrap().uid, row.key.uid);
            assert_eq!(desk.replica.index_of(&list("INBOX"), row.key), Some(index));
        }
    });
}

#[test]
fn letters_of_other_programs_come_and_go() {
    run(async {
        let desk = Desk::with_letters(10);
        desk.open("INBOX").await;
        desk.line.world(|world| {
            world.deliver("INBOX", 2);
            let inbox = world.folder("INBOX");
            inbox.take(3);
            inbox.mark(5, &[Keyword::new(Keyword::SEEN)], &[]);
        });
        desk.changed("INBOX");
        wait(100).await;
        assert_eq!(desk.shown("INBOX"), "1:2,4:12");
        assert!(desk.is_read("INBOX", 5) && !desk.is_read("INBOX", 12));
    });
}

#[test]
fn much_news_at_once_is_two_questions_at_most() {
    run(async {
        let desk = Desk::with_letters(10);
        desk.open("INBOX").await;
        desk.line.forget_calls();
        for _ in 0..10 {
            desk.line.world(|world| world.deliver("INBOX", 1));
            desk.changed("INBOX");
            wait(1).await;
        }
        rest().await;
        assert!((1..=2).contains(&desk.line.calls("changes").len()));
        desk.replica.receive(Event::Hello);
        rest().await;
        desk.agrees("INBOX");
    });
}

#[test]
fn news_that_is_known_already_asks_nothing() {
    run(async {
        let desk = Desk::with_letters(10);
        desk.open("INBOX").await;
        desk.line.forget_calls();
        desk.changed("INBOX");
        desk.changed("Work");
        rest().await;
        assert_eq!(desk.line.calls(""), [""; 0]);
    });
}

#[test]
fn an_older_answer_does_not_put_old_keywords_back() {
    run(async {
        let desk = Desk::with_letters(1000);
        desk.open("INBOX").await;
        // Rows are read by the server at once, but their answer is long on its way.
        desk.line.slow_down(0);
        desk.line.weather(Some(Box::new({
            let mut calls = 0;
            move || {
                calls += 1;
                let back = if calls == 1 { 500 } else { 1 };
                (std::time::Duration::from_millis(back), Fate::Works)
            }
        })));
        desk.replica.want_rows(&list("INBOX"), 500..530);
        wait(600).await;
        desk.line.world(|world| {
            let inbox = world.folder("INBOX");
            inbox.mark(490, &[Keyword::new(Keyword::SEEN)], &[]);
        });
        desk.changed("INBOX");
        wait(100).await;
        rest().await;
        assert!(desk.is_read("INBOX", 490));
    });
}

#[test]
fn a_server_that_cannot_say_what_changed_is_asked_again_where_it_matters() {
    run(async {
        let desk = Desk::with_letters(500);
        desk.line.world(|world| world.can_say = false);
        desk.open("INBOX").await;
        desk.line.world(|world| {
            let inbox = world.folder("INBOX");
            for uid in [499, 430] {
                inbox.mark(uid, &[Keyword::new(Keyword::SEEN)], &[]);
            }
        });
        desk.changed("INBOX");
        wait(100).await;
        assert!(desk.is_read("INBOX", 499), "on screen");
        desk.replica.want_rows(&list("INBOX"), 60..90);
        wait(100).await;
        assert!(desk.is_read("INBOX", 430), "scrolled to");
    });
}

#[test]
fn a_search_loses_what_is_gone() {
    run(async {
        let desk = Desk::with_letters(100);
        desk.open("INBOX").await;
        let found = search("INBOX", "7");
        desk.look(&found, 0..30);
        wait(200).await;
        assert_eq!(desk.replica.list(&found).total, 10);
        assert_eq!(
            desk.replica.row(&found, 0).unwrap().envelope.unwrap().uid,
            97
        );
        desk.line.world(|world| world.folder("INBOX").take(57));
        desk.changed("INBOX");
        desk.move_to("INBOX", "97", &id("Trash"));
        let uids = desk.replica.keys(&found).to_string();
        assert_eq!(uids, "7,17,27,37,47,57,67,77,87", "hidden at once");
        wait(200).await;
        let uids = desk.replica.keys(&found).to_string();
        assert_eq!(uids, "7,17,27,37,47,67,77,87");
        rest().await;
        assert_eq!(desk.replica.list(&found).total, 8);
    });
}

#[test]
fn a_search_that_was_left_is_not_asked_again() {
    run(async {
        let desk = Desk::with_letters(20);
        desk.open("INBOX").await;
        desk.line.cut();
        let found = search("INBOX", "7");
        desk.look(&found, 0..30);
        wait(5000).await;
        assert!(desk.line.calls("search").len() > 1);
        desk.look(&list("INBOX"), 0..30);
        desk.line.forget_calls();
        rest().await;
        desk.line.weather(None);
        desk.replica.receive(Event::Hello);
        rest().await;
        assert_eq!(desk.line.calls("search"), [""; 0]);
        desk.look(&found, 0..30);
        rest().await;
        assert_eq!(desk.replica.keys(&found).to_string(), "7,17");
    });
}

#[test]
fn a_search_that_is_answered_before_its_folder_gets_its_rows() {
    run(async {
        let desk = Desk::with_letters(20);
        let mut is_first = true;
        desk.line.weather(Some(Box::new(move || {
            let late = std::mem::replace(&mut is_first, false);
            (
                Duration::from_millis(if late { 100 } else { 1 }),
                Fate::Works,
            )
        })));
        let found = search("INBOX", "7");
        desk.look(&found, 0..30);
        wait(50).await;
        let row = desk.replica.row(&found, 0).unwrap();
        assert_eq!(row.envelope, None, "found, not fetched");
        let rows = Notice::Rows(found.clone());
        let before = desk.heard(|notice| *notice == rows);
        rest().await;
        let row = desk.replica.row(&found, 0).unwrap();
        assert_eq!(row.envelope.unwrap().uid, 17);
        assert!(desk.heard(|notice| *notice == rows) > before, "told");
    });
}

#[test]
fn what_cannot_be_opened_says_why_and_opens_later() {
    run(async {
        let desk = Desk::with_letters(3);
        desk.line.cut();
        desk.open("INBOX").await;
        let Phase::Failed(error) = desk.replica.list(&list("INBOX")).phase else {
            panic!("it cannot be open");
        };
        assert_eq!(error.code, ErrorCode::Offline);
        desk.line.weather(None);
        desk.replica.set_connected(false);
        desk.replica.set_connected(true);
        wait(50).await;
        assert_eq!(desk.replica.list(&list("INBOX")).total, 3);
        assert_eq!(desk.counts("INBOX"), (3, 3));
    });
}

#[test]
fn a_mail_server_that_is_not_to_be_trusted_is_told_and_asked_again() {
    run(async {
        let desk = Desk::with_letters(3);
        desk.line.weather(Some(Box::new(|| {
            let fate = Fate::Fails(ErrorCode::MailServerWrong);
            (Duration::ZERO, fate)
        })));
        desk.open("INBOX").await;
        let Phase::Failed(error) = desk.replica.list(&list("INBOX")).phase else {
            panic!("it cannot be open");
        };
        assert_eq!(error.code, ErrorCode::MailServerWrong);
        desk.line.weather(None);
        rest().await;
        assert_eq!(desk.replica.list(&list("INBOX")).total, 3);
        assert_eq!(desk.counts("INBOX"), (3, 3));
    });
}

#[test]
fn in_a_renumbered_mailbox_everything_is_done_to_the_right_letter_or_not_at_all() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.line.world(|world| world.folder("INBOX").take(1));
        desk.open("INBOX").await;
        desk.line.cut();
        desk.move_to("INBOX", "5", &id("Trash"));
        desk.mark_read("INBOX", "2:3");
        desk.mark_read("INBOX", "4");
        rest().await;
        // 2 to 5 are 1 to 4 now, but for the former 4, which is gone.
        desk.line.world(|world| {
            world.folder("INBOX").take(4);
            world.renumber("INBOX");
        });
        desk.line.weather(None);
        desk.replica.receive(Event::Hello);
        rest().await;
        assert_eq!(desk.shown("INBOX"), "1:2");
        assert!(desk.is_read("INBOX", 1) && desk.is_read("INBOX", 2));
        let trash = desk.line.world(|world| world.folder("Trash").uids());
        assert_eq!(trash.len(), 1);
        assert_eq!(desk.replica.queue_len(), 0);
        let told = (desk.done(), desk.refusals());
        assert_eq!(told, (2, 1), "{:?}", desk.notices.borrow());
        desk.agrees("INBOX");
    });
}

#[test]
fn a_message_is_fetched_once_and_shows_what_was_done_to_it() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.open("INBOX").await;
        let key = MessageKey {
            uidvalidity: desk.uidvalidity("INBOX"),
            uid: 4,
        };
        let inbox = id("INBOX");
        let (one, other) = tokio::join!(
            desk.replica.open_message(&inbox, key),
            desk.replica.open_message(&inbox, key)
        );
        assert_eq!(one.unwrap(), other.unwrap());
        assert_eq!(desk.line.calls("message").len(), 1);
        desk.mark_read("INBOX", "4");
        let message = desk.replica.message(&inbox, key).unwrap();
        assert!(message.keywords.contains(Keyword::SEEN));
        wait(10).await;
        assert!(desk.heard(|n| *n == Notice::Message(inbox.clone(), key)) > 0);
        desk.line.world(|world| world.folder("INBOX").take(4));
        desk.changed("INBOX");
        rest().await;
        assert_eq!(desk.replica.message(&inbox, key), None);
        let gone = desk.replica.open_message(&inbox, key).await.unwrap_err();
        assert_eq!(gone.code, ErrorCode::MessageGone);
    });
}

#[test]
fn a_message_is_fetched_ahead_only_when_the_line_is_free() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.look(&list("INBOX"), 0..30);
        wait(1).await;
        let key = MessageKey {
            uidvalidity: 1,
            uid: 4,
        };
        desk.replica.prefetch_message(&id("INBOX"), key);
        wait(15).await;
        assert_eq!(desk.line.calls("message").len(), 0);
        rest().await;
        assert!(desk.replica.message(&id("INBOX"), key).is_some());
    });
}
