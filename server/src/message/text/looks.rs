//! Tells which lines of a plain text are a patch, a table or a drawing, whose columns must stand below each
//! other. In doubt a line is prose: that is merely ugly, while prose in columns is tiring to read.

use super::Line;

/// How a line is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Words.
    Prose,
    /// Every character as wide as every other, long lines not wrapped.
    Columns,
    /// The same, but wrapped: what must be kept as it is, signed or encrypted.
    Exact,
}

/// Lines of this many columns are no table.
const WIDEST: usize = 160;
/// Gaps of one line that are looked at.
const MAX_GAPS: usize = 16;
/// As many lines below each other as make a table.
const FEWEST: usize = 3;
/// Columns between tab stops.
const TAB: usize = 8;

/// The looks of all lines.
pub(super) fn of(lines: &[Line]) -> Vec<Look> {
    let mut looks = Vec::with_capacity(lines.len());
    for run in lines.chunk_by(|a, b| a.quotes == b.quotes && a.is_exact == b.is_exact) {
        if run.first().is_some_and(|line| line.is_exact) {
            looks.extend(run.iter().map(|_| Look::Exact));
            continue;
        }
        let mut rest = run;
        while !rest.is_empty() {
            let (look, length) = beginning(rest);
            looks.extend(rest.iter().take(length).map(|_| look));
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    looks
}

/// What the first lines are, and how many of them.
fn beginning(lines: &[Line]) -> (Look, usize) {
    let patch = patch_length(lines);
    if patch > 0 {
        return (Look::Columns, patch);
    }
    let goes_on = |at: &usize| {
        let from = lines.get(*at..).unwrap_or_default();
        from.first().is_some_and(|line| !line.has_no_text()) && !begins_patch(from)
    };
    let length = (0..lines.len()).take_while(goes_on).count();
    let paragraph = lines.get(..length).unwrap_or_default();
    let is_table = length >= FEWEST && (is_framed(paragraph) || is_aligned(paragraph));
    let look = if is_table { Look::Columns } else { Look::Prose };
    (look, length.max(1))
}

/// How many of the first lines are a patch.
fn patch_length(lines: &[Line]) -> usize {
    if !begins_patch(lines) {
        return 0;
    }
    let mut length = 0;
    for (at, line) in lines.iter().enumerate() {
        if line.has_no_text() {
            continue;
        }
        if line.begins_signature() || !is_of_patch(&line.text) {
            break;
        }
        length = at + 1;
    }
    length
}

fn begins_patch(lines: &[Line]) -> bool {
    let text = |at: usize| lines.get(at).map_or("", |line| line.text.as_str());
    let first = text(0);
    let is_hunk = |text: &str| {
        text.starts_with("@@ -") && text.get(4..).is_some_and(|rest| rest.contains(" @@"))
    };
    first.starts_with("diff --")
        || (first.starts_with("diff -") && text(1).starts_with("--- "))
        || (first.starts_with("--- ") && text(1).starts_with("+++ ") && is_hunk(text(2)))
        || is_hunk(first)
}

fn is_of_patch(text: &str) -> bool {
    const HEADS: [&str; 12] = [
        "diff -",
        "index ",
        "new file mode ",
        "deleted file mode ",
        "old mode ",
        "new mode ",
        "similarity index ",
        "dissimilarity index ",
        "rename ",
        "copy ",
        "Binary files ",
        "@@ -",
    ];
    text.starts_with([' ', '+', '-', '\t', '\\']) || HEADS.iter().any(|head| text.starts_with(head))
}

/// Whether half of the lines are drawn with bars or lines.
fn is_framed(lines: &[Line]) -> bool {
    let framed = lines.iter().filter(|line| has_frame(&line.text)).count();
    framed >= FEWEST && framed * 2 >= lines.len()
}

fn has_frame(line: &str) -> bool {
    let line = line.trim();
    let is_drawn = |c: char| matches!(c, '\u{2500}'..='\u{257f}');
    if line.chars().filter(|&c| is_drawn(c)).nth(1).is_some() {
        return true;
    }
    let is_row = line.len() >= 3 && line.starts_with('|') && line.ends_with('|');
    let is_border = line.len() >= 5
        && line.contains('+')
        && (line.contains("--") || line.contains("=="))
        && line.chars().all(|c| "+-=|<>^v ".contains(c));
    is_row || is_border
}

/// Whether half of the lines have words that begin, or end, below each other after wide gaps.
fn is_aligned(lines: &[Line]) -> bool {
    let mut aligned = 0;
    let mut group = Group::default();
    let mut before: Vec<Gap> = Vec::new();
    for line in lines {
        let gaps = gaps(&line.text);
        if !is_below(&before, &gaps) {
            aligned += group.lines();
            group = Group::default();
        }
        group.count += 1;
        group.wide += usize::from(gaps.iter().any(|gap| gap.width >= 3));
        before = gaps;
    }
    (aligned + group.lines()) * 2 >= lines.len()
}

/// Lines that stand in line with the one above.
#[derive(Default)]
struct Group {
    count: usize,
    /// Those with a gap that nobody types between sentences.
    wide: usize,
}

impl Group {
    /// How many they are, if they are a table.
    fn lines(&self) -> usize {
        if self.count >= FEWEST && self.wide >= 2 {
            self.count
        } else {
            0
        }
    }
}

/// A gap between two words of a line.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Gap {
    width: usize,
    /// Where the word after it begins.
    from: usize,
    /// Where that word ends.
    to: usize,
}

fn is_below(above: &[Gap], gaps: &[Gap]) -> bool {
    let meets = |a: &Gap| gaps.iter().any(|b| a.from == b.from || a.to == b.to);
    above.iter().any(meets)
}

/// The gaps of a line that may divide columns; none in a line that is too wide. A gap after the end
/// of a sentence must be wider than those that people type there; one after a bullet never counts, nor does
/// a tab after a colon, which programs write into the lines above a quote.
fn gaps(line: &str) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    let (mut column, mut blank, mut words, mut is_tab) = (0, 0, 0, false);
    // Of the first word: how long it is, and whether it has letters or digits.
    let (mut last, mut length, mut is_word) = (' ', 0, false);
    for c in line.trim_end().chars() {
        if column >= WIDEST || gaps.len() >= MAX_GAPS {
            break;
        }
        if c == ' ' || c == '\t' {
            let width = if c == '\t' { TAB - column % TAB } else { 1 };
            if blank == 0
                && let Some(gap) = gaps.last_mut()
                && gap.to == 0
            {
                gap.to = column;
            }
            (column, blank) = (column + width, blank + width);
            is_tab = c == '\t';
            continue;
        }
        if blank > 0 || words == 0 {
            let needed = if ".!?:;,".contains(last) { 3 } else { 2 };
            let is_bullet = length == 1 || !is_word || ").".contains(last);
            let is_label = words == 1 && (is_bullet || (is_tab && last == ':'));
            if words > 0 && blank >= needed && !is_label {
                gaps.push(Gap {
                    width: blank,
                    from: column,
                    to: 0,
                });
            }
            (blank, words) = (0, words + 1);
        }
        if words == 1 {
            length += 1;
            is_word |= c.is_alphanumeric();
        }
        last = c;
        column += 1;
    }
    if let Some(gap) = gaps.last_mut().filter(|gap| gap.to == 0) {
        gap.to = column;
    }
    if column >= WIDEST { Vec::new() } else { gaps }
}

#[cfg(test)]
mod tests;
