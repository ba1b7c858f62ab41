//! A mail server that changes its mind about what it can do, after the sign-in: everything goes on, by the
//! poorer way where it must, and touches nothing but what it was told to.

use whimbrel_shared::{Action, MailboxId, OutcomeKind, Role, UidSet};
use whimbrel_tests::{
    imap_proxy::{ImapProxy, faults::Fault},
    letters::plain::letter,
};

use crate::kit::{Desk, assert_applied, mark};

fn shift(from: &MailboxId, uidvalidity: u32, uid: u32, to: &MailboxId) -> Action {
    Action::Move {
        mailbox_id: from.clone(),
        uidvalidity,
        uids: UidSet::one(uid),
        to: to.clone(),
        add: Vec::new(),
        remove: Vec::new(),
    }
}

async fn four_letters() -> (Desk, ImapProxy) {
    let (mut desk, proxy) = Desk::behind_a_proxy().await;
    for subject in ["Move me", "Doomed by another", "Destroy me", "Stay"] {
        drop(
            desk.other
                .append("INBOX", "", &letter(subject, subject))
                .await
                .good(),
        );
    }
    (desk, proxy)
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story, whose steps need what came before"
)]
async fn whatever_is_taken_away_after_the_sign_in_every_action_touches_its_own_letters_only() {
    for left in [
        "IMAP4rev1",
        "IMAP4rev1 UIDPLUS",
        "IMAP4rev1 MOVE",
        "IMAP4rev1 IDLE CONDSTORE ESEARCH LIST-EXTENDED",
        "IMAP4rev1 LITERAL+ LIST-EXTENDED LIST-STATUS SPECIAL-USE",
    ] {
        let (mut desk, proxy) = four_letters().await;
        let (archive, _) = (desk.role(Role::Archive).await.id, desk.inbox().await);
        proxy.fault(Fault::Say(format!("* CAPABILITY {left}\r\n").into_bytes()));
        let (inbox, snapshot) = desk.inbox().await;
        assert_eq!(snapshot.uids.len(), 4, "{left}");
        let uids: Vec<u32> = snapshot.uids.iter().collect();
        // Another program has marked a letter deleted, and not expunged it yet.
        desk.other.select("INBOX").await;
        desk.other
            .store(&uids[1].to_string(), "+FLAGS (\\Deleted)")
            .await;
        assert_applied(
            &desk
                .perform(mark(&inbox, &snapshot, &snapshot.uids, &["$seen"], &[]))
                .await,
        );
        assert_applied(
            &desk
                .perform(shift(&inbox, snapshot.uidvalidity, uids[0], &archive))
                .await,
        );
        let destroy = Action::Destroy {
            mailbox_id: inbox.clone(),
            uidvalidity: snapshot.uidvalidity,
            uids: UidSet::one(uids[2]),
        };
        assert_applied(&desk.perform(destroy).await);
        let make = Action::CreateMailbox {
            parent_id: None,
            name: "Made".to_owned(),
            role: None,
        };
        assert!(
            matches!(desk.perform(make).await, OutcomeKind::Applied { .. }),
            "{left}"
        );
        assert_eq!(desk.mailbox("Made").await.total_emails, 0, "{left}");
        desk.other.select("Archive").await;
        assert_eq!(desk.other.uids().await.len(), 1, "{left}");
        desk.other.select("INBOX").await;
        let flags = desk.other.flags().await;
        assert_eq!(
            flags.keys().copied().collect::<Vec<u32>>(),
            [uids[1], uids[3]],
            "{left}"
        );
        assert!(
            flags[&uids[1]].contains("\\Deleted"),
            "{left}: another's mark stays"
        );
        assert!(!flags[&uids[3]].contains("\\Deleted"), "{left}");
        assert_eq!(
            desk.snapshot(&inbox)
                .await
                .uids
                .iter()
                .collect::<Vec<u32>>(),
            [uids[1], uids[3]]
        );
    }
}

#[tokio::test]
async fn what_a_mail_server_promises_wrongly_is_done_another_way_or_refused_in_words() {
    let (desk, proxy) = four_letters().await;
    let (inbox, snapshot) = desk.inbox().await;
    proxy.fault(Fault::Say(
        b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS X-SHINY QRESYNC NOTIFY\r\n".to_vec(),
    ));
    let archive = desk.role(Role::Archive).await.id;
    let first = snapshot.uids.first().expect("a letter");
    assert_applied(
        &desk
            .perform(shift(&inbox, snapshot.uidvalidity, first, &archive))
            .await,
    );
    assert_eq!(desk.snapshot(&inbox).await.uids.len(), 3);
    assert_eq!(desk.snapshot(&archive).await.uids.len(), 1);
}
