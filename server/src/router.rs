//! The whole HTTP interface on one page: which URL goes to which handler, and the layers around all.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{delete, get, post},
};
use whimbrel_shared::path;

use crate::{
    account::{blocked::Blocked, picture_senders::PictureSenders},
    assets,
    routes::{
        events, health, letters, mail_server, mailboxes, messages, operations, pages, previews,
        quota, security_txt, sender, senders, session, sessions, sign_in, sources, uploads,
    },
    security,
    state::AppState,
};

/// JSON bodies: the longest is a letter's text.
const LARGEST_JSON: usize = 8 << 20;

/// The HTTP interface of a server.
pub fn router(app: AppState) -> Router {
    let all = pages().merge(api()).fallback(assets::file);
    security::layer(all.with_state(app.clone()), &app.config)
}

fn pages() -> Router<AppState> {
    Router::new()
        .route(path::HOME, get(pages::app))
        .route(path::SIGN_IN, get(sign_in::show).post(sign_in::begin))
        .route(path::SIGN_OUT, post(sign_in::end))
        .route(path::APP, get(pages::app))
        .route(path::APP_ANY, get(pages::app))
        .route(path::SETTINGS, get(pages::app))
        .route(
            path::SIGNED_IN_PLACES,
            get(sessions::show).post(sessions::end_others_by_form),
        )
        .route(path::SECURITY_TXT, get(security_txt::show))
        .route(
            path::BLOCKED_PAGE,
            get(senders::page::<Blocked>).post(senders::remove_on_page::<Blocked>),
        )
        .route(
            path::PICTURE_SENDERS_PAGE,
            get(senders::page::<PictureSenders>).post(senders::remove_on_page::<PictureSenders>),
        )
        .route(path::HEALTHZ, get(health::up))
        .route(path::READYZ, get(health::ready))
}

fn api() -> Router<AppState> {
    Router::new()
        .route(
            path::SESSION,
            get(session::show).post(session::begin).delete(session::end),
        )
        .route(
            path::SESSIONS,
            get(sessions::list).delete(sessions::end_others),
        )
        .route(path::MAILBOXES, get(mailboxes::list))
        .route(path::MAILBOX, get(mailboxes::snapshot))
        .route(path::CHANGES, get(mailboxes::changes_since))
        .route(path::ENVELOPES, get(mailboxes::envelopes_of))
        .route(path::SEARCH, get(mailboxes::search_text))
        .route(path::ORDER, get(mailboxes::in_order))
        .route(path::THREADS, get(mailboxes::in_threads))
        .merge(message())
        .route(path::LETTER, get(letters::of_link))
        .route(path::QUOTA, get(quota::show))
        .route(path::FOLDER_SIZES, get(quota::folder_sizes))
        .route(path::MAIL_SERVER, get(mail_server::show))
        .route(
            path::BLOCKED,
            get(senders::list::<Blocked>).delete(senders::remove::<Blocked>),
        )
        .route(
            path::PICTURE_SENDERS,
            get(senders::list::<PictureSenders>).delete(senders::remove::<PictureSenders>),
        )
        .route(path::OPERATIONS, post(operations::apply))
        .route(
            path::UPLOADS,
            post(uploads::upload).layer(DefaultBodyLimit::disable()),
        )
        .route(path::UPLOAD, delete(uploads::forget))
        .route(path::EVENTS, get(events::events))
        .layer(DefaultBodyLimit::max(LARGEST_JSON))
}

/// What there is of one message.
fn message() -> Router<AppState> {
    Router::new()
        .route(path::MESSAGE, get(messages::message))
        .route(path::BODY, get(messages::body))
        .route(path::SOURCE, get(sources::source))
        .route(path::HEADER, get(sources::header_fields))
        .route(path::ATTACHMENTS, get(sources::attachments))
        .route(path::PART, get(messages::part))
        .route(path::PREVIEW, get(previews::preview))
        .route(path::THUMBNAIL, get(messages::thumbnail))
        .route(path::PICTURE, get(messages::picture))
        .route(path::REMOTE, get(messages::remote_picture))
        .route(path::SENDER, get(sender::notes))
        .route(path::BLOCK, post(senders::block))
        .route(path::ALWAYS_PICTURES, post(senders::always_pictures))
        .route(path::UNSUBSCRIBE, post(sender::leave))
        .route(path::UNSUBSCRIBE_DRAFT, get(sender::unsubscribing_letter))
        .route(path::DRAFT, get(messages::as_draft))
}
