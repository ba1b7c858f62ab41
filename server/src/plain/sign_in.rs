//! The sign-in page. Works before the app has arrived and without scripts; the app's files are fetched
//! while one types. Its look is the app's, with just the rules it needs.

use std::sync::LazyLock;

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode};
use whimbrel_shared::{ApiError, ErrorCode, path};

use crate::{
    assets,
    plain::{self, escape, respond},
    security::policy,
};

const STYLE: &str = include_str!("sign_in.css");
/// The mark again, as a picture of its own.
const ICON: &str = include_str!("icon.txt");
const MARK: &str = include_str!("mark.svg");
const SHORE: &str = include_str!("shore.svg");

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    HeaderValue::try_from(policy::sign_in(STYLE)).unwrap_or(HeaderValue::from_static(policy::PLAIN))
});

/// What stands on the page.
#[derive(Default)]
pub struct Page<'a> {
    /// What the operator calls this service.
    pub service: &'a str,
    /// The form's one-time token.
    pub token: &'a str,
    /// Where to go afterwards; a path of ours.
    pub next: &'a str,
    /// What was typed last time; never the password.
    pub address: &'a str,
    /// "This is a shared computer" was ticked last time.
    pub is_shared: bool,
    /// What to say above the form.
    pub notice: Option<Notice<'a>>,
}

/// What to say above the form.
pub enum Notice<'a> {
    /// Signing in failed.
    Failed(&'a ApiError),
    /// Signing out worked.
    SignedOut,
}

/// The page; `200 OK` unless the caller sets another status.
#[must_use]
pub fn sign_in(page: &Page<'_>) -> Response {
    respond(html(page), &POLICY)
}

/// The page with the status of a failure.
#[must_use]
pub fn failed(status: StatusCode, page: &Page<'_>) -> Response {
    (status, sign_in(page)).into_response()
}

fn html(page: &Page<'_>) -> String {
    let service = escape(page.service);
    let hints = assets::load_hints();
    let notice = page.notice.as_ref().map_or_else(String::new, notice);
    let form = form(page);
    let version = env!("CARGO_PKG_VERSION");
    let head = plain::head(&format!("Sign in · {service}"), ICON, STYLE, &hints);
    format!(
        r#"{head}<body>
<main>
{MARK}<h1>{service}</h1>
<p class="lede">Sign in with your mail address.</p>
<p class="too-old" role="alert"><strong>This browser is too old for Whimbrel.</strong> The oldest that work are Chromium 123 (also Chrome and Edge), Firefox 128 and Safari 17.5.</p>
{notice}{form}</main>
<div class="shore">
{SHORE}<footer>Whimbrel {version}</footer>
</div>
</body>
</html>
"#
    )
}

fn form(page: &Page<'_>) -> String {
    let (token, next, address) = (escape(page.token), escape(page.next), escape(page.address));
    let checked = if page.is_shared { " checked" } else { "" };
    let (focus_address, focus_password) = if page.address.is_empty() {
        (" autofocus", "")
    } else {
        ("", " autofocus")
    };
    let wrong = match page.notice {
        Some(Notice::Failed(error)) if error.code == ErrorCode::WrongPassword => {
            r#" aria-invalid="true" aria-describedby="failure""#
        }
        _ => "",
    };
    let target = path::SIGN_IN;
    format!(
        r#"<form method="post" action="{target}" aria-label="Sign in">
<input type="hidden" name="token" value="{token}">
<input type="hidden" name="next" value="{next}">
<div class="field"><label for="address">Mail address</label>
<input id="address" name="address" type="text" inputmode="email" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" maxlength="320" required value="{address}"{wrong}{focus_address}></div>
<div class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required{wrong}{focus_password}></div>
<div class="choice"><input id="shared" name="shared" type="checkbox" value="yes" aria-describedby="shared-hint"{checked}>
<label for="shared">This is a shared computer</label>
<p id="shared-hint">Keeps nothing on this computer, and signs you out after 10 minutes without use.</p></div>
<button type="submit">Sign in</button>
</form>
"#
    )
}

fn notice(notice: &Notice<'_>) -> String {
    match notice {
        Notice::Failed(error) => format!(
            "<p class=\"failure\" id=\"failure\" role=\"alert\"><strong>{}</strong> {}</p>\n",
            escape(&error.message),
            escape(&error.remedy)
        ),
        Notice::SignedOut => {
            "<p class=\"done\" role=\"status\">You are signed out.</p>\n".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(notice: Option<Notice<'_>>, address: &str) -> String {
        html(&Page {
            service: "Post & <Co>",
            token: "token",
            next: "/mail",
            address,
            notice,
            ..Page::default()
        })
    }

    #[test]
    fn the_page_is_small_and_needs_no_script() {
        let html = made(None, "");
        assert!(html.len() <= 15 * 1024, "{} bytes", html.len());
        assert!(!html.contains("<script") && !html.contains(" style="));
        assert!(html.contains("Post &amp; &lt;Co&gt;"));
        // what follows the style must not end it, and its hash is that of the very bytes
        assert!(!STYLE.contains('<') && html.contains(&format!("<style>{STYLE}</style>")));
    }

    #[test]
    fn focus_is_where_one_types_next() {
        assert!(made(None, "").contains(r#"value="" autofocus>"#));
        let again = made(None, "anna@example.org");
        assert!(again.contains(r#"type="password" autocomplete="current-password" maxlength="1024" required autofocus>"#));
    }

    #[test]
    fn a_failure_is_an_alert_and_text() {
        let error = ApiError::new(ErrorCode::WrongPassword, "<b>No</b>", "Try \"again\".");
        let html = made(Some(Notice::Failed(&error)), "\"><script>alert(1)</script>");
        assert!(html.contains(
            r#"role="alert"><strong>&lt;b&gt;No&lt;/b&gt;</strong> Try &quot;again&quot;."#
        ));
        assert!(html.contains(r#"value="&quot;&gt;&lt;script&gt;"#));
        assert_eq!(html.matches("aria-invalid=").count(), 2);
    }
}
