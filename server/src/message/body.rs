//! What of a message's MIME tree is shown as text, what as pictures within it, what as files.
//! Works on the tree alone; no byte of the message is needed.

use whimbrel_shared::{Part, PartId};

use super::{PartNode, file_name, parameter};

/// What to do with each leaf.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Texts to fetch, in order.
    pub texts: Vec<TextPart>,
    /// Pictures that the text may show by their `Content-ID`; those it does not show are files.
    pub pictures: Vec<Picture>,
    /// Files, in order.
    pub attachments: Vec<Part>,
    /// What was wrong, in plain words.
    pub defects: Vec<String>,
}

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPart {
    /// Its section.
    pub part: PartId,
    /// What to do with it.
    pub purpose: Purpose,
    /// `text/html`; anything else is plain.
    pub is_html: bool,
    /// The charset claimed, lower-case.
    pub charset: Option<String>,
    /// `Content-Transfer-Encoding`, lower-case.
    pub encoding: String,
    /// `format=flowed` (RFC 3676).
    pub is_flowed: bool,
    /// `delsp=yes`.
    pub deletes_space: bool,
    /// Encoded bytes.
    pub size: u64,
}

/// Why a text is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be shown.
    Show,
    /// The plain version of an HTML text that is shown: for quoting.
    Quote,
}

/// A picture with a `Content-ID`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `Content-ID` without angle brackets.
    pub cid: String,
    /// Its section.
    pub part: PartId,
    /// `type/subtype` as claimed.
    pub media_type: String,
    /// The same as a file, for when the text does not show it.
    pub file: Part,
}

/// Nesting beyond this is not looked into.
const MAX_DEPTH: usize = 100;
/// Leaves beyond this are left out.
const MAX_LEAVES: usize = 1_000;
/// Texts shown in one message; more become files.
const MAX_TEXTS: usize = 50;

/// Plans what to show of a message.
#[must_use]
pub fn plan(tree: &PartNode) -> Plan {
    let sorted = Sorter::sort(tree);
    let mut defects: Vec<String> = sorted.defects.iter().map(|&text| text.to_owned()).collect();
    if sorted.leaves > MAX_LEAVES {
        defects.push("It has too many parts; some were left out.".to_owned());
    }
    let texts = sorted.texts.iter();
    Plan {
        texts: texts.filter_map(|&(node, why)| text(node, why)).collect(),
        pictures: sorted.pictures.into_iter().filter_map(picture).collect(),
        attachments: sorted.files.into_iter().filter_map(file).collect(),
        defects,
    }
}

/// Whether a list should show the paper clip: files that a person attached, not signatures, not
/// pictures of the text.
#[must_use]
pub fn has_attachment(tree: &PartNode) -> bool {
    let is_signature = |node: &&PartNode| {
        matches!(
            node.media_type.as_str(),
            "application/pgp-signature"
                | "application/pkcs7-signature"
                | "application/x-pkcs7-signature"
                | "application/pgp-encrypted"
        )
    };
    !Sorter::sort(tree).files.iter().all(is_signature)
}

/// Where in the tree a node stands.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// Within `multipart/related`, and not its root.
    is_related: bool,
    /// A version of something in `multipart/alternative`.
    is_alternative: bool,
}

/// The leaves of a tree by what becomes of them.
#[derive(Default)]
struct Sorter<'t> {
    texts: Vec<(&'t PartNode, Purpose)>,
    pictures: Vec<&'t PartNode>,
    files: Vec<&'t PartNode>,
    defects: Vec<&'static str>,
    leaves: usize,
}

impl<'t> Sorter<'t> {
    fn sort(tree: &'t PartNode) -> Self {
        let mut sorter = Self::default();
        sorter.visit(tree, Place::default(), 0);
        sorter
    }

    fn visit(&mut self, node: &'t PartNode, place: Place, depth: usize) {
        if depth > MAX_DEPTH || self.leaves > MAX_LEAVES {
            self.leaves = MAX_LEAVES + 1;
            return;
        }
        match node.media_type.as_str() {
            "multipart/alternative" => self.alternative(node, place, depth),
            "multipart/related" => self.related(node, place, depth),
            kind if kind.starts_with("multipart/") => {
                if kind == "multipart/encrypted" {
                    self.defects
                        .push("It is encrypted; Whimbrel cannot open it.");
                }
                for child in &node.children {
                    self.visit(child, place, depth + 1);
                }
            }
            _ => self.leaf(node, place),
        }
    }

    /// The last version that can be shown, which the sender likes best; a plain one for quoting;
    /// invitations and unknown things as files.
    fn alternative(&mut self, node: &'t PartNode, place: Place, depth: usize) {
        let best = node.children.iter().rposition(|child| shows_html(child, 0));
        let plain = node
            .children
            .iter()
            .rposition(|child| shows_plain(child, 0));
        let shown = best.or(plain).unwrap_or(usize::MAX);
        for (index, child) in node.children.iter().enumerate() {
            let version = Place {
                is_alternative: true,
                ..place
            };
            if index == shown {
                self.visit(child, place, depth + 1);
            } else if Some(index) == plain && is_plain(child) {
                self.text(child, Purpose::Quote);
            } else if child.media_type.starts_with("multipart/") {
                // Pictures and files of a version that is not shown: files only.
                let (texts, pictures) = (self.texts.len(), self.pictures.len());
                self.visit(child, version, depth + 1);
                self.texts.truncate(texts);
                self.pictures.truncate(pictures);
            } else if !child.media_type.starts_with("text/") || is_file_text(child) {
                self.leaf(child, version);
            }
        }
    }

