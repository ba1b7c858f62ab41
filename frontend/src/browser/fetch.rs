//! One request, one answer: JSON over fetch, failures as [`ApiError`]. Only [`crate::api`] and
//! the replica's transport use it.

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestCredentials, RequestInit, Response};
use whimbrel_shared::{ApiError, ErrorCode, path};

use super::{account, json};

/// What [`path::CSRF_HEADER`] says where a person asked.
pub(super) const PERSON: &str = "1";

/// `GET` as JSON, because of something a person did.
pub async fn get<T: DeserializeOwned>(url: &str) -> Result<T, ApiError> {
    read(&send("GET", url, None, PERSON).await?)
}

/// `GET` as JSON that nobody asked for: it does not keep the session alive.
pub async fn poll<T: DeserializeOwned>(url: &str) -> Result<T, ApiError> {
    read(&send("GET", url, None, path::BACKGROUND).await?)
}

/// `POST` of JSON, answered by JSON.
pub async fn post<B: Serialize, T: DeserializeOwned>(url: &str, body: &B) -> Result<T, ApiError> {
    let body = serde_json::to_string(body).map_err(|error| unreadable(&error.to_string()))?;
    read(&send("POST", url, Some(&body), PERSON).await?)
}

/// Asks for something without a body; what is answered is not read.
pub async fn tell(method: &'static str, url: &str) -> Result<(), ApiError> {
    send(method, url, None, PERSON).await.map(|_| ())
}

/// The way to Whimbrel's server is cut.
#[must_use]
pub fn offline() -> ApiError {
    ApiError::new(
        ErrorCode::Offline,
        "There is no connection to Whimbrel's server.",
        "It is tried again by itself; check the network of this computer.",
    )
}

/// Reads the error body of an answer that was no success; an answer that is not ours says so.
#[must_use]
pub fn error_of(status: u16, body: &str) -> ApiError {
    if let Ok(error) = json::read::<ApiError>(body) {
        return error;
    }
    match status {
        401 => ApiError::new(
            ErrorCode::SignedOut,
            "The session has ended.",
            "Sign in again to go on.",
        ),
        // What a proxy says when the server behind it restarts.
        502..=504 => offline(),
        _ => unreadable(&format!("HTTP status {status}")),
    }
}

async fn send(
    method: &str,
    url: &str,
    body: Option<&str>,
    asked_by: &str,
) -> Result<String, ApiError> {
    let account = account::shown();
    // What changes something waits until it is known whose it is.
    if account.is_none() && method != "GET" {
        return Err(offline());
    }
    let headers = headers(account, asked_by).map_err(|_| unreadable("the request"))?;
    let request = request(method, url, &headers, body).map_err(|_| unreadable("the request"))?;
    let window = super::dom::window().ok_or_else(offline)?;
    let response: Response = JsFuture::from(window.fetch_with_request(&request))
        .await
        .and_then(JsCast::dyn_into)
        .map_err(|_| offline())?;
    let text = response.text().map_err(|_| offline())?;
    // A body that breaks off is a cut line.
    let text = JsFuture::from(text)
        .await
        .map_err(|_| offline())?
        .as_string()
        .unwrap_or_default();
    if response.ok() {
        Ok(text)
    } else {
        Err(error_of(response.status(), &text))
    }
}

fn headers(account: Option<String>, asked_by: &str) -> Result<Headers, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "application/json")?;
    headers.set(path::CSRF_HEADER, asked_by)?;
    if let Some(account) = account {
        headers.set(path::ACCOUNT_HEADER, &account)?;
    }
    Ok(headers)
}

fn request(
    method: &str,
    url: &str,
    headers: &Headers,
    body: Option<&str>,
) -> Result<Request, JsValue> {
    if body.is_some() {
        headers.set("content-type", "application/json")?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(headers);
    init.set_credentials(RequestCredentials::SameOrigin);
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(body));
    }
    Request::new_with_str_and_init(url, &init)
}

/// Reads the JSON of an answer; an answer without a body stands for the unit value.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    let text = if text.is_empty() { "null" } else { text };
    json::read(text).map_err(|error| unreadable(error.0))
}

fn unreadable(what: &str) -> ApiError {
    ApiError::new(
        ErrorCode::Internal,
        format!("Whimbrel's server answered something that could not be read ({what})."),
        "Reload the page; if it happens again, tell whoever runs this server.",
    )
}
