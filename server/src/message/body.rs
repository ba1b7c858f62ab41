//! What of a message's MIME tree is shown as text, what as pictures within it, what as files.
//! Works on the tree alone; no byte of the message is needed.

use whimbrel_shared::{Part, PartId};

use super::{PartNode, file_name, mime, parameter, text::enriched::Dialect};

mod remarks;
mod sorter;

use sorter::{Sorter, is_html};

/// What to do with each leaf.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Texts to fetch, in order.
    pub texts: Vec<TextPart>,
    /// Pictures that the text may show by their `Content-ID`; those it does not show are files.
    pub pictures: Vec<Picture>,
    /// Files, in order.
    pub attachments: Vec<Part>,
    /// Messages within the message, in order.
    pub letters: Vec<Letter>,
    /// What is to be said of its parts, in plain words.
    pub remarks: Vec<String>,
    /// What was wrong, in plain words.
    pub defects: Vec<String>,
}

/// A message within the message, which is shown below its text and is a file too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its section.
    pub part: PartId,
    /// What to do with its own parts.
    pub plan: Plan,
}

/// What has to be fetched to show a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'p> {
    /// The body of a part.
    Text(&'p TextPart),
    /// The header of a message within the message.
    Header(&'p PartId),
}

impl Plan {
    /// What to fetch, in the order in which [`super::render`] takes it.
    #[must_use]
    pub fn wanted(&self) -> Vec<Wanted<'_>> {
        let mut wanted: Vec<_> = self.texts.iter().map(Wanted::Text).collect();
        for letter in &self.letters {
            wanted.push(Wanted::Header(&letter.part));
            wanted.extend(letter.plan.wanted());
        }
        wanted
    }

    /// The texts that the sender wrote to be read.
    pub fn shown(&self) -> impl Iterator<Item = &TextPart> {
        let is_shown = |text: &&TextPart| text.purpose == Purpose::Show;
        self.texts.iter().filter(is_shown)
    }
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
    /// It is plain but for marks of its own.
    pub rich: Option<Dialect>,
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
    /// A program's data, to be told in plain words.
    Tell(Told),
}

/// Data that are told in plain words below the text. What is no such thing is told as nothing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// An invitation (RFC 5545).
    Calendar,
    /// Somebody's card (RFC 6350).
    Card,
    /// What became of a message that was sent (RFC 3464).
    Delivery,
    /// That a message was read, or was not (RFC 8098).
    Disposition,
    /// The header of a message whose text was left out.
    Header,
    /// A `winmail.dat` of Outlook's, which holds files.
    Winmail,
    /// A message that its sender encoded.
    Letter,
    /// What S/MIME put into its signature, or encrypted: nothing says which.
    Signed,
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

/// Texts shown in one message, those of its inner messages too; more become files.
const MAX_TEXTS: usize = 50;
/// Messages that are opened within one message; more are only files.
const MAX_LETTERS: usize = 20;
/// Messages within messages beyond this are only files.
const MAX_LETTER_DEPTH: usize = 5;

/// What may still be opened.
pub(super) struct Room {
    texts: usize,
    letters: usize,
}

impl Room {
    fn whole() -> Self {
        Self {
            texts: MAX_TEXTS,
            letters: MAX_LETTERS,
        }
    }

    /// What a plan leaves.
    pub(super) fn beside(plan: &Plan) -> Self {
        let mut room = Self::whole();
        room.take(plan);
        room
    }

    fn take(&mut self, plan: &Plan) {
        self.texts = self.texts.saturating_sub(plan.texts.len());
        self.letters = self.letters.saturating_sub(plan.letters.len());
        for letter in &plan.letters {
            self.take(&letter.plan);
        }
    }
}

/// Plans what to show of a message.
#[must_use]
pub fn plan(tree: &PartNode) -> Plan {
    plan_within(tree, &mut Room::whole(), 0)
}

/// The same of a message that was read from its own bytes.
#[must_use]
pub fn plan_of(read: &mime::Read<'_>) -> Plan {
    plan_in(read, &mut Room::whole(), 0)
}

/// The same of one that is packed into another, in what room is left.
pub(super) fn plan_packed(read: &mime::Read<'_>, room: &mut Room) -> Plan {
    plan_in(read, room, 1)
}

fn plan_in(read: &mime::Read<'_>, room: &mut Room, depth: usize) -> Plan {
    let mut plan = plan_within(&read.tree, room, depth);
    if read.is_cut && !plan.defects.iter().any(|defect| defect == TOO_MANY) {
        plan.defects.push(TOO_MANY.to_owned());
    }
    plan
}

const TOO_MANY: &str = "It has too many parts; some were left out.";

fn plan_within(tree: &PartNode, room: &mut Room, depth: usize) -> Plan {
    let sorted = Sorter::sort(tree, room.texts);
    room.texts = room.texts.saturating_sub(sorted.texts.len());
    let mut defects: Vec<String> = sorted.defects.iter().map(|&text| text.to_owned()).collect();
    let mut letters = Vec::new();
    for node in &sorted.letters {
        if depth == MAX_LETTER_DEPTH || room.letters == 0 {
            let defect = "Not all messages within it are opened; they are files.";
            defects.push(defect.to_owned());
            break;
        }
        room.letters -= 1;
        if let (Some(part), Some(inner)) = (&node.id, node.children.first()) {
            let plan = plan_within(inner, room, depth + 1);
            let part = part.clone();
            letters.push(Letter { part, plan });
        }
    }
    let texts = sorted.texts.iter();
    Plan {
        texts: texts.filter_map(|&(node, why)| text(node, why)).collect(),
        pictures: sorted.pictures.into_iter().filter_map(picture).collect(),
        attachments: sorted.files.into_iter().filter_map(file).collect(),
        letters,
        remarks: sorted.remarks,
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
    let sorted = Sorter::sort(tree, MAX_TEXTS);
    sorted.has_attached_picture || !sorted.files.iter().all(is_signature)
}

fn text(node: &PartNode, purpose: Purpose) -> Option<TextPart> {
    Some(TextPart {
        part: node.id.clone()?,
        purpose,
        is_html: is_html(node),
        rich: match node.media_type.as_str() {
            "text/enriched" => Some(Dialect::Enriched),
            "text/richtext" => Some(Dialect::Richtext),
            _ => None,
        },
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

fn file_name_of(node: &PartNode) -> Option<String> {
    parameter::value(&node.disposition_parameters, "filename")
        .or_else(|| parameter::value(&node.parameters, "name"))
        // Of a form, that is the name of a field.
        .or_else(|| {
            let is_form = node.disposition.as_deref() == Some("form-data");
            let name = parameter::value(&node.disposition_parameters, "name");
            name.filter(|_| !is_form)
        })
        .map(|name| {
            // Some take these for quotes.
            let within = name
                .strip_prefix('\'')
                .and_then(|name| name.strip_suffix('\''));
            within.map(str::to_owned).unwrap_or(name)
        })
}

pub(super) fn file(node: &PartNode) -> Option<Part> {
    let id = node.id.clone()?;
    let name = match file_name_of(node) {
        Some(name) => file_name::clean(&name),
        None => format!("part-{id}{}", ending(&node.media_type)).replace('!', "-"),
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
        "text/plain"
        | "text/rfc822-headers"
        | "message/delivery-status"
        | "message/disposition-notification" => ".txt",
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
