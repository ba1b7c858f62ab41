//! Every URL of Whimbrel, once. The server's route table uses the constants, the browser the functions.

use crate::{BodyView, MailboxId, MessageKey, PartId, UidSet};

/// The start page: the app where a session lives, else a redirect to [`SIGN_IN`].
pub const HOME: &str = "/";
/// The sign-in page (`GET`) and its form's target (`POST`).
pub const SIGN_IN: &str = "/sign-in";
/// Ends the session (`POST`, HTML form).
pub const SIGN_OUT: &str = "/sign-out";
/// Whom to tell of a weakness, if the operator says (RFC 9116).
pub const SECURITY_TXT: &str = "/.well-known/security.txt";
/// The process is up.
pub const HEALTHZ: &str = "/healthz";
/// The process can serve: its database answers.
pub const READYZ: &str = "/readyz";
/// The app's pages; what follows is the browser's business (see [`mail`]).
pub const APP: &str = "/mail";
/// Route pattern below [`APP`].
pub const APP_ANY: &str = "/mail/{*rest}";

/// The app's page about the mail server; settings of the app will have theirs beside it.
pub const SETTINGS: &str = "/settings/mail-server";
/// Where one is signed in (`GET`, made by the server), and the form that ends all other sessions (`POST`).
pub const SIGNED_IN_PLACES: &str = "/settings/sessions";

/// The page of blocked senders (`GET`), and its form's target (`POST`, with the account in the query).
pub const BLOCKED_PAGE: &str = "/settings/blocked";

/// The page of senders whose pictures are loaded (`GET`), and its form's target (`POST`, with the account in the query).
pub const PICTURE_SENDERS_PAGE: &str = "/settings/pictures";

