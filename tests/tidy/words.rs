//! Words that must not stand in the project: open ends without a reason, silenced lints, markup made from text.

use crate::{
    Complaints, hold, must_complain, must_pass,
    sources::{self, Source},
};

// Written apart, so that this file does not hold them.
const OPEN_ENDS: [&str; 4] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("HA", "CK:"),
];

fn open_ends(file: &Source) -> Complaints {
    let is_there = |word: &&&str| file.text.contains(**word);
    OPEN_ENDS
        .iter()
        .filter(is_there)
        .map(|word| format!("leaves something open: {word}"))
        .collect()
}

fn lints(file: &Source) -> Complaints {
    let code = &file.shipped.code;
    let mut complaints = Complaints::new();
    if code.contains("#[allow(") || code.contains("#![allow(") {
        complaints.push("silences a lint by `allow`; `expect` with a reason says when it is not needed any more".to_owned());
    }
    for mark in ["#[expect(", "#![expect("] {
        for part in code.split(mark).skip(1) {
            if !part
                .split(")]")
                .next()
                .is_some_and(|inside| inside.contains("reason ="))
            {
                complaints.push("expects a lint without a reason".to_owned());
            }
        }
    }
    complaints
}

// In the app, text becomes nodes; HTML of mail lives in its own frame; styles live in style sheets.
fn markup(file: &Source) -> Complaints {
    if !file.path.starts_with("frontend/") {
        return Complaints::new();
    }
    let code = if file.path.ends_with(".rs") {
        &file.shipped.code
    } else {
        &file.text
    };
    let complaint =
        |(word, why): (&str, &str)| code.contains(word).then(|| format!("{why}: {word}"));
    let mut complaints: Complaints = MARKUP.into_iter().filter_map(complaint).collect();
    let is_directive = |rest: &str| rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '-');
    if code.split(" style:").skip(1).any(is_directive) {
        complaints.push("sets a style in a view, which belongs into a style sheet".to_owned());
    }
    complaints
}

const MARKUP: [(&str, &str); 7] = [
    ("inner_html", "makes markup from text"),
    ("innerHTML", "makes markup from text"),
    ("insertAdjacentHTML", "makes markup from text"),
    ("insert_adjacent_html", "makes markup from text"),
    ("document.write", "makes markup from text"),
    (
        " style=",
        "has a style attribute, which the page's policy refuses",
    ),
    (
        " onclick=",
        "has a script attribute, which the page's policy refuses",
    ),
];

#[test]
fn nothing_is_left_open() {
    hold(
        &sources::files(&[
            ".rs", ".css", ".mjs", ".js", ".sh", ".toml", "Makefile", ".html",
        ]),
        open_ends,
    );
    must_complain("x.rs", concat!("// TO", "DO: later"), open_ends);
}

#[test]
fn lints_are_expected_with_a_reason() {
    hold(&sources::rust(), lints);
    must_complain("x.rs", "#[allow(dead_code)]", lints);
    must_complain("x.rs", "#[expect(dead_code)]", lints);
    must_pass("x.rs", "#[expect(dead_code, reason = \"why\")]", lints);
}

#[test]
fn the_app_makes_no_markup_from_text() {
    hold(&sources::files(&[".rs", ".html", ".js", ".mjs"]), markup);
    must_complain("frontend/src/x.rs", "view! { <p inner_html=x/> }", markup);
    must_complain("frontend/src/x.rs", "view! { <p style=\"x\"/> }", markup);
    must_complain("frontend/src/x.rs", "view! { <p style:color=x/> }", markup);
    must_complain("frontend/index.html", "<p style=\"x\">", markup);
    must_pass("frontend/src/x.rs", "view! { <p class=\"x\"/> }", markup);
}
