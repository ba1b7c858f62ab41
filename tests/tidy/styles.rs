//! Styles and views fit: every class that a view names has a rule, and every rule of a component or
//! of `ui` is for a class that some view names.

use std::collections::BTreeSet;

use crate::sources::{self, Source, exists};

/// Classes that a style sheet has rules for.
fn defined(css: &str) -> BTreeSet<String> {
    let mut classes = BTreeSet::new();
    for selector in selectors(&without_comments(css)) {
        for part in selector.split('.').skip(1) {
            let end = part.find(|c: char| !is_name(c)).unwrap_or(part.len());
            if part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-' || c == '_') {
                classes.insert(part[..end].to_owned());
            }
        }
    }
    classes
}

// What stands before each `{`; at-rules other than the grouping ones have no classes in front.
fn selectors(css: &str) -> Vec<String> {
    css.split('{')
        .map(|before| before.rsplit(['}', ';']).next().unwrap_or_default().trim())
        .filter(|selector| !selector.starts_with("@layer") && !selector.starts_with("@media"))
        .map(str::to_owned)
        .collect()
}

fn without_comments(css: &str) -> String {
    css.split("/*")
        .enumerate()
        .map(|(number, part)| match number {
            0 => part,
            _ => part.split_once("*/").map_or("", |(_, rest)| rest),
        })
        .collect()
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

/// Classes that a view or page surely sets: `class="a b"` and `class:a=`.
fn named(text: &str) -> BTreeSet<String> {
    let mut classes = BTreeSet::new();
    for rest in text.split(" class=\"").skip(1) {
        let value = rest.split('"').next().unwrap_or_default();
        let plain = |class: &&str| class.chars().all(is_name);
        classes.extend(value.split_whitespace().filter(plain).map(str::to_owned));
    }
    for rest in text.split(" class:").skip(1) {
        let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        if end > 0 && rest[end..].starts_with('=') {
            classes.insert(rest[..end].to_owned());
        }
    }
    classes
}

/// Every word that may be a class: words of string literals, and `class:a`.
fn mentioned(file: &Source) -> BTreeSet<String> {
    let mut words = named(&file.text);
    let texts: Vec<&str> = match file.path.ends_with(".rs") {
        true => file.shipped.literals.iter().map(String::as_str).collect(),
        false => vec![&file.text],
    };
    for text in texts {
        words.extend(text.split(|c: char| !is_name(c)).map(str::to_owned));
    }
    words
}

fn views() -> Vec<Source> {
    let all = sources::files(&[".rs", ".html", ".js"]);
    let is_view = |file: &Source| {
        file.path.starts_with("frontend/src/")
            || file.path == "frontend/index.html"
            || file.path == "index.html"
            || file.path.starts_with("server/src/plain")
            || file.path.starts_with("server/src/message/frame")
    };
    all.into_iter().filter(is_view).collect()
}

fn sheets(dirs: &[&str]) -> Vec<Source> {
    let all = sources::files(&[".css"]);
    all.into_iter()
        .filter(|file| dirs.iter().any(|dir| file.path.starts_with(dir)))
        .collect()
}

#[test]
fn every_class_of_a_view_has_a_rule() {
    let sheets = sheets(&["style/", "server/src/plain/", "server/src/message/"]);
    let rules: BTreeSet<String> = sheets
        .iter()
        .flat_map(|sheet| defined(&sheet.text))
        .collect();
    let missing: Vec<String> = views()
        .iter()
        .flat_map(|view| {
            let unknown: Vec<String> = named(&view.text).difference(&rules).cloned().collect();
            unknown
                .into_iter()
                .map(|class| format!("{}: {class}", view.path))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(
        missing.is_empty(),
        "classes without a rule:\n{}",
        missing.join("\n")
    );
}

#[test]
fn every_rule_is_for_a_class_of_a_view() {
    let words: BTreeSet<String> = views().iter().flat_map(mentioned).collect();
    let unused: Vec<String> = sheets(&["style/ui/", "style/components/"])
        .iter()
        .flat_map(|sheet| {
            let unused: Vec<String> = defined(&sheet.text).difference(&words).cloned().collect();
            unused
                .into_iter()
                .map(|class| format!("{}: .{class}", sheet.path))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(
        unused.is_empty(),
        "rules that nothing uses:\n{}",
        unused.join("\n")
    );
}

#[test]
fn every_sheet_belongs_to_a_part() {
    let orphans: Vec<String> = sheets(&["style/ui/", "style/components/"])
        .iter()
        .filter(|sheet| !has_part(&sheet.path))
        .map(|sheet| sheet.path.clone())
        .collect();
    assert!(
        orphans.is_empty(),
        "sheets without a part:\n{}",
        orphans.join("\n")
    );
    assert!(!has_part("style/ui/no-such-part.css"));
}

fn has_part(sheet: &str) -> bool {
    let name = sheet
        .trim_start_matches("style/")
        .trim_end_matches(".css")
        .replace('-', "_");
    exists(&format!("frontend/src/{name}.rs")) || exists(&format!("frontend/src/{name}"))
}

#[test]
fn selectors_and_classes_are_read() {
    let css = "@layer ui { /* .no { */ .a.b-c > p:not(.d)::before, .e { margin: .5em } @media (x) { .f { color: red; .g & { top: 0 } } } }";
    let expected = ["a", "b-c", "d", "e", "f", "g"].map(str::to_owned);
    assert_eq!(defined(css), BTreeSet::from(expected));
    let view = "<p class=\"x y\" class:z=true><q class=move || if a { \"v\" } else { \"w\" }>";
    assert_eq!(
        named(view),
        BTreeSet::from(["x", "y", "z"].map(str::to_owned))
    );
    let all = mentioned(&Source::new("frontend/src/x.rs", view));
    assert!(all.contains("v") && all.contains("w"));
}
