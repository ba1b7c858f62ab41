//! Whether what a mail server tells of a message's parts can be true: some tell nothing, some tell parts that
//! are not there. Of those the message itself is asked.

use crate::{
    imap::parts,
    message::{PartNode, body::Plan, mime},
};

/// Of texts that are said to be there, one at least is; where there is none, every part is told; and parts that
/// are all empty are not said of a message that is not.
pub(super) fn is_plausible(fetched: &parts::Fetched, plan: &Plan, texts: &[Vec<u8>]) -> bool {
    let is_whole = fetched.header.len() < parts::HEADER_BYTES;
    if is_whole
        && fetched
            .structure
            .as_ref()
            .is_some_and(|tree| says_otherwise(&fetched.header, tree))
    {
        return false;
    }
    if plan.texts.iter().any(|text| text.size > 0) {
        return texts.iter().any(|text| !text.is_empty());
    }
    let header = fetched.header.len() as u64;
    let is_longer = header < parts::HEADER_BYTES as u64 && fetched.size > header + 2;
    let is_false = |tree: &PartNode| (is_longer && is_hollow(tree)) || has_closed_multipart(tree);
    if fetched.structure.as_ref().is_some_and(is_false) {
        return false;
    }
    !plan.texts.is_empty() || !fetched.structure.as_ref().is_some_and(has_untold_part)
}

/// The header holds text, because its sender forgot the empty line; or it says what the message is in a way that the
/// mail server took for nothing.
fn says_otherwise(header: &[u8], told: &PartNode) -> bool {
    let read = mime::read(header).tree;
    let is_alone = told.children.is_empty() && told.disposition.is_none();
    let is_untold = is_alone && told.media_type == "application/octet-stream";
    let is_coded = ["base64", "quoted-printable"]
        .iter()
        .any(|name| read.encoding.starts_with(name));
    read.size > 0
        || has_nameless_part(told)
        || (is_untold && read.media_type != told.media_type)
        || (is_alone && is_coded && matches!(told.encoding.as_str(), "7bit" | "8bit" | ""))
}

/// Some part whose type the mail server could not read and so tells nothing of.
fn has_nameless_part(node: &PartNode) -> bool {
    node.media_type.starts_with('/') || node.children.iter().any(has_nameless_part)
}

/// Something that should have parts has bytes instead.
fn has_closed_multipart(node: &PartNode) -> bool {
    let is_closed = node.children.is_empty() && node.size > 0;
    (is_closed && node.media_type.starts_with("multipart/"))
        || node.children.iter().any(has_closed_multipart)
}

/// Nothing in it has any bytes.
fn is_hollow(node: &PartNode) -> bool {
    node.size == 0 && node.children.iter().all(is_hollow)
}

/// Some leaf of which the mail server says nothing at all.
fn has_untold_part(node: &PartNode) -> bool {
    let says_nothing = node.children.is_empty()
        && node.media_type == "application/octet-stream"
        && node.size == 0
        && node.parameters.is_empty()
        && node.disposition.is_none();
    says_nothing || node.children.iter().any(has_untold_part)
}
