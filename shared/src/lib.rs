//! The contract between Whimbrel's server and its browser app: every type that crosses the wire,
//! and every URL. Serde and the standard library only; builds for the host and for wasm32.
//! It holds no behaviour beyond what keeps these values valid.
//!
//! Read [`path`] for the URLs, [`operation`] for what a person can change, [`event`] for the news.

pub mod path;

mod address;
mod changes;
mod draft;
mod envelope;
mod error;
pub mod event;
mod key;
mod keyword;
mod mailbox;
mod message;
pub mod operation;
mod order;
mod quota;
mod sanitized_css;
mod sanitized_html;
mod server_report;
mod session;
mod uid_set;

pub use address::Address;
pub use changes::{Changes, Envelopes, KeywordChange, MailboxSnapshot, SearchResult, State};
pub use draft::{Draft, DraftAttachment, Related, Relation, Upload};
pub use envelope::Envelope;
pub use error::{ApiError, ErrorCode};
pub use event::{Event, SessionEnd};
pub use key::{MessageKey, Uid, UidValidity};
pub use keyword::{Keyword, Keywords};
pub use mailbox::{Mailbox, MailboxId, MailboxList, Rights, Role};
pub use message::{BodyView, HeaderField, Message, MessageHeader, Part, PartId, RemoteHost};
pub use operation::{
    Action, MovedKey, Operation, OperationId, Outcome, OutcomeKind, RefusedRecipient,
};
pub use order::{MailboxOrder, MailboxThreads, NotAUidList, OrderBy, UidList};
pub use quota::{FolderSize, Quota};
pub use sanitized_css::SanitizedCss;
pub use sanitized_html::SanitizedHtml;
pub use server_report::{ReportKind, ReportLine};
pub use session::{Limits, SessionInfo, SessionSummary, SignIn};
pub use uid_set::UidSet;
