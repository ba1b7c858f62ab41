//! Tells Rust code from comments and string literals; enough for looking names up, no more.

/// A Rust text taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lexed {
    /// Without comments, every string literal empty.
    pub(crate) code: String,
    /// What the string literals hold, escapes as written.
    pub(crate) literals: Vec<String>,
}

/// Takes a Rust text apart.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexed = Lexed {
        code: String::new(),
        literals: Vec::new(),
    };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            string(rest, &mut lexed)
        } else if let Some(hashes) = raw_string(rest, &lexed.code) {
            let open = 2 + hashes;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = rest[open..]
                .find(&close)
                .map_or(rest.len(), |end| open + end);
            lexed.literals.push(rest[open..end].to_owned());
            lexed.code += "\"\"";
            (end + close.len()).min(rest.len())
        } else if let Some(length) = character(rest) {
            lexed.code += "' '";
            length
        } else {
            lexed.code.push(first);
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    lexed
}

fn string(rest: &str, lexed: &mut Lexed) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => {
                lexed.literals.push(rest[1..at].to_owned());
                lexed.code += "\"\"";
                return at + 1;
            }
            _ => {}
        }
    }
    rest.len()
}

// `r"…"`, `r#"…"#`: how many hashes; not the end of a name such as `for`.
fn raw_string(rest: &str, before: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let is_name =
        before.ends_with(|c: char| c.is_alphanumeric() || c == '_') && !before.ends_with('b');
    let hashes = after.len() - after.trim_start_matches('#').len();
    (!is_name && after[hashes..].starts_with('"')).then_some(hashes)
}

// `'x'`, `'\n'`, `'\u{1f426}'`; not a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    if let Some(escape) = inner.strip_prefix('\\') {
        let first = escape.chars().next()?.len_utf8();
        return Some(2 + first + escape[first..].find('\'')? + 1);
    }
    let length = inner.chars().next()?.len_utf8();
    inner[length..].starts_with('\'').then_some(length + 2)
}

#[test]
fn comments_strings_and_lifetimes_are_told_apart() {
    let lexed = lex(
        "fn f<'a>(x: &'a str) { // \"no\"\n g('\"', \"a \\\" b\", r#\"c \"d\" \"#) } /* h */ 'x",
    );
    assert_eq!(lexed.literals, ["a \\\" b", "c \"d\" "]);
    assert!(lexed.code.contains("fn f<'a>(x: &'a str)") && !lexed.code.contains("no"));
    assert!(lexed.code.contains("g(' ', \"\", \"\")"));
}
