//! HTML as plain text, for quoting and for people who read text. Works on sanitized HTML only, which
//! is balanced and not deep, and of which the styles are written in one way. What the sender hid by the
//! style of an element is left out: copies of the first lines, and links to the letter on the web.

use super::MAX_QUOTES;
use crate::message::sanitize::{
    entities,
    lexer::{Lexer, Token},
};
use whimbrel_shared::SanitizedHtml;

/// Bytes of text beyond this are left out.
const MAX_TEXT: usize = 2 * 1024 * 1024;
/// Links longer than this are for machines.
const MAX_LINK: usize = 200;

/// The text a person would read, quotes as `> `, lines ended by `\n`, nothing blank at its end.
pub(in crate::message) fn read(html: &SanitizedHtml) -> String {
    let mut writer = Writer::default();
    // Elements open within a hidden one, itself too.
    let mut hidden = 0_usize;
    for token in Lexer::new(html.as_str()) {
        if writer.out.len() > MAX_TEXT {
            break;
        }
        match token {
            Token::Start(name, _) if hidden > 0 => hidden += usize::from(!is_void(&name)),
            Token::End(_) if hidden > 0 => hidden -= 1,
            _ if hidden > 0 => {}
            Token::Text(text) => writer.text(&entities::decode(text)),
            Token::Start(name, attributes) => {
                let value = |wanted: &str| {
                    let found = attributes.iter().find(|attribute| attribute.name == wanted);
                    found.map(|attribute| attribute.value()).unwrap_or_default()
                };
                if hides(&value("style")) {
                    hidden = usize::from(!is_void(&name));
                    continue;
                }
                match name.as_str() {
                    "a" => writer.link_start(value("href")),
                    "img" => writer.text(&value("alt")),
                    name => writer.start(name),
                }
            }
            Token::End(name) => writer.end(&name),
            Token::Raw(..) => {}
        }
    }
    writer.finish()
}

fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "wbr")
}

/// Whether a sanitized `style` hides its element.
fn hides(style: &str) -> bool {
    let says = |wanted: &[&str]| {
        style
            .split(';')
            .map(|declaration| declaration.trim_end_matches("!important"))
            .any(|declaration| wanted.contains(&declaration))
    };
    says(&["display:none", "visibility:hidden", "opacity:0"])
        || (says(&["max-height:0", "max-height:0px", "height:0", "height:0px"])
            && says(&["overflow:hidden"]))
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The line being written, without its quote marks.
    line: String,
    quotes: usize,
    /// An empty line is wanted before the next text, within so many quotes.
    wants_blank: Option<usize>,
    has_text: bool,
    /// Within `pre`, how deep.
    preformatted: usize,
    /// Counters of lists: `None` for bullets.
    lists: Vec<Option<u32>>,
    /// Where the open link goes, and what of the line is before it.
    link: Option<(String, usize)>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        if self.preformatted > 0 {
            let mut lines = text.split('\n');
            self.line.push_str(lines.next().unwrap_or_default());
            for line in lines {
                self.end_line();
                self.line.push_str(line);
            }
            return;
        }
        let is_blank = |c: char| c.is_whitespace() && c != '\u{a0}';
        if text.starts_with(is_blank) {
            self.space();
        }
        for (index, word) in text
            .split(is_blank)
            .filter(|word| !word.is_empty())
            .enumerate()
        {
            if index > 0 {
                self.space();
            }
            self.line
                .extend(word.chars().map(|c| if c == '\u{a0}' { ' ' } else { c }));
        }
        if text.ends_with(is_blank) {
            self.space();
        }
    }

    fn space(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    fn start(&mut self, name: &str) {
        match name {
            "br" => self.end_line(),
            "hr" => {
                self.block();
                self.line.push_str("----------");
                self.block();
            }
            "blockquote" => {
                self.block();
                self.quotes = (self.quotes + 1).min(MAX_QUOTES);
            }
            "ul" | "menu" | "dir" => self.list(None),
            "ol" => self.list(Some(0)),
            "li" => self.item(),
            "pre" => {
                self.block();
                self.preformatted += 1;
            }
            "td" | "th" => self.space(),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" | "table" => self.block(),
            name if is_line(name) => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "a" => self.link_end(),
            "blockquote" => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
                self.ask_blank();
            }
            "ul" | "ol" | "menu" | "dir" => {
                self.flush();
                self.lists.pop();
                if self.lists.is_empty() {
                    self.ask_blank();
                }
            }
            "pre" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.block();
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" | "table" => self.block(),
            name if is_line(name) => self.flush(),
            _ => {}
        }
    }

    fn list(&mut self, counter: Option<u32>) {
        self.flush();
        if self.lists.is_empty() {
            self.ask_blank();
        }
        self.lists.push(counter);
    }

    fn item(&mut self) {
        self.flush();
        let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(10));
        self.line.push_str(&indent);
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number = number.saturating_add(1);
                self.line.push_str(&format!("{number}. "));
            }
            _ => self.line.push_str("* "),
        }
    }

    fn link_start(&mut self, target: String) {
        self.link = Some((target, self.line.len()));
    }

    /// Adds the target unless the text of the link says it already.
    fn link_end(&mut self) {
        let Some((target, from)) = self.link.take() else {
            return;
        };
        let text = self.line.get(from..).unwrap_or_default().trim();
        let bare = target.trim_start_matches("mailto:").trim_end_matches('/');
        let says_it = text.contains("://") || text.eq_ignore_ascii_case(bare) || text.is_empty();
        if !says_it && target.len() <= MAX_LINK {
            self.line.push_str(&format!(" <{target}>"));
        }
    }

    /// Ends the line and asks for an empty one before the next text.
    fn block(&mut self) {
        self.flush();
        self.ask_blank();
    }

    /// The empty line between a quote and what is around it belongs to the outer one.
    fn ask_blank(&mut self) {
        let quotes = self.wants_blank.unwrap_or(self.quotes);
        self.wants_blank = Some(quotes.min(self.quotes));
    }

    /// Ends the line if there is one.
    fn flush(&mut self) {
        if !self.line.trim().is_empty() {
            self.end_line();
        }
        self.line.clear();
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim_end();
        if let Some(quotes) = self.wants_blank.take().filter(|_| self.has_text) {
            self.marks(quotes);
            self.out.push('\n');
        }
        self.marks(self.quotes);
        if !line.is_empty() {
            if self.quotes > 0 {
                self.out.push(' ');
            }
            self.out.push_str(line);
            self.has_text = true;
        }
        self.out.push('\n');
    }

    fn marks(&mut self, quotes: usize) {
        self.out.extend(std::iter::repeat_n('>', quotes));
    }

    fn finish(mut self) -> String {
        self.flush();
        self.out.truncate(self.out.trim_end().len());
        let blank = self.out.len() - self.out.trim_start_matches('\n').len();
        self.out.split_off(blank)
    }
}

/// Elements that begin a line of their own.
fn is_line(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "tr"
            | "li"
            | "dt"
            | "dd"
            | "center"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "aside"
            | "address"
            | "figure"
            | "figcaption"
            | "caption"
            | "details"
            | "summary"
    )
}
