//! `/sign-in` and `/sign-out`: HTML forms that need no script.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    Form,
    extract::{
        ConnectInfo, FromRequestParts, Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, Uri, header, request::Parts};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use whimbrel_shared::path;

use crate::{
    auth::{
        cookies::{self, Kept},
        form_token::FormTokens,
        session,
        sign_in::{Before, Wish, sign_in},
    },
    error::{AppError, AppResult},
    plain::sign_in::{self as page, Notice, Page},
    routes::pages,
    state::AppState,
};

/// The query of the sign-in page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Where to go afterwards.
    next: String,
    /// Present after signing out.
    signed_out: Option<String>,
}

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    token: String,
    next: String,
    address: String,
    password: String,
    shared: Option<String>,
}

/// `GET /sign-in`.
///
/// # Errors
/// If the database fails.
pub async fn show(
    State(app): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> AppResult<Response> {
    if let Some(again) = pages::come_again(&headers, pages::address(&uri)) {
        return Ok(again);
    }
    let Query(asked) = asked.unwrap_or_default();
    let next = own_path(&asked.next);
    if session::find_useful(&app, &headers).await?.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    let form = NewForm::make(&app, &headers);
    let response = page::sign_in(&Page {
        service: &app.config.name,
        token: &form.token,
        next,
        notice: asked.signed_out.map(|_| Notice::SignedOut),
        ..Page::default()
    });
    Ok(form.with_cookie(response))
}

/// `POST /sign-in`.
pub async fn begin(
    State(app): State<AppState>,
    Visitor(visitor): Visitor,
    headers: HeaderMap,
    typed: Result<Form<Typed>, FormRejection>,
) -> Response {
    let (typed, result) = match typed {
        Ok(Form(mut typed)) => {
            let result = take_form(&app, &headers, &mut typed, visitor).await;
            (typed, result)
        }
        Err(rejection) => {
            let error = AppError::bad_request("The form did not arrive whole.");
            (Typed::default(), Err(error.because(rejection.body_text())))
        }
    };
    match result {
        Ok(response) => response,
        Err(error) => show_again(&app, &headers, &typed, error),
    }
}

/// `POST /sign-out`, a form: signs out in every tab.
///
/// # Errors
/// If the database fails.
pub async fn end(State(app): State<AppState>, headers: HeaderMap) -> AppResult<Response> {
    session::end(&app, &headers, None).await?;
    let to = format!("{}?signed_out=1", path::SIGN_IN);
    Ok((session::forgotten(), Redirect::to(&to)).into_response())
}

/// The address of the sign-in page from which one gets to `wanted`.
#[must_use]
pub fn address_before(wanted: &str) -> String {
    match own_path(wanted) {
        path::HOME => path::SIGN_IN.to_owned(),
        next => format!(
            "{}?next={}",
            path::SIGN_IN,
            utf8_percent_encode(next, NON_ALPHANUMERIC)
        ),
    }
}

async fn take_form(
    app: &AppState,
    headers: &HeaderMap,
    typed: &mut Typed,
    visitor: IpAddr,
) -> AppResult<Response> {
    let browser = cookies::get(headers, cookies::FORM).ok_or_else(no_cookie)?;
    app.auth
        .form_tokens
        .redeem(&typed.token, browser, app.auth.clock.now())
        .map_err(|_| stale_form())?;
    let wish = Wish {
        address: typed.address.clone(),
        password: std::mem::take(&mut typed.password).into(),
        is_shared: typed.shared.is_some(),
        visitor,
    };
    let welcome = sign_in(app, headers, wish, Before::Anybody).await?;
    let mut response = Redirect::to(own_path(&typed.next)).into_response();
    let answer = response.headers_mut();
    for cookie in welcome.cookies {
        answer.append(header::SET_COOKIE, cookie);
    }
    answer.append(header::SET_COOKIE, cookies::forget(cookies::FORM));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn show_again(app: &AppState, headers: &HeaderMap, typed: &Typed, error: AppError) -> Response {
    let form = NewForm::make(app, headers);
    let shown = page::failed(
        error.status(),
        &Page {
            service: &app.config.name,
            token: &form.token,
            next: own_path(&typed.next),
            address: typed.address.trim(),
            is_shared: typed.shared.is_some(),
            notice: Some(Notice::Failed(error.body())),
        },
    );
    let mut response = form.with_cookie(shown);
    let logged = error.into_response();
    if let Some(wait) = logged.headers().get(header::RETRY_AFTER) {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, wait.clone());
    }
    response
}

fn no_cookie() -> AppError {
    AppError::bad_request("Your browser did not send back the cookie this page gave it.")
        .remedied("Allow cookies for this site, then try again.")
}

fn stale_form() -> AppError {
    AppError::bad_request("This page was open for too long, or the form was sent twice.")
        .remedied("Type your password again.")
}

/// A token for a form, and the cookie that ties it to the browser if there is none yet.
pub(super) struct NewForm {
    pub(super) token: String,
    cookie: Option<HeaderValue>,
}

impl NewForm {
    /// The cookie is kept where there is one, so that sign-in pages in several tabs all work.
    pub(super) fn make(app: &AppState, headers: &HeaderMap) -> Self {
        let now = app.auth.clock.now();
        let tokens = &app.auth.form_tokens;
        match cookies::get(headers, cookies::FORM) {
            Some(browser) => Self {
                token: tokens.issue(browser, now),
                cookie: None,
            },
            None => {
                let browser = FormTokens::new_browser();
                Self {
                    token: tokens.issue(&browser, now),
                    cookie: Some(cookies::set(cookies::FORM, &browser, Kept::UntilClosed)),
                }
            }
        }
    }

    pub(super) fn with_cookie(self, mut response: Response) -> Response {
        if let Some(cookie) = self.cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// `wanted` if it is a page of the app, else the start page: nobody is sent to another site.
fn own_path(wanted: &str) -> &str {
    let is_page = wanted
        .strip_prefix(path::APP)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let is_plain = wanted
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_page && is_plain {
        wanted
    } else {
        path::HOME
    }
}

/// Where the request came from, by the word of a trusted proxy if there is one.
pub struct Visitor(pub IpAddr);

impl FromRequestParts<AppState> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &AppState,
    ) -> Result<Self, Self::Rejection> {
        // Without a socket (in tests) everybody is one visitor.
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(Ipv4Addr::UNSPECIFIED.into(), |info| info.0.ip());
        Ok(Self(app.config.proxies.visitor(peer, &parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for own in ["/mail", "/mail/abc/1.2?search=%C3%A4", "/mail?x"] {
            assert_eq!(own_path(own), own);
        }
        for other in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/mail.evil.example",
            "/mail/\r\nx: y",
            "/api/session",
            "/mailbox",
            "javascript:alert(1)",
            "/mail/\\..",
        ] {
            assert_eq!(own_path(other), path::HOME, "{other}");
        }
    }
}
