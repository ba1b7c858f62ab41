//! The maker's mailboxes, as Dovecot sees them.

use std::time::{Duration, Instant};

use whimbrel_tests::{
    imap_client::ImapClient,
    letters::{OWN_FOLDERS, Plan, Spread},
    world::{ADA, PASSWORD, World},
};

fn plan(count: u32, spread: Spread) -> Plan {
    Plan {
        seed: 1,
        count,
        owner: "ada".to_owned(),
        until: 1_795_000_000,
        days: 1500,
        spread,
    }
}

#[tokio::test]
async fn folders_flags_and_dates_are_as_planned() {
    let world = World::start().await.unwrap();
    world.fill(plan(400, Spread::Folders)).unwrap();
    let mut ada = ImapClient::signed_in(world.dovecot.ports.imap, ADA, PASSWORD).await;
    let folders = ada.folders().await;
    for folder in OWN_FOLDERS
        .iter()
        .chain(&["INBOX", "Sent", "Trash", "Junk"])
    {
        assert!(
            folders.contains(&(*folder).to_owned()),
            "{folder} in {folders:?}"
        );
    }
    let subscribed = ada.command("LSUB \"\" *").await.good();
    assert!(
        subscribed
            .lines()
            .any(|line| line.contains("Projects/Shoreline"))
    );

    let inbox = ada.select("INBOX").await;
    assert_eq!(inbox.uidnext, Some(inbox.exists + 1));
    let forwarded = ada.search("KEYWORD $Forwarded").await;
    assert!(!forwarded.is_empty());
    let newest = ada.search("SINCE 10-Nov-2026").await;
    assert_eq!(newest.last(), Some(&inbox.exists));
    let quota = ada.command("GETQUOTAROOT INBOX").await.good();
    assert!(quota.lines().any(|line| line.contains("1048576")));
    let letter = ada.message(newest[0]).await;
    assert!(letter.windows(4).any(|w| w == b"\r\n\r\n"));
}

// The size of the great folder is a tenth in a short run.
#[tokio::test]
async fn a_great_folder_is_filled_quickly() {
    let rounds: u32 = std::env::var("WHIMBREL_ROUNDS").map_or(1, |n| n.parse().unwrap());
    let count = (10_000 * rounds).min(100_000);
    let world = World::start().await.unwrap();
    let start = Instant::now();
    world.fill(plan(count, Spread::Inbox)).unwrap();
    let filled = start.elapsed();
    let mut ada = ImapClient::signed_in(world.dovecot.ports.imap, ADA, PASSWORD).await;
    assert_eq!(ada.select("INBOX").await.exists, count);
    println!(
        "{count} letters: {filled:?} to write, {:?} until open",
        start.elapsed()
    );
    assert!(filled < Duration::from_secs(90));
    let last = ada.uids().await.last().copied();
    assert_eq!(last, Some(count));
}
