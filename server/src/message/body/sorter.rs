//! The leaves of a MIME tree, sorted by what becomes of them: texts, pictures, files, messages within the
//! message. Bounded in depth and number; what is left out is said.

use super::{Purpose, TOO_MANY, Told, file_name_of, remarks};
use crate::message::{PartNode, parameter};

/// Nesting beyond this is not looked into.
const MAX_DEPTH: usize = 100;
/// Leaves beyond this are left out.
const MAX_LEAVES: usize = 1_000;
/// Remarks about one message.
const MAX_REMARKS: usize = 20;

const ENCRYPTED: &str = "It is encrypted; Whimbrel cannot open it.";

/// Where in the tree a node stands.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// Within `multipart/related`, and not its root.
    is_related: bool,
    /// A version of something in `multipart/alternative`.
    is_alternative: bool,
    /// The version of something that is shown, whatever its name.
    is_chosen: bool,
}

/// The leaves of a tree by what becomes of them.
#[derive(Default)]
pub(super) struct Sorter<'t> {
    pub(super) texts: Vec<(&'t PartNode, Purpose)>,
    pub(super) pictures: Vec<&'t PartNode>,
    /// One of them is attached, for programs that give every file a `Content-ID`.
    pub(super) has_attached_picture: bool,
    pub(super) files: Vec<&'t PartNode>,
    /// Messages within the message, which are files too.
    pub(super) letters: Vec<&'t PartNode>,
    pub(super) remarks: Vec<String>,
    pub(super) defects: Vec<&'static str>,
    leaves: usize,
    most_texts: usize,
}

impl<'t> Sorter<'t> {
    pub(super) fn sort(tree: &'t PartNode, most_texts: usize) -> Self {
        let mut sorter = Self {
            most_texts,
            ..Self::default()
        };
        sorter.visit(tree, Place::default(), 0);
        sorter.show_attached_text();
        if sorter.leaves > MAX_LEAVES {
            sorter.defect(TOO_MANY);
        }
        sorter
    }

    fn defect(&mut self, defect: &'static str) {
        if !self.defects.contains(&defect) {
            self.defects.push(defect);
        }
    }

