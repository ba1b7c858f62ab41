//! Stands in for the body planner until it arrives.

use super::PartNode;

/// Whether a message carries files.
#[must_use]
pub fn has_attachment(tree: &PartNode) -> bool {
    tree.disposition.as_deref() == Some("attachment") || tree.children.iter().any(has_attachment)
}
