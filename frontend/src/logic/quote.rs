//! The text of a message within the answer to it.

/// `text` with `> ` before each line; what was quoted already gets one `>` more.
/// The signature (from `-- ` on) is left out unless something is quoted below it.
#[must_use]
pub fn quoted(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let end = signature_at(&lines).unwrap_or(lines.len());
    let kept = lines.get(..end).unwrap_or(&lines);
    let kept = match kept.iter().rposition(|line| !line.trim().is_empty()) {
        Some(last) => kept.get(..=last).unwrap_or(kept),
        None => return String::new(),
    };
    let first = kept
        .iter()
        .position(|line| !line.trim().is_empty())
        .unwrap_or(0);
    kept.iter()
        .skip(first)
        .map(|line| quoted_line(line))
        .collect()
}

fn quoted_line(line: &str) -> String {
    let line = line.trim_end();
    match line.chars().next() {
        None => ">\n".to_owned(),
        Some('>') => format!(">{line}\n"),
        Some(_) => format!("> {line}\n"),
    }
}

/// The line where the signature begins (RFC 3676 §4.3), unless something is quoted after it.
fn signature_at(lines: &[&str]) -> Option<usize> {
    let at = lines
        .iter()
        .rposition(|line| matches!(*line, "-- " | "--"))?;
    let below = lines.get(at..)?;
    (!below.iter().any(|line| line.starts_with('>'))).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_line_by_line() {
        assert_eq!(
            quoted("\nHello,\n\nsee below.\n> older\n>> oldest\n\n"),
            "> Hello,\n>\n> see below.\n>> older\n>>> oldest\n"
        );
        assert_eq!(quoted("one\r\ntwo"), "> one\n> two\n");
    }

    #[test]
    fn leaves_the_signature_out() {
        assert_eq!(quoted("Yes.\n\n-- \nMarta\n+47 000"), "> Yes.\n");
        assert_eq!(
            quoted("Yes.\n-- \nMarta\n> older"),
            "> Yes.\n> --\n> Marta\n>> older\n"
        );
    }

    #[test]
    fn quotes_nothing_of_nothing() {
        assert_eq!(quoted(""), "");
        assert_eq!(quoted(" \n\n"), "");
    }
}
