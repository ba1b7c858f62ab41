//! A browser without a screen: keeps cookies, sends what Whimbrel's own pages send, and hands back answers
//! that must be looked at.

pub(crate) mod cookies;
mod events;

use std::{
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde::{Serialize, de::DeserializeOwned};
use tower::ServiceExt;
use whimbrel_shared::{ApiError, SessionInfo, path};

use crate::app::PUBLIC_URL;
use cookies::Cookies;

/// Longer than any answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser at a [`crate::app::TestApp`]. A clone begins with the same cookies and then goes its own way.
pub struct TestClient {
    router: Router,
    cookies: Mutex<Cookies>,
    /// The account its page shows, known from signing in.
    account: Mutex<Option<String>>,
}

impl Clone for TestClient {
    fn clone(&self) -> Self {
        Self {
            router: self.router.clone(),
            cookies: Mutex::new(self.jar().clone()),
            account: Mutex::new(self.account()),
        }
    }
}

impl TestClient {
    pub(crate) fn new(router: Router) -> Self {
        Self {
            router,
            cookies: Mutex::default(),
            account: Mutex::default(),
        }
    }

    /// The same browser, with the same cookies, where another router answers.
    pub(crate) fn at(&self, router: Router) -> Self {
        Self {
            router,
            ..self.clone()
        }
    }

    /// Signs in by the form, as a person does; panics if that does not lead into the app.
    pub async fn sign_in(&mut self, address: &str, password: &str) {
        self.sign_in_by_form(address, password, false).await;
    }

    /// Signs in with the tick "This is a shared computer".
    pub async fn sign_in_shared(&mut self, address: &str, password: &str) {
        self.sign_in_by_form(address, password, true).await;
    }

    async fn sign_in_by_form(&self, address: &str, password: &str, shared: bool) {
        let page = self.get(path::SIGN_IN).await.good().text();
        let mut fields = hidden_fields(&page);
        fields.push(("address".to_owned(), address.to_owned()));
        fields.push(("password".to_owned(), password.to_owned()));
        if shared {
            fields.push(("shared".to_owned(), "on".to_owned()));
        }
        let response = self.post_form(path::SIGN_IN, &fields).await;
        assert!(
            response.status().is_redirection(),
            "signing in as {address} answered {}: {}",
            response.status(),
            response.text()
        );
        let info: SessionInfo = self.get(path::SESSION).await.good().json();
        *self.account.lock().unwrap_or_else(PoisonError::into_inner) = Some(info.account_id);
    }

    /// `GET`.
    pub async fn get(&self, url: &str) -> Response {
        self.send(request(Method::GET, url), Body::empty()).await
    }

    /// `GET` with further headers, such as `Range`.
    pub async fn get_with(&self, url: &str, headers: &[(&str, &str)]) -> Response {
        self.send(
            with_headers(request(Method::GET, url), headers),
            Body::empty(),
        )
        .await
    }

    /// `POST` of JSON, as the app sends it.
    pub async fn post(&self, url: &str, body: &impl Serialize) -> Response {
        let json = serde_json::to_vec(body).expect("JSON");
        self.post_bytes(url, "application/json", &json).await
    }

    /// `POST` of JSON with these headers only, as another site or program might send it.
    pub async fn post_from(
        &self,
        url: &str,
        body: &impl Serialize,
        headers: &[(&str, &str)],
    ) -> Response {
        let json = serde_json::to_vec(body).expect("JSON");
        let request = with_headers(request(Method::POST, url), headers)
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request, Body::from(json)).await
    }

    /// `POST` of raw bytes, as an upload.
    pub async fn post_bytes(&self, url: &str, media_type: &str, bytes: &[u8]) -> Response {
        let request = self
            .own_write(Method::POST, url)
            .header(header::CONTENT_TYPE, media_type);
        self.send(request, Body::from(bytes.to_vec())).await
    }

    /// `POST` of a form, as a page of Whimbrel's sends it.
    pub async fn post_form(&self, url: &str, fields: &[(String, String)]) -> Response {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", form_encoded(name), form_encoded(value)))
            .collect();
        let request = with_headers(
            request(Method::POST, url),
            &[("origin", PUBLIC_URL), ("sec-fetch-site", "same-origin")],
        )
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body.join("&"))).await
    }

    /// Any request, as a page of Whimbrel's sends it.
    pub async fn own(
        &self,
        method: Method,
        url: &str,
        body: Option<&serde_json::Value>,
    ) -> Response {
        let request = self.own_write(method, url);
        match body {
            None => self.send(request, Body::empty()).await,
            Some(body) => {
                let request = request.header(header::CONTENT_TYPE, "application/json");
                self.send(request, Body::from(body.to_string())).await
            }
        }
    }

    /// Any request with these headers only, as another site might make a browser send it.
    pub async fn foreign(&self, method: Method, url: &str, headers: &[(&str, &str)]) -> Response {
        let request = with_headers(request(method, url), headers);
        self.send(request, Body::from("{}")).await
    }

    /// `DELETE`, as the app sends it.
    pub async fn delete(&self, url: &str) -> Response {
        let request = self.own_write(Method::DELETE, url);
        self.send(request, Body::empty()).await
    }

    /// Opens the stream of news.
    pub async fn events(&self, url: &str) -> EventStream {
        let request = request(Method::GET, url).header(header::ACCEPT, "text/event-stream");
        let response = self.answer(request, Body::empty()).await;
        assert_eq!(
            response.status(),
            StatusCode::OK,
            "the stream of news opens"
        );
        EventStream::new(response.into_body())
    }

    /// The cookies it holds, each as the server's `Set-Cookie` had it.
    #[must_use]
    pub fn cookies(&self) -> Vec<String> {
        self.jar().lines()
    }

    async fn send(&self, request: http::request::Builder, body: Body) -> Response {
        let (head, body) = self.answer(request, body).await.into_parts();
        let collected = tokio::time::timeout(PATIENCE, body.collect()).await;
        let body = collected
            .expect("the answer ends")
            .expect("the answer is whole");
        Response {
            status: head.status,
            headers: head.headers,
            body: body.to_bytes(),
        }
    }

    async fn answer(&self, request: http::request::Builder, body: Body) -> http::Response<Body> {
        let host = PUBLIC_URL.trim_start_matches("https://");
        let mut request = request.header(header::HOST, host);
        if let Some(cookie) = self.jar().header() {
            request = request.header(header::COOKIE, cookie);
        }
        let mut request = request.body(body).expect("a request");
        let visitor = SocketAddr::from(([127, 0, 0, 1], 50_000));
        request.extensions_mut().insert(ConnectInfo(visitor));
        let answer = tokio::time::timeout(PATIENCE, self.router.clone().oneshot(request)).await;
        let Ok(response) = answer.expect("the app answers");
        self.jar().take(response.headers());
        response
    }

    fn own_write(&self, method: Method, url: &str) -> http::request::Builder {
        let headers = [
            ("origin", PUBLIC_URL),
            ("sec-fetch-site", "same-origin"),
            (path::CSRF_HEADER, "1"),
        ];
        let request = with_headers(request(method, url), &headers);
        match self.account() {
            Some(account) => request.header(path::ACCOUNT_HEADER, account),
            None => request,
        }
    }

    fn account(&self) -> Option<String> {
        self.account
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn jar(&self) -> std::sync::MutexGuard<'_, Cookies> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An open stream of news. Dropping it closes it, as closing a tab does.
pub struct EventStream {
    body: Body,
    buffer: Vec<u8>,
}

/// An answer of the app, whole.
#[must_use = "an answer that nobody looks at proves nothing"]
#[derive(Debug)]
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Response {
    /// Panics unless the status is 2xx.
    #[track_caller]
    pub fn good(self) -> Self {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        self
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{error} in {}", self.text()),
        }
    }

    /// The error a failure carries; panics at a success.
    #[track_caller]
    #[must_use]
    pub fn error(&self) -> ApiError {
        assert!(
            !self.status.is_success() && !self.status.is_redirection(),
            "an error was expected, not {}: {}",
            self.status,
            self.text()
        );
        self.json()
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// A header's value, empty if it is missing; several values with commas between.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let values = self.headers.get_all(name).iter();
        let values: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
        values.join(", ")
    }
}

fn request(method: Method, url: &str) -> http::request::Builder {
    Request::builder().method(method).uri(url)
}

fn with_headers(
    mut request: http::request::Builder,
    headers: &[(&str, &str)],
) -> http::request::Builder {
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
}

/// The hidden fields of a page: `<input type="hidden" name="token" value="…">`, attributes in any order.
pub fn hidden_fields(page: &str) -> Vec<(String, String)> {
    page.split("<input")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .filter(|(tag, _)| attribute(tag, "type").is_some_and(|kind| kind == "hidden"))
        .filter_map(|(tag, _)| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
        .collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&amp;", "&"),
    )
}

pub(crate) fn form_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
