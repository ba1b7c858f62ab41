//! Making, renaming and deleting folders.

use whimbrel_shared::{Action, ErrorCode, Event, MailboxId, OutcomeKind};

use super::{
    desk::{Desk, list, rest, run, wait},
    model::id,
    wire::Fate,
};
use crate::list::Phase;

fn paths(desk: &Desk) -> Vec<String> {
    let list = desk.replica.mailboxes();
    list.mailboxes.iter().map(|m| m.name.clone()).collect()
}

fn find(desk: &Desk, name: &str) -> MailboxId {
    let list = desk.replica.mailboxes();
    let mut named = list.mailboxes.iter().filter(|m| m.name == name);
    named.next().unwrap().id.clone()
}

#[test]
fn a_folder_made_without_a_line_can_be_filled_at_once() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.open("INBOX").await;
        desk.line.cut();
        desk.create("Trips");
        let trips = find(&desk, "Trips");
        assert_eq!(
            paths(&desk),
            ["INBOX", "Drafts", "Sent", "Trash", "Trips", "Work"]
        );
        desk.move_to("INBOX", "2:3", &trips);
        assert_eq!(desk.replica.mailbox(&trips).unwrap().total_emails, 2);
        desk.replica.want_list(&list(&trips.0));
        assert_eq!(desk.replica.list(&list(&trips.0)).phase, Phase::Ready);
        rest().await;
        desk.line.weather(None);
        desk.replica.receive(Event::Hello);
        rest().await;
        assert_eq!(
            desk.line.world(|world| world.folder("Trips").mails.len()),
            2
        );
        assert_eq!(desk.replica.current_id(&trips), id("Trips"));
        assert_eq!(
            desk.replica.list(&list(&trips.0)).total,
            2,
            "the old name still leads there"
        );
        desk.agrees("Trips");
    });
}

#[test]
fn what_waits_for_a_folder_that_cannot_be_made_is_refused_too() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.open("INBOX").await;
        desk.line
            .next_fates(&[Fate::Fails(ErrorCode::NotPermitted)]);
        desk.create("Trips");
        desk.move_to("INBOX", "2:3", &find(&desk, "Trips"));
        assert_eq!(desk.shown("INBOX"), "1,4:5");
        rest().await;
        assert_eq!((desk.refusals(), desk.replica.queue_len()), (2, 0));
        desk.agrees("INBOX");
    });
}

#[test]
fn who_waits_for_an_outcome_tells_of_it_so_it_is_not_kept() {
    run(async {
        let desk = Desk::with_letters(5);
        desk.open("INBOX").await;
        let refusal = Fate::Fails(ErrorCode::NotPermitted);
        desk.line.next_fates(&[refusal.clone(), refusal]);
        let create = Action::CreateMailbox {
            parent_id: None,
            name: "Trips".to_owned(),
            role: None,
        };
        let outcome = desk.replica.perform_and_wait(create.clone()).await;
        assert!(matches!(outcome, OutcomeKind::Refused { .. }));
        assert_eq!(desk.replica.could_not_apply(), []);
        let id = desk.replica.perform(create);
        rest().await;
        let kept = desk.replica.could_not_apply();
        assert!(matches!(kept.as_slice(), [one] if one.id == id));
    });
}

#[test]
fn a_renamed_folder_keeps_its_rows_and_its_work() {
    run(async {
        let desk = Desk::with_letters(1);
        desk.line.world(|world| world.deliver("Work", 3));
        desk.open("Work").await;
        desk.line.slow_down(200);
        desk.replica.perform(Action::RenameMailbox {
            mailbox_id: id("Work"),
            parent_id: None,
            name: "Labour".to_owned(),
        });
        desk.mark_read("Work", "2");
        for _ in 0..200 {
            wait(20).await;
            assert_eq!(desk.replica.list(&list("Work")).total, 3);
            assert_eq!(paths(&desk), ["INBOX", "Drafts", "Sent", "Trash", "Labour"]);
            assert!(desk.is_read("Work", 2));
        }
        assert_eq!((desk.done(), desk.replica.queue_len()), (2, 0));
        desk.agrees("Labour");
    });
}

#[test]
fn what_is_below_a_renamed_folder_goes_with_it() {
    run(async {
        let desk = Desk::with_letters(1);
        desk.line.world(|world| {
            world.make("Work/Sub", None);
            world.deliver("Work/Sub", 2)
        });
        desk.open("Work/Sub").await;
        desk.line.slow_down(200);
        desk.replica.perform(Action::RenameMailbox {
            mailbox_id: id("Work"),
            parent_id: None,
            name: "Labour".to_owned(),
        });
        // Neither the list nor what one does in it has to wait for the new name.
        desk.mark_read("Work/Sub", "2");
        desk.replica.perform(Action::Move {
            mailbox_id: id("INBOX"),
            uidvalidity: 1,
            uids: "1".parse().unwrap(),
            to: id("Work/Sub"),
            add: Vec::new(),
            remove: Vec::new(),
        });
        for _ in 0..200 {
            wait(20).await;
            let shown = desk.replica.list(&list("Work/Sub"));
            assert!(
                !matches!(shown.phase, Phase::Failed(_)),
                "{:?}",
                shown.phase
            );
            assert!(desk.is_read("Work/Sub", 2));
        }
        assert_eq!((desk.done(), desk.replica.queue_len()), (3, 0));
        let letters = desk
            .line
            .world(|world| world.folder("Labour/Sub").uids().len());
        assert_eq!(letters, 3);
        assert!(
            desk.line
                .world(|world| world.list().mailboxes.iter().all(|m| m.id != id("Work")))
        );
        desk.agrees("Labour/Sub");
    });
}

#[test]
fn a_deleted_folder_goes_at_once() {
    run(async {
        let desk = Desk::with_letters(1);
        desk.open("Work").await;
        desk.replica.perform(Action::DeleteMailbox {
            mailbox_id: id("Work"),
        });
        assert_eq!(paths(&desk), ["INBOX", "Drafts", "Sent", "Trash"]);
        rest().await;
        assert!(matches!(
            desk.replica.list(&list("Work")).phase,
            Phase::Failed(_)
        ));
        desk.open("INBOX").await;
        desk.agrees("INBOX");
    });
}

#[test]
fn a_folder_that_another_program_deleted_says_so() {
    run(async {
        let desk = Desk::with_letters(1);
        desk.open("Work").await;
        desk.line.world(|world| world.boxes.remove("Work"));
        let now = desk.line.world(|world| world.list());
        desk.replica.receive(Event::Mailboxes { list: now });
        let Phase::Failed(error) = desk.replica.list(&list("Work")).phase else {
            panic!("it is gone");
        };
        assert_eq!(error.code, ErrorCode::MailboxGone);
        desk.line.world(|world| world.make("Work", None));
        desk.open("Work").await;
        desk.agrees("Work");
    });
}