/// Everything below is the JSON interface.
pub const API: &str = "/api/";
/// `GET`: [`crate::SessionInfo`]; `POST` [`crate::SignIn`]: sign in again in place; `DELETE`: sign out.
pub const SESSION: &str = "/api/session";
/// `GET`: every live session of the account, a list of [`crate::SessionSummary`]; `DELETE`: ends all but this one.
pub const SESSIONS: &str = "/api/sessions";
/// `GET`: [`crate::MailboxList`].
pub const MAILBOXES: &str = "/api/mailboxes";
/// `GET`: [`crate::MailboxSnapshot`]. Query: `window` (rows wanted, at most 200).
pub const MAILBOX: &str = "/api/mailboxes/{mailbox}";
/// `GET`: [`crate::Changes`]. Query: `since` (a state), `shown` (UIDs whose keywords are on screen).
pub const CHANGES: &str = "/api/mailboxes/{mailbox}/changes";
/// `GET`: [`crate::Envelopes`]. Query: `uidvalidity`, `uids` (at most 200).
pub const ENVELOPES: &str = "/api/mailboxes/{mailbox}/envelopes";
/// `GET`: [`crate::SearchResult`]. Query: `text`.
pub const SEARCH: &str = "/api/mailboxes/{mailbox}/search";
/// `GET`: [`crate::MailboxOrder`]. Query: `by` (a [`crate::OrderBy`]).
pub const ORDER: &str = "/api/mailboxes/{mailbox}/order";
/// `GET`: [`crate::MailboxThreads`].
pub const THREADS: &str = "/api/mailboxes/{mailbox}/threads";
/// `GET`: [`crate::Message`].
pub const MESSAGE: &str = "/api/mailboxes/{mailbox}/messages/{key}";
/// `GET`: the HTML document for the message frame. Query: `theme`, `view` (a [`BodyView`]), `paper` (HTML lies on
/// white paper whatever the theme), `print` (with a head, for the printer).
pub const BODY: &str = "/api/mailboxes/{mailbox}/messages/{key}/body";
/// `GET`: the message as it was sent, as text that does nothing; with `download` as a file.
pub const SOURCE: &str = "/api/mailboxes/{mailbox}/messages/{key}/source";
/// `GET`: a [`crate::MessageHeader`]; with `page` a document of it.
pub const HEADER: &str = "/api/mailboxes/{mailbox}/messages/{key}/header";
/// `GET`: all files of the message in one archive, as a download.
pub const ATTACHMENTS: &str = "/api/mailboxes/{mailbox}/messages/{key}/attachments.zip";
/// `GET`: the bytes of one part, as a download.
pub const PART: &str = "/api/mailboxes/{mailbox}/messages/{key}/parts/{part}";
/// `GET`: the same to be looked at in a tab of its own, where a browser can show it. Takes `Range` for sound
/// and film.
pub const PREVIEW: &str = "/api/mailboxes/{mailbox}/messages/{key}/parts/{part}/preview";
/// `GET`: a small picture of the part, where that is a picture.
pub const THUMBNAIL: &str = "/api/mailboxes/{mailbox}/messages/{key}/parts/{part}/thumbnail";
/// `GET`: an inline picture of the message, as a picture of a harmless type.
pub const PICTURE: &str = "/api/mailboxes/{mailbox}/messages/{key}/pictures/{part}";
/// `GET`: a picture from elsewhere that the message wants, by its place among them.
pub const REMOTE: &str = "/api/mailboxes/{mailbox}/messages/{key}/remote/{place}";
/// `GET`: [`crate::ReportLine`]s on who sent the message, the verdict first; empty if the reader wrote it.
pub const SENDER: &str = "/api/mailboxes/{mailbox}/messages/{key}/sender";
/// `POST`: takes the reader off the list that the message came by; answered by a sentence.
pub const UNSUBSCRIBE: &str = "/api/mailboxes/{mailbox}/messages/{key}/unsubscribe";
/// `GET`: the letter that does so, where that is the way, as a [`crate::Draft`].
pub const UNSUBSCRIBE_DRAFT: &str = "/api/mailboxes/{mailbox}/messages/{key}/unsubscribe/draft";
/// `POST`: mail of the sender of this message goes to Junk from now on; answered by a sentence.
pub const BLOCK: &str = "/api/mailboxes/{mailbox}/messages/{key}/block";
/// `POST`: pictures of the sender of this message are loaded from now on; answered by a sentence.
pub const ALWAYS_PICTURES: &str = "/api/mailboxes/{mailbox}/messages/{key}/always-pictures";
/// `GET`: the message as a [`crate::Draft`], to go on writing it.
pub const DRAFT: &str = "/api/mailboxes/{mailbox}/messages/{key}/draft";
/// `GET`: the letter that a `mailto:` link asks for, as a [`crate::Draft`]. Query: `link`.
pub const LETTER: &str = "/api/letter";
/// `GET`: a [`crate::Quota`], or `null` where the mail server sets no limit.
pub const QUOTA: &str = "/api/quota";
/// `GET`: the [`crate::FolderSize`]s of the largest mailboxes, largest first.
pub const FOLDER_SIZES: &str = "/api/quota/folders";
/// `GET`: the [`crate::ReportLine`]s on the mail server of the account.
pub const MAIL_SERVER: &str = "/api/mail-server";
/// `GET`: the addresses of blocked senders; `DELETE`: lets one in again. Query: `email`.
pub const BLOCKED: &str = "/api/blocked";
/// `GET`: the addresses of senders whose pictures are loaded; `DELETE`: takes one off. Query: `email`.
pub const PICTURE_SENDERS: &str = "/api/picture-senders";
/// `POST` a list of [`crate::Operation`]: a list of [`crate::Outcome`] in the same order.
pub const OPERATIONS: &str = "/api/operations";
/// `POST` raw bytes: [`crate::Upload`]. Query: `name`; media type from `Content-Type`.
pub const UPLOADS: &str = "/api/uploads";
/// `DELETE`: forget an upload.
pub const UPLOAD: &str = "/api/uploads/{upload}";
/// `GET`: server-sent [`crate::Event`]s. Query: `open` (the mailboxes on screen,
/// with commas between), `hidden` (`true`: nobody can see them).
pub const EVENTS: &str = "/api/events";

/// The custom header every JSON write carries; a form of another site cannot set it.
pub const CSRF_HEADER: &str = "x-whimbrel";
/// The value of [`CSRF_HEADER`] on requests nobody asked for (polling): they do not keep a session alive.
pub const BACKGROUND: &str = "background";
/// Says which account the page shows ([`crate::SessionInfo::account_id`]). Where the cookies belong to
/// another one, because somebody signed in to it in another tab, the answer is `signed-out`.
/// A request that changes something must carry it, but for signing in.
pub const ACCOUNT_HEADER: &str = "x-whimbrel-account";

/// The same for a URL whose request carries no header of ours: frames, links, event streams.
#[must_use]
pub fn of_account(url: &str, account_id: &str) -> String {
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}account={account_id}")
}

/// The app's page of a mailbox.
#[must_use]
pub fn mail(mailbox: &MailboxId) -> String {
    format!("{APP}/{mailbox}")
}

/// The app's page of a message.
#[must_use]
pub fn mail_message(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{APP}/{mailbox}/{key}")
}

/// See [`MAILBOX`].
#[must_use]
pub fn mailbox(mailbox: &MailboxId, window: u32) -> String {
    format!("{MAILBOXES}/{mailbox}?window={window}")
}

