//! The MIME tree of a message as BODYSTRUCTURE tells it (RFC 9051 §7.5.2): a plain value that
//! `imap` fills and [`super`] reads.

use compact_str::CompactString;
use whimbrel_shared::PartId;

/// One node of the MIME tree. Its words are short, and a list of messages has hundreds of them: most fit into
/// the node itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartNode {
    /// Section number; `None` for the root multipart and for anything whose place cannot be named.
    pub id: Option<PartId>,
    /// `type/subtype`, lower-case; `application/octet-stream` if missing.
    pub media_type: CompactString,
    /// Parameters of the type, names lower-case, values raw (RFC 2231 pieces not yet joined).
    pub parameters: Vec<(CompactString, CompactString)>,
    /// `Content-ID` without angle brackets.
    pub content_id: Option<CompactString>,
    /// `Content-Transfer-Encoding`, lower-case; `7bit` if missing.
    pub encoding: CompactString,
    /// Encoded size in bytes.
    pub size: u64,
    /// `Content-Disposition`, lower-case, without parameters.
    pub disposition: Option<CompactString>,
    /// Parameters of the disposition, names lower-case, values raw.
    pub disposition_parameters: Vec<(CompactString, CompactString)>,
    /// Children of a multipart, or the one body of a `message/rfc822`.
    pub children: Vec<PartNode>,
}
