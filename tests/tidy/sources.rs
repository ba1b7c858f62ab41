//! The files of the project, read once. Built things and installed things are left out.

use std::{fs, path::Path, sync::OnceLock};

use crate::lexer::{self, Lexed};

/// One text file.
pub(crate) struct Source {
    /// Relative to the project, with `/`.
    pub(crate) path: String,
    /// As it is.
    pub(crate) text: String,
    /// Rust only: the code that ships (no comments, no tests), and its string literals.
    pub(crate) shipped: Lexed,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            shipped: lexer::lex(without_tests(path, text)),
        }
    }

    /// Whether it is `name.rs` or lies in the folder `name`; `name` is a path without `.rs`.
    pub(crate) fn is_of(&self, name: &str) -> bool {
        self.path
            .strip_prefix(name)
            .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    }

    /// Whether it is of one of these.
    pub(crate) fn is_of_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is_of(name))
    }
}

/// All files with one of these endings.
pub(crate) fn files(endings: &[&str]) -> Vec<Source> {
    all()
        .iter()
        .filter(|(path, _)| endings.iter().any(|ending| path.ends_with(ending)))
        .map(|(path, text)| Source::new(path, text))
        .collect()
}

/// All Rust files.
pub(crate) fn rust() -> Vec<Source> {
    files(&[".rs"])
}

/// Whether there is a file or folder of this path in the project.
pub(crate) fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// The project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the project")
}

fn all() -> &'static [(String, String)] {
    static ALL: OnceLock<Vec<(String, String)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut found = Vec::new();
        walk(root(), &mut found);
        found.sort();
        found
    })
}

fn walk(dir: &Path, found: &mut Vec<(String, String)>) {
    const SKIPPED: [&str; 5] = ["target", "node_modules", "dist", ".git", ".cache"];
    for entry in fs::read_dir(dir).expect("a folder").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                walk(&path, found);
            }
            continue;
        }
        let relative = path.strip_prefix(root()).expect("below the project");
        let relative = relative.to_string_lossy().into_owned();
        if relative != "style/whimbrel.css"
            && let Ok(text) = fs::read_to_string(&path)
        {
            found.push((relative, text));
        }
    }
}

// Tests stand at the end of a file, or in a file of their own.
fn without_tests<'a>(path: &str, text: &'a str) -> &'a str {
    if path.ends_with("/tests.rs") || path.contains("/tests/") {
        return "";
    }
    match text.find("#[cfg(test)]\nmod tests {") {
        Some(start) => &text[..start],
        None => text,
    }
}