/// See [`CHANGES`].
#[must_use]
pub fn changes(mailbox: &MailboxId, since: &crate::State, shown: &UidSet) -> String {
    format!("{MAILBOXES}/{mailbox}/changes?since={since}&shown={shown}")
}

/// See [`ENVELOPES`].
#[must_use]
pub fn envelopes(mailbox: &MailboxId, uidvalidity: u32, uids: &UidSet) -> String {
    format!("{MAILBOXES}/{mailbox}/envelopes?uidvalidity={uidvalidity}&uids={uids}")
}

/// See [`SEARCH`]; `text` must be percent-encoded already.
#[must_use]
pub fn search(mailbox: &MailboxId, encoded_text: &str) -> String {
    format!("{MAILBOXES}/{mailbox}/search?text={encoded_text}")
}

/// See [`ORDER`].
#[must_use]
pub fn order(mailbox: &MailboxId, by: crate::OrderBy) -> String {
    format!("{MAILBOXES}/{mailbox}/order?by={by}")
}

/// See [`THREADS`].
#[must_use]
pub fn threads(mailbox: &MailboxId) -> String {
    format!("{MAILBOXES}/{mailbox}/threads")
}

/// See [`MESSAGE`].
#[must_use]
pub fn message(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}")
}

/// See [`BODY`].
#[must_use]
pub fn body(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/body")
}

/// See [`REMOTE`].
#[must_use]
pub fn remote(mailbox: &MailboxId, key: MessageKey, place: usize) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/remote/{place}")
}

/// See [`BODY`], for a view of one's own choice.
#[must_use]
pub fn body_as(mailbox: &MailboxId, key: MessageKey, view: BodyView) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/body?view={view}")
}

/// See [`SOURCE`].
#[must_use]
pub fn source(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/source")
}

/// See [`SOURCE`], as a file.
#[must_use]
pub fn source_file(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/source?download")
}

/// See [`HEADER`].
#[must_use]
pub fn header(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/header")
}

/// See [`HEADER`], as a page.
#[must_use]
pub fn header_page(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/header?page")
}

/// See [`BODY`], for the printer.
#[must_use]
pub fn printed(mailbox: &MailboxId, key: MessageKey, view: BodyView) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/body?view={view}&print")
}

/// See [`ATTACHMENTS`].
#[must_use]
pub fn attachments(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/attachments.zip")
}

/// See [`PART`].
#[must_use]
pub fn part(mailbox: &MailboxId, key: MessageKey, part: &PartId) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/parts/{part}")
}

/// See [`PREVIEW`].
#[must_use]
pub fn preview(mailbox: &MailboxId, key: MessageKey, part: &PartId) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/parts/{part}/preview")
}

/// See [`THUMBNAIL`].
#[must_use]
pub fn thumbnail(mailbox: &MailboxId, key: MessageKey, part: &PartId) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/parts/{part}/thumbnail")
}

/// See [`PICTURE`].
#[must_use]
pub fn picture(mailbox: &MailboxId, key: MessageKey, part: &PartId) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/pictures/{part}")
}

/// See [`SENDER`].
#[must_use]
pub fn sender(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/sender")
}

/// See [`UNSUBSCRIBE`].
#[must_use]
pub fn unsubscribe(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/unsubscribe")
}

/// See [`BLOCK`].
#[must_use]
pub fn block(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/block")
}

/// See [`ALWAYS_PICTURES`].
#[must_use]
pub fn always_pictures(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/always-pictures")
}

/// See [`DRAFT`].
#[must_use]
pub fn draft(mailbox: &MailboxId, key: MessageKey) -> String {
    format!("{MAILBOXES}/{mailbox}/messages/{key}/draft")
}

/// See [`LETTER`]; `link` must be percent-encoded already.
#[must_use]
pub fn letter(encoded_link: &str) -> String {
    format!("{LETTER}?link={encoded_link}")
}

/// See [`UPLOADS`]; `name` must be percent-encoded already.
#[must_use]
pub fn uploads(encoded_name: &str) -> String {
    format!("{UPLOADS}?name={encoded_name}")
}

/// See [`UPLOAD`].
#[must_use]
pub fn upload(id: &str) -> String {
    format!("{UPLOADS}/{id}")
}

/// The stream of tabs that nobody can see, from the address of the stream that they would have else.
#[must_use]
pub fn of_hidden(url: &str) -> String {
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}hidden=true")
}

/// See [`EVENTS`].
#[must_use]
pub fn events<'a>(open: impl IntoIterator<Item = &'a MailboxId>) -> String {
    let open: Vec<&str> = open.into_iter().map(|id| &*id.0).collect();
    if open.is_empty() {
        EVENTS.to_owned()
    } else {
        format!("{EVENTS}?open={}", open.join(","))
    }
}
