//! What is measured of a soak, and what of it must not grow.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use whimbrel_tests::own_process;

/// Memory may grow so much after the first third, per cent.
const GROWTH: u64 = 10;
/// Connections to the mail server of one account: a person's, a watcher's, a search's.
const CONNECTIONS: usize = 3;

/// What people did and how it was answered.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    /// By what was done: how often, and how long it took.
    done: BTreeMap<&'static str, Vec<Duration>>,
    /// Answers that were not good, by status.
    bad: BTreeMap<String, usize>,
    server_errors: usize,
}

impl Tally {
    /// Something was done.
    pub(crate) fn note(&self, what: &'static str, status: u16, took: Duration) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.done.entry(what).or_default().push(took);
        if status >= 400 {
            *counts.bad.entry(format!("{what}: {status}")).or_default() += 1;
        }
        counts.server_errors += usize::from(status >= 500);
    }

    fn total(&self) -> usize {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.done.values().map(Vec::len).sum()
    }
}

/// One look at the server's process.
#[derive(Debug, Clone, Copy)]
struct Look {
    at: Duration,
    memory: u64,
    files: usize,
    connections: usize,
}

/// All looks at the server's process.
pub(crate) struct Figures {
    pid: u32,
    imaps: u16,
    looks: Vec<Look>,
}

impl Figures {
    pub(crate) fn new(pid: u32, imaps: u16) -> Self {
        Self {
            pid,
            imaps,
            looks: Vec::new(),
        }
    }

    /// Looks, and prints what it sees.
    pub(crate) fn take(&mut self, at: Duration, tally: &Tally) {
        let look = Look {
            at,
            memory: memory(self.pid),
            files: fs::read_dir(format!("/proc/{}/fd", self.pid)).map_or(0, Iterator::count),
            connections: connections_to(self.imaps),
        };
        println!(
            "{:>5} s: {:>7} KiB, {:>5} files, {:>4} connections to the mail server, {:>7} requests",
            look.at.as_secs(),
            look.memory >> 10,
            look.files,
            look.connections,
            tally.total()
        );
        self.looks.push(look);
    }

    /// Prints the sums; panics where something grew or failed.
    pub(crate) fn judge(&self, people: usize, tally: &Tally) {
        let counts = tally.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (what, times) in &counts.done {
            let mut times = times.clone();
            times.sort_unstable();
            let (median, slow) = (times[times.len() / 2], times[times.len() * 99 / 100]);
            println!(
                "{what:>8}: {:>7} times, median {median:?}, p99 {slow:?}",
                times.len()
            );
        }
        println!("answers that were not good: {:?}", counts.bad);
        assert!(self.looks.len() >= 6, "too short to tell anything");
        let mean =
            |looks: &[Look]| looks.iter().map(|look| look.memory).sum::<u64>() / looks.len() as u64;
        let third = self.looks.len() / 3;
        let (middle, end) = (&self.looks[third..2 * third], &self.looks[2 * third..]);
        let (before, after) = (mean(middle), mean(end));
        let most = |of: fn(&Look) -> usize| self.looks.iter().map(of).max().unwrap_or(0);
        let (files, connections) = (most(|look| look.files), most(|look| look.connections));
        println!(
            "memory {} KiB in the second third, {} KiB in the last; at most {files} files, {connections} connections",
            before >> 10,
            after >> 10
        );
        assert_eq!(counts.server_errors, 0, "answers of 500 and more");
        assert!(after <= before + before * GROWTH / 100, "memory grows");
        assert!(connections <= CONNECTIONS * people + 10, "connections grow");
        assert!(files <= (CONNECTIONS + 2) * people + 100, "open files grow");
    }
}

/// Resident memory of a process, bytes.
pub(crate) fn memory(pid: u32) -> u64 {
    own_process::memory(pid, "VmRSS:") << 10
}

/// Established TCP connections to this port on this machine.
fn connections_to(port: u16) -> usize {
    let wanted = format!(":{port:04X}");
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"]
        .map(|table| fs::read_to_string(table).unwrap_or_default());
    let is_one = |line: &&str| {
        let mut words = line.split_whitespace().skip(2);
        words.next().is_some_and(|remote| remote.ends_with(&wanted)) && words.next() == Some("01")
    };
    tables
        .iter()
        .map(|table| table.lines().filter(is_one).count())
        .sum()
}
