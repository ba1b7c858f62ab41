//! One file a noun: takes what a request says, has one conversation with the account, answers.

pub mod events;
pub mod health;
pub mod letters;
pub mod mail_server;
pub mod mailboxes;
pub mod messages;
pub mod operations;
pub mod pages;
pub mod previews;
pub mod quota;
pub mod security_txt;
pub mod sender;
pub mod senders;
pub mod session;
pub mod sessions;
pub mod sign_in;
pub mod sources;
pub mod uploads;
