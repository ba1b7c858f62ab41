//! A server that does not tell what it should: what is kept becomes right all the same.

use whimbrel_shared::Keyword;

use super::{
    desk::{Desk, list, rest, run, wait},
    model::World,
    wire::{Fate, Line},
};
use crate::{memory_store::MemoryStore, notice::Notice};

const MINUTE: u64 = 60_000;

/// A message is read without the mailbox looking any different.
fn read_silently(desk: &Desk, uid: u32) {
    desk.line.world(|world| {
        let mail = world.folder("INBOX").mails.get_mut(&uid).unwrap();
        mail.keywords.extend([Keyword::new(Keyword::SEEN)]);
    });
}

fn mismatches(desk: &Desk) -> usize {
    desk.heard(|notice| matches!(notice, Notice::Mismatch(_)))
}

#[test]
fn marks_that_the_server_cannot_tell_become_right_row_by_row() {
    run(async {
        let mut world = World::new();
        world.can_say = false;
        world.deliver("INBOX", 3000);
        let desk = Desk::at(Line::new(world), MemoryStore::default());
        desk.open("INBOX").await;
        for first in (0..3000).step_by(100) {
            desk.look(&list("INBOX"), first..first + 100);
            wait(1000).await;
        }
        desk.look(&list("INBOX"), 0..30);
        rest().await;
        for uid in [5, 1200, 2900] {
            read_silently(&desk, uid);
        }
        assert!(!desk.is_read("INBOX", 1200));
        wait(3 * MINUTE).await;
        for uid in [5, 1200, 2900] {
            assert!(desk.is_read("INBOX", uid), "{uid}");
        }
        assert_eq!(mismatches(&desk), 0);
        let longest = desk.line.calls("changes").iter().map(String::len).max();
        assert!(longest < Some(2000), "a URL holds it");
    });
}

#[test]
fn a_mark_that_was_missed_is_found_and_the_folder_starts_over() {
    run(async {
        let desk = Desk::with_letters(15);
        desk.open("INBOX").await;
        read_silently(&desk, 7);
        desk.changed("INBOX");
        rest().await;
        assert!(!desk.is_read("INBOX", 7), "nobody told");
        wait(6 * MINUTE).await;
        assert!(desk.is_read("INBOX", 7));
        assert_eq!(mismatches(&desk), 1);
        wait(30 * MINUTE).await;
        assert_eq!(mismatches(&desk), 1);
    });
}

#[test]
fn one_gone_and_one_come_cannot_hide_behind_the_count() {
    run(async {
        let desk = Desk::with_letters(15);
        desk.open("INBOX").await;
        desk.line.world(|world| {
            let mails = &mut world.folder("INBOX").mails;
            let mail = mails.remove(&3).unwrap();
            mails.insert(16, mail);
        });
        wait(6 * MINUTE).await;
        assert_eq!(desk.shown("INBOX"), "1:2,4:16");
        assert_eq!(mismatches(&desk), 1);
    });
}

#[test]
fn an_honest_server_is_never_doubted_and_little_asked() {
    run(async {
        let desk = Desk::with_letters(50);
        desk.open("INBOX").await;
        desk.line.forget_calls();
        for minute in 1..=60 {
            if minute % 2 == 0 {
                desk.mark_read("INBOX", &(minute / 2).to_string());
            }
            if minute % 7 == 0 {
                desk.line.world(|world| world.deliver("INBOX", 1));
                desk.changed("INBOX");
            }
            if minute % 11 == 0 {
                desk.line.next_fates(&[Fate::AnswerLost]);
            }
            wait(MINUTE).await;
        }
        rest().await;
        assert_eq!(mismatches(&desk), 0);
        desk.agrees_on("INBOX", &(0..30));
        assert!(desk.line.calls("envelopes").len() < 30);
    });
}

#[test]
fn what_could_not_be_done_stands_there_until_it_was_seen() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.open("INBOX").await;
        desk.line.cut();
        let id = desk.mark_read("INBOX", "2");
        wait(100).await;
        desk.line.world(|world| {
            world.folder("INBOX").take(2);
            world.renumber("INBOX");
        });
        desk.line.weather(None);
        desk.replica.receive(whimbrel_shared::Event::Hello);
        rest().await;
        let refusals = desk.replica.could_not_apply();
        assert_eq!(refusals.len(), 1);
        assert_eq!(refusals[0].id, id);
        desk.replica.dismiss(&id);
        assert_eq!(desk.replica.could_not_apply(), []);
    });
}