    fn remark(&mut self, remark: String) {
        if self.remarks.len() < MAX_REMARKS && !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
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
                    self.defect(ENCRYPTED);
                } else if kind.ends_with("appledouble") {
                    return self.apple_double(node, place, depth);
                } else if kind == "multipart/signed" {
                    self.remark(remarks::signed(node));
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
                let is_chosen = !child.media_type.starts_with("multipart/");
                self.visit(child, Place { is_chosen, ..place }, depth + 1);
            } else if Some(index) == plain && is_plain(child) {
                self.text(child, Purpose::Quote);
            } else if child.media_type.starts_with("multipart/") {
                // Pictures and files of a version that is not shown: files only.
                let (texts, pictures) = (self.texts.len(), self.pictures.len());
                self.visit(child, version, depth + 1);
                self.texts.truncate(texts);
                self.pictures.truncate(pictures);
            } else if !child.media_type.starts_with("text/")
                || is_file_text(child)
                || is_attached(child)
                || shown == usize::MAX
            {
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
            .position(|child| start.is_some() && child.content_id.as_deref() == start);
        let first = |shows: fn(&PartNode, usize) -> bool| {
            let mut children = node.children.iter();
            children.position(|child| shows(child, 0))
        };
        // It should be the first; some put the pictures before it.
        let root = root.or_else(|| first(shows_html));
        let root = root.or_else(|| first(shows_plain)).unwrap_or(0);
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

    /// A file from a Macintosh (RFC 1740); what only a Macintosh has a use for is left out.
    fn apple_double(&mut self, node: &'t PartNode, place: Place, depth: usize) {
        let is_fork = |child: &PartNode| child.media_type == "application/applefile";
        let is_file_there = !node.children.iter().all(is_fork);
        for child in &node.children {
            if !is_file_there || !is_fork(child) {
                self.visit(child, place, depth + 1);
            }
        }
    }

    fn leaf(&mut self, node: &'t PartNode, place: Place) {
        self.leaves += 1;
        let is_attached = is_attached(node);
        let is_text = is_plain(node) || is_html(node);
        let wants_text = !is_attached
            && !place.is_related
            && !place.is_alternative
            && (self.texts.is_empty() || place.is_chosen || file_name_of(node).is_none());
        let told = told(node);
        if is_text && told.is_none() && wants_text && self.texts.len() < self.most_texts {
            self.text(node, Purpose::Show);
            return;
        }
        if node.id.is_none() {
            self.defect("One of its parts cannot be reached.");
            return;
        }
        let has_cid = node.content_id.as_ref().is_some_and(|cid| !cid.is_empty());
        let is_of_html = is_text || node.media_type == "text/css";
        if has_cid && is_picture(node) {
            self.has_attached_picture |= is_attached && !place.is_related;
            self.pictures.push(node);
        } else if place.is_related && is_of_html && file_name_of(node).is_none() {
            // Style sheets and the like that belong to the HTML and have no name.
        } else {
            self.special(node, told);
            // What lies elsewhere is no file of this message.
            if node.media_type != "message/external-body" {
                self.files.push(node);
            }
        }
    }

    /// A file of which there is more to show than its name.
    fn special(&mut self, node: &'t PartNode, told: Option<Told>) {
        if let Some(told) = told.filter(|_| self.texts.len() < self.most_texts) {
            self.text(node, Purpose::Tell(told));
        }
        match node.media_type.as_str() {
            "message/rfc822" | "message/global" if told.is_none() && !node.children.is_empty() => {
                self.letters.push(node);
            }
            "application/pkcs7-mime" | "application/x-pkcs7-mime" if told.is_none() => {
                match remarks::wrapped(node) {
                    Some(remark) => self.remark(remark),
                    None => self.defect(ENCRYPTED),
                }
            }
            // Gateways take it out of the part that said so.
            "application/pgp-encrypted" => self.defect(ENCRYPTED),
            "message/partial" => self.remark(remarks::partial(node)),
            "message/external-body" => self.remark(remarks::external(node)),
            _ => {}
        }
    }

    /// Where there is nothing to read but a text that is attached, that is the letter.
    fn show_attached_text(&mut self) {
        if !self.texts.is_empty() || !self.letters.is_empty() || self.most_texts == 0 {
            return;
        }
        let is_readable = |node: &&'t PartNode| is_plain(node) || is_html(node);
        if let Some(node) = self.files.iter().copied().find(is_readable) {
            self.text(node, Purpose::Show);
            if file_name_of(node).is_none() {
                self.files.retain(|file| !std::ptr::eq(*file, node));
            }
        }
    }

    fn text(&mut self, node: &'t PartNode, purpose: Purpose) {
        if node.id.is_some() {
            self.texts.push((node, purpose));
        }
    }
}

pub(super) fn is_html(node: &PartNode) -> bool {
    matches!(
        node.media_type.as_str(),
        "text/html" | "application/xhtml+xml"
    )
}

fn is_plain(node: &PartNode) -> bool {
    matches!(
        node.media_type.as_str(),
        "text/plain"
            | "text"
            | "text/enriched"
            | "text/richtext"
            | "text/markdown"
            | "text/x-markdown"
            | "text/x-patch"
            | "text/x-diff"
            | "text/x-log"
            | "application/pgp"
    )
}

fn is_attached(node: &PartNode) -> bool {
    node.disposition.as_deref() == Some("attachment")
}

/// A picture by its type, or by its name where its type says nothing.
fn is_picture(node: &PartNode) -> bool {
    let is_named = || {
        let name = file_name_of(node).unwrap_or_default().to_lowercase();
        let endings = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"];
        endings.iter().any(|ending| name.ends_with(ending))
    };
    node.media_type.starts_with("image/")
        || (node.media_type == "application/octet-stream" && is_named())
}

/// A text that is no text to read: an invitation, a card, a table.
fn is_file_text(node: &PartNode) -> bool {
    told(node).is_some() || node.media_type == "text/csv"
}

/// What is told of a part in plain words, by its type; where that says nothing, by its name.
fn told(node: &PartNode) -> Option<Told> {
    let told = match node.media_type.as_str() {
        "text/calendar" | "text/x-vcalendar" | "application/ics" => Told::Calendar,
        "text/vcard" | "text/x-vcard" | "text/directory" => Told::Card,
        "message/delivery-status" | "message/global-delivery-status" => Told::Delivery,
        "message/disposition-notification" | "message/global-disposition-notification" => {
            Told::Disposition
        }
        "text/rfc822-headers" | "message/global-headers" => Told::Header,
        "application/ms-tnef" | "application/vnd.ms-tnef" => Told::Winmail,
        "message/rfc822" | "message/global" if is_encoded(node) => Told::Letter,
        "application/pkcs7-mime" | "application/x-pkcs7-mime" if remarks::may_be_signed(node) => {
            Told::Signed
        }
        "application/octet-stream" | "text/plain" => {
            let name = file_name_of(node)?.to_lowercase();
            match name.rsplit_once('.') {
                _ if name == "winmail.dat" || name == "win.dat" => Told::Winmail,
                Some((_, "ics" | "vcs")) => Told::Calendar,
                Some((_, "vcf")) => Told::Card,
                // What is left of the type after some gateways.
                Some((_, "p7m")) => Told::Signed,
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(told)
}

fn is_encoded(node: &PartNode) -> bool {
    matches!(node.encoding.as_str(), "base64" | "quoted-printable")
}

fn shows(node: &PartNode, depth: usize, leaf: fn(&PartNode) -> bool) -> bool {
    if node.media_type.starts_with("multipart/") {
        return depth < MAX_DEPTH
            && node
                .children
                .iter()
                .any(|child| shows(child, depth + 1, leaf));
    }
    leaf(node) && !is_attached(node)
}

fn shows_html(node: &PartNode, depth: usize) -> bool {
    shows(node, depth, is_html)
}

fn shows_plain(node: &PartNode, depth: usize) -> bool {
    shows(node, depth, is_plain)
}
