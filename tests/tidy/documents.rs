//! What a newcomer looks for is there.

use crate::sources::{exists, files};

const DOCUMENTS: [&str; 13] = [
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "Makefile",
    "Trunk.toml",
    "deny.toml",
    "docs/ARCHITECTURE.md",
    "docs/API.md",
    "docs/SECURITY-MODEL.md",
    "docs/CONFIGURATION.md",
];

#[test]
fn documents_are_there() {
    let missing: Vec<_> = DOCUMENTS.iter().filter(|path| !exists(path)).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
    assert!(!exists("docs/NOT-THERE.md"));
}

/// A row of the table names files, and tests within the file before them.
#[test]
fn the_proofs_of_the_security_model_are_there() {
    let model = files(&[".md"])
        .into_iter()
        .find(|file| file.path == "docs/SECURITY-MODEL.md")
        .expect("the security model");
    let (_, table) = model.text.split_once("## What proves it").expect("a table");
    let mut proofs = 0;
    for row in table.lines().filter(|line| line.starts_with("| ")) {
        let mut text = String::new();
        for name in row.split('`').skip(1).step_by(2) {
            if name.starts_with("tests/") || name.starts_with("server/") {
                text =
                    std::fs::read_to_string(crate::sources::root().join(name)).unwrap_or_default();
                assert!(!text.is_empty(), "{name} is not there");
            } else {
                assert!(text.contains(name), "{name} is not there");
            }
            proofs += 1;
        }
    }
    assert!(proofs > 40);
}

/// The security model says that no build can lack a layer of the defence: there is nothing to switch.
#[test]
fn the_program_is_built_in_one_way_only() {
    let manifest = crate::sources::root().join("server/Cargo.toml");
    let manifest = std::fs::read_to_string(manifest).expect("a manifest");
    assert!(manifest.contains("[dependencies]") && !manifest.contains("[features]"));
}

#[test]
fn relative_links_lead_somewhere() {
    let mut dead = Vec::new();
    for file in files(&[".md"]) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in links(&file.text) {
            let path = if folder.is_empty() {
                target.clone()
            } else {
                format!("{folder}/{target}")
            };
            if !exists(&path) {
                dead.push(format!("{}: {target}", file.path));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
    assert_eq!(
        links("[a](b.md#c) [d](https://e.example) [f](#g)"),
        ["b.md"]
    );
}

#[test]
fn every_member_takes_the_house_lints() {
    let members = files(&["/Cargo.toml"]);
    assert!(members.len() >= 5);
    for member in members {
        assert!(
            member.text.contains("[lints]\nworkspace = true"),
            "{} has no [lints]",
            member.path
        );
    }
}

fn links(text: &str) -> Vec<String> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains(':'))
        .map(str::to_owned)
        .collect()
}
