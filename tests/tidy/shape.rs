//! The shape of files: not long, headed by what they are for, found under one name.

use crate::{
    Complaints, hold, must_complain, must_pass,
    sources::{self, Source},
};

const LONGEST_FILE: usize = 400;
const LONGEST_COMPONENT: usize = 80;

fn length(file: &Source) -> Complaints {
    let lines = file.text.lines().count();
    match lines > LONGEST_FILE {
        true => vec![format!("has {lines} lines, {LONGEST_FILE} are the most")],
        false => Complaints::new(),
    }
}

fn headed(file: &Source) -> Complaints {
    if file.path.starts_with("server/src/plain/") && file.path.ends_with(".css") {
        return Complaints::new(); // travels inside the sign-in page, where every byte counts
    }
    let first = file
        .text
        .trim_start_matches("#!/usr/bin/env bash\n")
        .trim_start_matches("#!/usr/bin/env node\n");
    let head = match file.path.rsplit('.').next() {
        Some("rs") => "//!",
        Some("css") => "/*",
        Some("sh") => "# ",
        Some("sql") => "-- ",
        _ => "//",
    };
    match first.starts_with(head) {
        true => Complaints::new(),
        false => vec![format!("does not begin with `{head}` and what it is for")],
    }
}

fn no_mod_rs(file: &Source) -> Complaints {
    match file.path.ends_with("/mod.rs") {
        true => vec!["is to be foo.rs beside foo/".to_owned()],
        false => Complaints::new(),
    }
}

// The contract crate gives its types under one roof, and two layers their central one.
const ROOFS: [&str; 3] = [
    "shared/src/lib.rs",
    "server/src/imap.rs",
    "server/src/message.rs",
];

fn no_reexports(file: &Source) -> Complaints {
    let is_contract = ROOFS.contains(&file.path.as_str());
    let offends = |line: &&str| line.starts_with("pub use ") || line.starts_with("pub(crate) use ");
    match file.shipped.code.lines().map(str::trim_start).find(offends) {
        Some(line) if !is_contract => vec![format!("gives something under a second name: {line}")],
        _ => Complaints::new(),
    }
}

fn short_components(file: &Source) -> Complaints {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut complaints = Complaints::new();
    for (start, line) in lines.iter().enumerate() {
        if line.trim() != "#[component]" {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let close = format!("{}}}", " ".repeat(indent));
        let length = lines[start..]
            .iter()
            .position(|line| *line == close)
            .unwrap_or(0);
        if length > LONGEST_COMPONENT {
            complaints.push(format!(
                "the component at line {} has {length} lines, {LONGEST_COMPONENT} are the most",
                start + 1
            ));
        }
    }
    complaints
}

#[test]
fn files_are_short() {
    hold(
        &sources::files(&[".rs", ".css", ".mjs", ".js", ".sh"]),
        length,
    );
    must_complain("x.rs", &"x\n".repeat(LONGEST_FILE + 1), length);
    must_pass("x.rs", &"x\n".repeat(LONGEST_FILE), length);
}

#[test]
fn files_say_what_they_are_for() {
    hold(
        &sources::files(&[".rs", ".css", ".mjs", ".js", ".sh", ".sql"]),
        headed,
    );
    must_complain("x.rs", "use std::fs;", headed);
    must_complain("x.css", ".x {}", headed);
    must_pass("x.sh", "#!/usr/bin/env bash\n# Sets up.\n", headed);
}

#[test]
fn modules_have_one_name() {
    hold(&sources::rust(), no_mod_rs);
    must_complain("server/src/imap/mod.rs", "", no_mod_rs);
    hold(&sources::rust(), no_reexports);
    must_complain(
        "server/src/smtp.rs",
        "pub use select::Selected;",
        no_reexports,
    );
    must_pass("shared/src/lib.rs", "pub use key::Uid;", no_reexports);
}

#[test]
fn components_are_short() {
    hold(&sources::rust(), short_components);
    let long = format!(
        "#[component]\nfn X() {{\n{}}}\n",
        "    x\n".repeat(LONGEST_COMPONENT + 1)
    );
    must_complain("frontend/src/ui/x.rs", &long, short_components);
    must_pass(
        "frontend/src/ui/x.rs",
        "#[component]\nfn X() {\n    x\n}\n",
        short_components,
    );
}
