//! Parts that know mail. They read from the replica and change through `state/actions`.

pub mod attachment_badge;
pub mod attachments;
pub mod composer;
pub mod composer_stack;
pub mod confirm_dialog;
pub mod message_frame;
pub mod message_head;
pub mod message_more;
pub mod message_notes;
pub mod message_pane;
pub mod message_toolbar;
pub mod name_dialog;
pub mod recipients_field;
pub mod shortcuts_help;
pub mod sign_in_again;
