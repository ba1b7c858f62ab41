//! Finds what can be folded away: the long quote at the end of an answer, which whoever reads has read
//! before. Never folds a word that the writer wrote.

use super::Line;

/// Quotes of no more lines than this stay open.
const LONG: usize = 8;

/// Which lines to fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fold {
    /// The first line: that which says who wrote it, or the first of the quote.
    pub(super) start: usize,
    /// The line after the last.
    pub(super) end: usize,
    /// How many lines are quoted.
    pub(super) quoted: usize,
}

/// The quote that nothing follows but a signature, if it is long and not all there is.
pub(super) fn find(lines: &[Line]) -> Option<Fold> {
    let last = lines.iter().rposition(|line| line.quotes > 0)?;
    let mut after = lines
        .iter()
        .skip(last + 1)
        .skip_while(|line| line.is_blank());
    if after.next().is_some_and(|line| !line.begins_signature()) {
        return None;
    }
    let block = lines.get(..=last)?;
    let first = block
        .iter()
        .rposition(|line| line.quotes == 0 && !line.is_blank())
        .map_or(0, |own| own + 1);
    let first = first + block.iter().skip(first).position(|line| line.quotes > 0)?;
    let quoted = block.iter().skip(first).filter(|line| line.quotes > 0);
    let quoted = quoted.count();
    let start = attribution(lines.get(..first)?);
    let is_answer = lines.iter().take(start).any(|line| !line.is_blank());
    (quoted > LONG && is_answer).then_some(Fold {
        start,
        end: last + 1,
        quoted,
    })
}

/// Where the words that say who wrote the quote begin, in the lines before it; their end if there are none.
fn attribution(before: &[Line]) -> usize {
    let Some(last) = before.iter().rposition(|line| !line.is_blank()) else {
        return before.len();
    };
    let is_attribution = |line: &Line| {
        let text = line.text.trim_end();
        line.quotes == 0 && !line.is_exact && text.ends_with([':', '：'])
    };
    if !before.get(last).is_some_and(is_attribution) {
        return before.len();
    }
    let mut above = before.iter().take(last).rev();
    let is_wrapped = above.next().is_some_and(|line| is_beginning(&line.text))
        && above.next().is_none_or(Line::is_blank)
        && before.get(last).is_some_and(|line| is_rest(&line.text));
    let start = if is_wrapped { last - 1 } else { last };
    // The end of a paragraph is the writer's, whatever it ends with.
    let above = start.checked_sub(1).and_then(|above| before.get(above));
    if above.is_none_or(|line| line.is_blank() || line.quotes > 0) {
        start
    } else {
        before.len()
    }
}

/// "On 3 November 2026 at 10:00, Ada <ada@example.org>": a date and an address, alone above its rest.
fn is_beginning(text: &str) -> bool {
    text.contains('@') && text.contains('<') && text.contains(|c: char| c.is_ascii_digit())
}

/// "wrote:", "a écrit :".
fn is_rest(text: &str) -> bool {
    text.split_whitespace().nth(4).is_none() && !text.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{Fold, find};
    use crate::message::text::{Flow, lines};

    const QUOTE: &str = "> 1\n> 2\n> 3\n>\n> 5\n>> 6\n> 7\n> 8\n> 9";

    #[track_caller]
    fn folded(text: &str) -> Option<Fold> {
        find(&lines(text, Flow::default()))
    }

    #[track_caller]
    fn assert_folded(text: &str, start: usize, end: usize) {
        let expected = Fold {
            start,
            end,
            quoted: 9,
        };
        assert_eq!(folded(text), Some(expected), "{text}");
    }

    #[test]
    fn the_long_quote_at_the_end_is_folded_with_its_first_line() {
        assert_folded(&format!("Yes.\n\nOn Monday Ada wrote:\n{QUOTE}"), 2, 12);
        assert_folded(
            &format!("Oui.\n\nLe 3 mai, Ada a écrit :\n\n{QUOTE}\n\n"),
            2,
            13,
        );
        assert_folded(&format!("好。\n\n艾达写道：\n{QUOTE}"), 2, 12);
        assert_folded(&format!("Yes.\n{QUOTE}\n\n-- \nAda\n\nmore"), 1, 10);
        assert_folded(&format!("Yes.\n-- \nAda\n\n{QUOTE}"), 4, 13);
        let wrapped = "Yes.\n\nOn 3 May 2026, Ada\n<ada@a.example> wrote:";
        assert_folded(&format!("{wrapped}\n{QUOTE}"), 4, 13);
        let wrapped = "Yes.\n\nOn 3 May 2026, Ada <ada@a.example>\nwrote:";
        assert_folded(&format!("{wrapped}\n{QUOTE}"), 2, 13);
        assert_folded(&format!("Yes.\n\n> 0\nNo.\n{QUOTE}"), 4, 13);
    }

    #[test]
    fn what_may_be_news_stays_open() {
        for text in [
            QUOTE.to_owned(),
            format!("Ada wrote:\n{QUOTE}"),
            format!("Yes.\n{QUOTE}\nNo."),
            format!("{QUOTE}\n\nYes."),
            "Yes.\n> 1\n> 2\n> 3\n> 4\n> 5\n> 6\n> 7\n> 8".to_owned(),
            "Yes.".to_owned(),
            String::new(),
        ] {
            assert_eq!(folded(&text), None, "{text}");
        }
        // The words above a first line of one line are the writer's.
        let own = format!("Thanks.\nCall me at 5, ada <a@x.example>\nThey wrote:\n{QUOTE}");
        assert_eq!(folded(&own).map(|fold| fold.start), Some(3));
        let own = format!("Thanks.\n\nI cannot come.\nPlease pay, see your list:\n{QUOTE}");
        assert_eq!(folded(&own).map(|fold| fold.start), Some(4));
    }
}