    fn related(&mut self, node: &'t PartNode, place: Place, depth: usize) {
        let start = parameter::value(&node.parameters, "start");
        let start = start.as_deref().map(|id| id.trim_matches(['<', '>']));
        let root = node
            .children
            .iter()
            .position(|child| start.is_some() && child.content_id.as_deref() == start)
            .unwrap_or(0);
        for (index, child) in node.children.iter().enumerate() {
            let is_related = place.is_related || index != root;
            self.visit(
                child,
                Place {
                    is_related,
                    ..place
                },
                depth + 1,
            );
        }
    }

    fn leaf(&mut self, node: &'t PartNode, place: Place) {
        self.leaves += 1;
        let is_attached = node.disposition.as_deref() == Some("attachment");
        let is_text = is_plain(node) || is_html(node);
        let wants_text = !is_attached
            && !place.is_related
            && !place.is_alternative
            && (self.texts.is_empty() || file_name_of(node).is_none());
        if is_text && wants_text && self.texts.len() < MAX_TEXTS {
            self.text(node, Purpose::Show);
            return;
        }
        if node.id.is_none() {
            let defect = "One of its parts cannot be reached.";
            if !self.defects.contains(&defect) {
                self.defects.push(defect);
            }
            return;
        }
        let has_cid = node.content_id.as_ref().is_some_and(|cid| !cid.is_empty());
        if has_cid && node.media_type.starts_with("image/") && !is_attached {
            self.pictures.push(node);
        } else if place.is_related && is_text && file_name_of(node).is_none() {
            // Style sheets and the like that belong to the HTML and have no name.
        } else {
            self.files.push(node);
        }
    }

    fn text(&mut self, node: &'t PartNode, purpose: Purpose) {
        if node.id.is_some() {
            self.texts.push((node, purpose));
        }
    }
}

fn text(node: &PartNode, purpose: Purpose) -> Option<TextPart> {
    Some(TextPart {
        part: node.id.clone()?,
        purpose,
        is_html: is_html(node),
        charset: parameter::token(&node.parameters, "charset"),
        encoding: node.encoding.to_string(),
        is_flowed: parameter::token(&node.parameters, "format").as_deref() == Some("flowed"),
        deletes_space: parameter::token(&node.parameters, "delsp").as_deref() == Some("yes"),
        size: node.size,
    })
}

fn picture(node: &PartNode) -> Option<Picture> {
    let file = file(node)?;
    Some(Picture {
        cid: node.content_id.as_ref()?.to_string(),
        part: file.id.clone(),
        media_type: node.media_type.to_string(),
        file,
    })
}

fn is_html(node: &PartNode) -> bool {
    matches!(
        node.media_type.as_str(),
        "text/html" | "application/xhtml+xml"
    )
}

fn is_plain(node: &PartNode) -> bool {
    matches!(
        node.media_type.as_str(),
        "text/plain" | "text" | "text/enriched" | "text/richtext"
    )
}

/// A text that is no text to read: an invitation, a card, a table.
fn is_file_text(node: &PartNode) -> bool {
    matches!(
        node.media_type.as_str(),
        "text/calendar" | "text/vcard" | "text/x-vcard" | "text/csv"
    )
}

fn shows(node: &PartNode, depth: usize, leaf: fn(&PartNode) -> bool) -> bool {
    if node.media_type.starts_with("multipart/") {
        return depth < MAX_DEPTH
            && node
                .children
                .iter()
                .any(|child| shows(child, depth + 1, leaf));
    }
    leaf(node) && node.disposition.as_deref() != Some("attachment")
}

fn shows_html(node: &PartNode, depth: usize) -> bool {
    shows(node, depth, is_html)
}

fn shows_plain(node: &PartNode, depth: usize) -> bool {
    shows(node, depth, is_plain)
}

fn file_name_of(node: &PartNode) -> Option<String> {
    parameter::value(&node.disposition_parameters, "filename")
        .or_else(|| parameter::value(&node.parameters, "name"))
}

fn file(node: &PartNode) -> Option<Part> {
    let id = node.id.clone()?;
    let name = match file_name_of(node) {
        Some(name) => file_name::clean(&name),
        None => format!("part-{id}{}", ending(&node.media_type)),
    };
    Some(Part {
        id,
        name,
        media_type: node.media_type.to_string(),
        size: decoded_size(node),
    })
}

fn ending(media_type: &str) -> &'static str {
    match media_type {
        "message/rfc822" | "message/global" => ".eml",
        "text/calendar" => ".ics",
        "text/vcard" | "text/x-vcard" => ".vcf",
        "text/plain" | "message/delivery-status" => ".txt",
        "text/html" => ".html",
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/gif" => ".gif",
        "application/pdf" => ".pdf",
        "application/pgp-signature" => ".asc",
        _ => "",
    }
}

/// Base64 lines are 76 digits and a line end for 57 bytes.
fn decoded_size(node: &PartNode) -> u64 {
    match node.encoding.as_str() {
        "base64" => (u128::from(node.size) * 57 / 78) as u64,
        _ => node.size,
    }
}

#[cfg(test)]
mod tests;
