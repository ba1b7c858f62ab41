//! Hostile CSS written anew: read into tokens, and of these only what is listed is written again, in a
//! form that needs no escapes. Nothing of the source is copied, no address passes but those of pictures that
//! were found for us ([`picture`]), and what comes out holds neither `<` nor `\` nor `"`.

mod declarations;
mod hints;
mod media;
mod picture;
mod property;
mod remote;
mod selector;
mod shade;
mod sheet;
mod value;

use std::collections::BTreeSet;

use cssparser::{ParseError, Parser, StyleSheetParser};

use self::{picture::Addresses, selector::Reacts};

/// Bytes of CSS of one text beyond this are not read; newsletters have a tenth of it.
const MAX_CSS: usize = 512 * 1024;
/// Rules of one text.
const MAX_RULES: usize = 5_000;
/// Selectors of one text.
const MAX_SELECTORS: usize = 5_000;
/// Selectors of one text times its elements: a browser tries each with each.
const MAX_TRIES: usize = 50_000_000;
/// Declarations of one text.
const MAX_DECLARATIONS: usize = 50_000;
/// Colours in attributes of one text; honest ones have a dozen.
const MAX_ATTRIBUTES: usize = 256;
/// Pictures of one text; honest ones have ten.
const MAX_PICTURES: usize = 1_000;

/// How much CSS one text may still have, in its sheets and `style` attributes together.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: usize,
    rules: usize,
    selectors: usize,
    declarations: usize,
    /// Colours are written for the dark as well.
    is_turned: bool,
    /// Attributes that are colours, each once.
    attributes: BTreeSet<(&'static str, String)>,
    /// The rule for the colour that the sender's `body` gives to links.
    links: String,
    pictures: usize,
    /// Something was left out because there was too much.
    pub(super) is_cut: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            bytes: MAX_CSS,
            rules: MAX_RULES,
            selectors: MAX_SELECTORS,
            declarations: MAX_DECLARATIONS,
            is_turned: false,
            attributes: BTreeSet::new(),
            links: String::new(),
            pictures: MAX_PICTURES,
            is_cut: false,
        }
    }
}

impl Budget {
    /// For a text of which the colours are written for the dark as well, or are not.
    pub(super) fn new(is_turned: bool) -> Self {
        Self {
            is_turned,
            ..Self::default()
        }
    }

    /// Takes note of attributes that are colours or backgrounds.
    pub(super) fn colors(&mut self, attributes: Vec<(&'static str, String)>) {
        if self.is_turned && self.attributes.len() < MAX_ATTRIBUTES {
            self.attributes.extend(attributes);
        }
    }

    /// The declaration of a background with the picture at this address of ours.
    pub(super) fn background(&self, address: &str) -> Option<String> {
        let picture = picture::written(address)?;
        let value = if self.is_turned {
            picture::veiled(picture)
        } else {
            picture
        };
        Some(format!("background-image:{value}"))
    }

    /// Takes note of the colour of links, as an attribute of `body` has it.
    pub(super) fn links(&mut self, color: &str) {
        self.links = sheet(&format!("a{{color:{color}}}"), "", self, &mut |_| None);
    }

    /// What comes before the sheets of the text.
    pub(super) fn hints(&self) -> String {
        let attributes = self.attributes.iter();
        let rules = attributes.filter_map(|(name, value)| hints::rule(name, value));
        // Last, where it stands when it is read again.
        rules.chain([self.links.clone()]).collect()
    }

    /// What the colours of a property are for, if they are to be turned.
    fn shade(&self, property: &str) -> Option<shade::Use> {
        self.is_turned.then(|| shade::of(property)).flatten()
    }

    /// What of `css` may be read.
    fn bytes<'a>(&mut self, css: &'a str) -> &'a str {
        let read = super::prefix(css, self.bytes);
        self.bytes -= read.len();
        self.is_cut |= read.len() < css.len();
        read
    }

    /// Room for a rule with so many selectors.
    fn rule(&mut self, selectors: usize) -> bool {
        let fits = selectors <= self.selectors;
        self.is_cut |= !fits;
        self.selectors = self.selectors.saturating_sub(selectors);
        fits && Self::take(&mut self.rules, &mut self.is_cut)
    }

    /// Whether the sheets of a text of so many elements would keep a browser busy for long.
    pub(super) fn is_too_much_for(&self, elements: usize) -> bool {
        let selectors = MAX_SELECTORS.saturating_sub(self.selectors);
        selectors.saturating_mul(elements) > MAX_TRIES
    }

    fn declaration(&mut self) -> bool {
        Self::take(&mut self.declarations, &mut self.is_cut)
    }

    fn picture(&mut self) -> bool {
        Self::take(&mut self.pictures, &mut self.is_cut)
    }

    fn take(left: &mut usize, is_cut: &mut bool) -> bool {
        *is_cut |= *left == 0;
        let is_left = *left > 0;
        *left = left.saturating_sub(1);
        is_left
    }
}

/// The declarations of a `style` attribute, with `;` between them; empty if none may stay.
pub(super) fn declarations(
    css: &str,
    budget: &mut Budget,
    addresses: &mut Addresses<'_>,
) -> String {
    let css = budget.bytes(css);
    let input = &mut Parser::new(css);
    declarations::read(input, Reacts::Never, budget, addresses)
}

/// The rules of a `<style>` element, which holds for `media` only if that is not blank.
pub(super) fn sheet(
    css: &str,
    media: &str,
    budget: &mut Budget,
    addresses: &mut Addresses<'_>,
) -> String {
    let css = budget.bytes(css);
    if media.trim().is_empty() {
        return rules(css, 0, budget, addresses);
    }
    let Ok(queries) = media::queries(&mut Parser::new(super::prefix(media, MAX_MEDIA))) else {
        return String::new();
    };
    let rules = rules(css, 1, budget, addresses);
    if rules.is_empty() {
        return rules;
    }
    format!("@media {queries}{{{rules}}}")
}

/// Bytes of a `media` attribute.
const MAX_MEDIA: usize = 2_000;

fn rules(css: &str, depth: usize, budget: &mut Budget, addresses: &mut Addresses<'_>) -> String {
    let mut rules = sheet::Rules::new(depth, budget, addresses);
    for _ in StyleSheetParser::new(&mut Parser::new(css), &mut rules) {}
    rules.out
}

/// Whether a browser would load something from the net for `css`.
pub(super) fn wants_remote(css: &str) -> bool {
    remote::is_wanted(css)
}

/// Whether `css` is a `style` attribute as [`declarations()`] writes it.
pub(super) fn is_own(css: &str) -> bool {
    let mut budget = Budget {
        // What is written for the dark as well is longer than what was read.
        bytes: css.len(),
        ..Budget::default()
    };
    let mut ours = |address: &str| Some(address.to_owned());
    !css.is_empty() && declarations(css, &mut budget, &mut ours) == css
}

/// What every check here says to what is not listed; the parser then goes on behind it.
type Refusal = ParseError<()>;

fn refused() -> Refusal {
    ParseError::unexpected_token()
}

/// A name that needs no escape: a letter, perhaps after `-`, then letters, digits, `-` and `_`.
fn is_plain_name(name: &str, is_letter: fn(char) -> bool) -> bool {
    name.len() <= MAX_NAME
        && name
            .strip_prefix('-')
            .unwrap_or(name)
            .starts_with(is_letter)
        && name
            .chars()
            .all(|c| is_letter(c) || c.is_ascii_digit() || matches!(c, '-' | '_'))
}

/// Bytes of a name.
const MAX_NAME: usize = 60;

/// A number with four decimals at most, so that reading it again changes nothing.
fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
