//! Is Whimbrel fast and small? Every figure is printed beside its budget, and one that is over it ends the
//! run in failure. Whimbrel runs in a process of its own, and unless it says otherwise every request
//! reaches the mail server. Times are judged against a floor: the same FETCH sent by hand in the same run.
//! `cargo bench -p whimbrel-tests -- large` runs one chapter; `WHIMBREL_ROUNDS` makes all of them longer.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "prints what it measures, and stops where that cannot be"
)]

mod accounts;
mod figures;
mod file;
mod floor;
mod html;
mod large;
mod load;
mod server;

use figures::Figures;
use whimbrel_tests::own_process;

/// What can be measured, by name.
const CHAPTERS: [&str; 5] = ["large", "html", "file", "load", "accounts"];

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [word, config] = words.as_slice()
        && word == own_process::SERVE
    {
        own_process::serve_here(config).await;
        return std::process::ExitCode::SUCCESS;
    }
    allow_files();
    let chosen: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut figures = Figures::default();
    for chapter in CHAPTERS {
        let is_wanted = |words: &[&str]| words.iter().any(|word| CHAPTERS.contains(word));
        if is_wanted(&chosen) && !chosen.contains(&chapter) {
            continue;
        }
        match chapter {
            "large" => large::measure(&mut figures).await,
            "html" => html::measure(&mut figures).await,
            "file" => file::measure(&mut figures).await,
            "load" => load::measure(&mut figures).await,
            _ => accounts::measure(&mut figures).await,
        }
    }
    figures.verdict()
}

/// Lets this process and those it starts have as many open files as the machine allows.
fn allow_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let _ = setrlimit(Resource::Nofile, limit); // what is too few shows soon enough
}

/// How many rounds to make where `usual` do.
fn rounds(usual: usize) -> usize {
    let factor = std::env::var("WHIMBREL_ROUNDS").map_or(1, |text| text.parse().unwrap_or(1));
    usual * std::cmp::max(1, factor)
}
