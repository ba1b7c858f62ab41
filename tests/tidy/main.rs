//! The rules of the house that a compiler does not hold: who may know whom, how large and how headed files
//! are, and that styles and components fit together. Every rule is tried on a text that breaks it, too.
#![expect(
    clippy::string_slice,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "cuts at places that were just found in the same text"
)]

mod documents;
mod layers;
mod lexer;
mod purity;
mod shape;
mod sources;
mod styles;
mod unit;
mod urls;
mod words;

use sources::Source;

/// What a rule says against one file: line numbers are left to the reader's editor, names are given.
type Complaints = Vec<String>;

/// Holds a rule against every file of the project that it is about.
#[track_caller]
fn hold(files: &[Source], rule: impl Fn(&Source) -> Complaints) {
    let complaints: Complaints = files
        .iter()
        .flat_map(|file| {
            let path = &file.path;
            rule(file)
                .into_iter()
                .map(move |text| format!("{path}: {text}"))
        })
        .collect();
    assert!(
        complaints.is_empty(),
        "\n{} found:\n{}\n",
        complaints.len(),
        complaints.join("\n")
    );
}

/// The rule must complain about this text at this path.
#[track_caller]
fn must_complain(path: &str, text: &str, rule: impl Fn(&Source) -> Complaints) {
    let source = Source::new(path, text);
    assert!(
        !rule(&source).is_empty(),
        "the rule lets this pass:\n{text}"
    );
}

/// The rule must not complain about this text at this path.
#[track_caller]
fn must_pass(path: &str, text: &str, rule: impl Fn(&Source) -> Complaints) {
    let source = Source::new(path, text);
    let complaints = rule(&source);
    assert!(complaints.is_empty(), "{complaints:?} about:\n{text}");
}
