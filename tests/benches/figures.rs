//! Figures, each beside its budget, and the verdict over all of them. Measures nothing.

use std::{process::ExitCode, time::Duration};

/// What was measured so far.
#[derive(Default)]
pub(crate) struct Figures {
    judged: Vec<String>,
    is_over: bool,
}

impl Figures {
    /// A figure that may be `budget` at most.
    pub(crate) fn at_most(&mut self, what: &str, value: f64, budget: f64, unit: &str) {
        let budgeted = format!("{budget} at most");
        self.judge(what, value, unit, &budgeted, value <= budget);
    }

    /// A figure that must be `budget` at least.
    pub(crate) fn at_least(&mut self, what: &str, value: f64, budget: f64, unit: &str) {
        let budgeted = format!("{budget:.0} at least");
        self.judge(what, value, unit, &budgeted, value >= budget);
    }

    fn judge(&mut self, what: &str, value: f64, unit: &str, budgeted: &str, is_kept: bool) {
        let mark = if is_kept { "ok  " } else { "OVER" };
        let line = format!("{mark} {what}: {value:.2} {unit} ({budgeted})");
        println!("{line}");
        self.judged.push(line);
        self.is_over |= !is_kept;
    }

    /// Prints all figures once more; failure if one is over its budget.
    pub(crate) fn verdict(&self) -> ExitCode {
        println!("\nAll figures:");
        for line in &self.judged {
            println!("  {line}");
        }
        if self.is_over {
            println!("Over the budget.");
            return ExitCode::FAILURE;
        }
        ExitCode::SUCCESS
    }
}

/// Times of one thing.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Adds one.
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// Adds those of another.
    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The time that `percent` of them do not exceed, in milliseconds.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        sorted[index].as_secs_f64() * 1e3
    }

    /// The time in the middle, in milliseconds.
    pub(crate) fn median(&self) -> f64 {
        self.percentile(50)
    }
}
