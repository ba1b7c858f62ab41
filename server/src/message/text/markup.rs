//! Plain text as markup: quotes as nested `blockquote`, what is folded as `details`, columns as `pre` and
//! `code`, the signature as `small`. What it writes still goes through the sanitizer.

use crate::message::sanitize::entities::escape;

use super::{
    Flow, Line,
    fold::{self, Fold},
    lines,
    links::Links,
    looks::{self, Look},
};

/// Markup for text as [`super::reflow`] makes it. Line breaks stay line breaks; the frame shows them.
pub(in crate::message) fn of(text: &str) -> String {
    let lines = lines(text, Flow::default());
    let looks = looks::of(&lines);
    let fold = fold::find(&lines);
    let mut writer = Writer::new(text.len());
    for (at, (line, look)) in lines.iter().zip(looks).enumerate() {
        if let Some(fold) = &fold {
            writer.pass_fold(fold, at);
        }
        writer.line(line, look);
    }
    writer.finish()
}

/// Markup for text that nothing may be done to: as it is, in characters of one width.
pub(in crate::message) fn exact(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + text.len() / 8);
    // The second element keeps line breaks at the beginning, which right after `pre` mean nothing.
    markup.push_str("<pre><samp>");
    escape(text, &mut markup);
    markup.push_str("</samp></pre>");
    markup
}

struct Writer {
    markup: String,
    links: Links,
    quotes: usize,
    look: Look,
    in_signature: bool,
    in_fold: bool,
    /// Nothing of a line is written yet: at the beginning, and where a block begins or ends.
    at_edge: bool,
}

impl Writer {
    fn new(length: usize) -> Self {
        Self {
            markup: String::with_capacity(length + length / 8),
            links: Links::new(),
            quotes: 0,
            look: Look::Prose,
            in_signature: false,
            in_fold: false,
            at_edge: true,
        }
    }

    /// Opens and closes the fold before the line `at`.
    fn pass_fold(&mut self, fold: &Fold, at: usize) {
        if at == fold.start {
            self.close();
            let summary = format!("Show quoted text ({} lines)", fold.quoted);
            self.block("<details><summary>");
            self.markup.push_str(&summary);
            self.block("</summary>");
            self.in_fold = true;
        }
        if at == fold.end {
            self.end_fold();
        }
    }

    fn line(&mut self, line: &Line, look: Look) {
        if self.in_signature && (line.quotes > 0 || look == Look::Exact) {
            self.end_signature();
        }
        // A signature is dimmed as a whole.
        let look = if self.in_signature { Look::Prose } else { look };
        if look != self.look || line.quotes != self.quotes {
            self.look(Look::Prose);
        }
        self.quotes(line.quotes);
        self.look(look);
        if !self.at_edge {
            self.markup.push('\n');
        }
        if line.begins_signature() && !self.in_signature {
            self.markup.push_str("<small>");
            self.in_signature = true;
        }
        match look {
            Look::Exact => escape(&line.text, &mut self.markup),
            Look::Prose | Look::Columns => self.links.write(&line.text, &mut self.markup),
        }
        self.at_edge = false;
    }

    fn quotes(&mut self, quotes: usize) {
        while self.quotes > quotes {
            self.block("</blockquote>");
            self.quotes -= 1;
        }
        while self.quotes < quotes {
            self.block("<blockquote dir=\"auto\">");
            self.quotes += 1;
        }
    }

    fn look(&mut self, look: Look) {
        if look == self.look {
            return;
        }
        match self.look {
            Look::Prose => {}
            Look::Columns => self.block("</code></pre>"),
            Look::Exact => self.block("</pre>"),
        }
        match look {
            Look::Prose => {}
            Look::Columns => self.block("<pre><code>"),
            Look::Exact => self.block("<pre>"),
        }
        self.look = look;
    }

    fn end_signature(&mut self) {
        if self.in_signature {
            self.markup.push_str("</small>");
            self.in_signature = false;
        }
    }

    fn close(&mut self) {
        self.end_signature();
        self.look(Look::Prose);
        self.quotes(0);
    }

    fn end_fold(&mut self) {
        if self.in_fold {
            self.close();
            self.block("</details>");
            self.in_fold = false;
        }
    }

    /// The beginning or the end of a block, which breaks the line by itself.
    fn block(&mut self, tag: &str) {
        self.markup.push_str(tag);
        self.at_edge = true;
    }

    fn finish(mut self) -> String {
        self.close();
        self.end_fold();
        self.markup
    }
}
