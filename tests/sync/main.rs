//! Whether everybody sees the same in the end. The real sync engine, Whimbrel's server and a Dovecot, with
//! several people and a second mail program changing the same folders at random while lines break; at rest all
//! agree with a fresh look at the mail server, and whatever was accepted took effect once.
//!
//! Every story has a seed, which is printed: `WHIMBREL_SEED=20261123007 cargo test --test sync` tells one again.
//! Seeds change by date; `WHIMBREL_ROUNDS` says how many times twenty of them are told.
#![expect(
    clippy::expect_used,
    reason = "helpers of tests: what is not as expected ends the test"
)]
#![expect(
    clippy::print_stderr,
    reason = "seeds and figures are for whoever runs the suite"
)]

mod dice;
mod ledger;
mod outsider;
mod person;
mod story;
mod truth;
mod wire;

use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::{StreamExt as _, stream};
use whimbrel_tests::{
    dovecot::{Options, Person},
    world::{PASSWORD, World},
};

use crate::story::Folders;

/// Stories told at the same time.
const AT_ONCE: usize = 4;
/// Stories of one round.
const ROUND: u64 = 20;

#[tokio::test]
async fn everybody_sees_the_same_in_the_end() {
    if std::env::var_os("WHIMBREL_LOG").is_some() {
        whimbrel_server::logging::start();
    }
    let seeds = seeds();
    let address = |seed: u64| format!("story{seed}@whimbrel.example");
    let people: Vec<Person> = seeds
        .iter()
        .map(|&seed| Person::new(&address(seed), PASSWORD))
        .collect();
    let (quiet, stormy) = (Options::default(), without_list_index());
    let (quiet, stormy) = tokio::join!(World::with(&people, &quiet), World::with(&people, &stormy));
    let (quiet, stormy) = (quiet.expect("a mail world"), stormy.expect("a mail world"));
    let _logs = (LogOfFailure(&quiet), LogOfFailure(&stormy));
    let told: Vec<story::Figures> = stream::iter(seeds)
        .map(|seed| {
            let (world, folders) = if seed % 2 == 0 {
                (&stormy, Folders::Change)
            } else {
                (&quiet, Folders::Stay)
            };
            let telling = story::tell(world, seed, address(seed), folders);
            // With the story ends all that its devices still do.
            async move { tokio::task::LocalSet::new().run_until(telling).await }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let sum = |of: fn(&story::Figures) -> usize| told.iter().map(of).sum::<usize>();
    eprintln!(
        "{} stories: {} operations, {} by another program, {} faults, {} folders at the end",
        told.len(),
        sum(|figures| figures.operations),
        sum(|figures| figures.elsewhere),
        sum(|figures| figures.faults),
        sum(|figures| figures.folders),
    );
}

/// Dovecot 2.3.19 spoils its index of mailboxes when several programs make, rename and delete them at the
/// same time: processes crash, or spin with a lock held. Without the index it has no NOTIFY either. So folders
/// change where there is none, and news come by NOTIFY where they do not change.
fn without_list_index() -> Options {
    Options {
        settings: "mailbox_list_index = no\n".to_owned(),
        ..Options::default()
    }
}

/// Shows what Dovecot complained of when a story fails: its own defects are not ours.
struct LogOfFailure<'a>(&'a World);

impl Drop for LogOfFailure<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.0.dovecot.log();
            let is_complaint = |line: &&str| {
                let words = ["Error:", "Fatal:", "Panic:"];
                words.iter().any(|word| line.contains(word))
            };
            log.lines()
                .filter(is_complaint)
                .for_each(|line| eprintln!("{line}"));
        }
    }
}

fn seeds() -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    if let Some(seed) = number("WHIMBREL_SEED") {
        return vec![seed];
    }
    let days = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs() / 86_400);
    let first = days * 1000;
    (first..first + ROUND * number("WHIMBREL_ROUNDS").unwrap_or(1)).collect()
}
