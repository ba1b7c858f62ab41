//! Whether what a mail server tells of a message's parts can be true: some tell nothing, some tell parts that
//! are not there. Of those the message itself is asked.

use crate::{
    imap::parts,
    message::{PartNode, body::Plan, mime},
};

/// Of texts that are said to be there, one at least is; where there is none, every part is told; and parts that
/// are all empty are not said of a message that is not.
pub(super) fn is_plausible(fetched: &parts::Fetched, plan: &Plan, texts: &[Vec<u8>]) -> bool {
    if has_hidden_text(fetched) {
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

/// All of the message is said to be header, and some of it is none: its sender forgot the empty line.
fn has_hidden_text(fetched: &parts::Fetched) -> bool {
    let is_all = fetched.header.len() as u64 + 2 >= fetched.size;
    is_all && mime::read(&fetched.header).tree.size > 0
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
