//! The page that tells where one is signed in, with a button that ends all other sessions.

use std::sync::LazyLock;

use axum::response::Response;
use http::HeaderValue;
use time::{OffsetDateTime, macros::format_description};
use whimbrel_shared::{SessionSummary, path};

use crate::{
    plain::{self, escape, respond},
    security::policy,
};

const ICON: &str = include_str!("icon.txt");
const STYLE: &str = concat!(include_str!("sign_in.css"), include_str!("sessions.css"));

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    HeaderValue::try_from(policy::styled(STYLE)).unwrap_or(HeaderValue::from_static(policy::PLAIN))
});

/// What stands on the page.
pub struct Page<'a> {
    /// Whose sessions they are.
    pub address: &'a str,
    /// See [`whimbrel_shared::SessionInfo::account_id`].
    pub account: &'a str,
    /// The form's one-time token.
    pub token: &'a str,
    /// All of them.
    pub sessions: &'a [SessionSummary],
    /// What to say above them.
    pub notice: Option<&'a str>,
}

/// The page.
#[must_use]
pub fn sessions(page: &Page<'_>) -> Response {
    respond(html(page), &POLICY)
}

fn html(page: &Page<'_>) -> String {
    let address = escape(page.address);
    let notice = page.notice.map_or_else(String::new, |notice| {
        format!("<p class=\"done\" role=\"status\">{}</p>\n", escape(notice))
    });
    let list: String = page.sessions.iter().map(item).collect();
    let is_shared = (page.sessions.iter()).any(|session| session.current && session.shared);
    let others = page.sessions.iter().filter(|session| !session.current);
    let form = if others.count() == 0 {
        String::new()
    } else {
        form(page)
    };
    let home = path::HOME;
    let title = plain::title("Where you are signed in", is_shared);
    let head = plain::head(&title, ICON, STYLE, "");
    format!(
        r#"{head}<body>
<main>
<h1>Where you are signed in</h1>
<p class="lede">{address}</p>
{notice}<ul>
{list}</ul>
{form}<p class="back"><a href="{home}">To your mail</a></p>
</main>
</body>
</html>
"#
    )
}

fn item(session: &SessionSummary) -> String {
    let browser = match session.browser.as_str() {
        "" => "A browser",
        browser => browser,
    };
    let browser = escape(browser);
    let here = if session.current { " (here)" } else { "" };
    let shared = if session.shared {
        " On a shared computer."
    } else {
        ""
    };
    let (began, used) = (day(session.began_at), day(session.last_used_at));
    format!("<li><strong>{browser}{here}</strong> Since {began}, last used {used}.{shared}</li>\n")
}

/// The server knows nobody's time zone.
fn day(at: i64) -> String {
    let format =
        format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
    let time = OffsetDateTime::from_unix_timestamp(at).ok();
    time.and_then(|time| time.format(&format).ok())
        .unwrap_or_else(|| "an unknown day".to_owned())
}

fn form(page: &Page<'_>) -> String {
    let (token, account) = (escape(page.token), escape(page.account));
    let target = path::SIGNED_IN_PLACES;
    format!(
        r#"<form method="post" action="{target}" aria-label="Sign out everywhere else">
<input type="hidden" name="token" value="{token}">
<input type="hidden" name="account" value="{account}">
<button type="submit">Sign out everywhere else</button>
</form>
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_each_session_and_repeats_nothing_unescaped() {
        let session = |current: bool| SessionSummary {
            browser: "<b>Firefox".to_owned(),
            began_at: 1_790_000_000,
            last_used_at: 1_790_000_100,
            shared: !current,
            current,
        };
        let one = [session(true)];
        let mut page = Page {
            address: "ada&<ben>@whimbrel.example",
            account: "account",
            token: "token",
            sessions: &one,
            notice: None,
        };
        assert!(!html(&page).contains("<form"), "there is nothing to end");
        assert!(html(&page).contains("<title>Where you are signed in · Whimbrel</title>"));
        let mut shared = session(true);
        shared.shared = true;
        let shared = [shared];
        page.sessions = &shared;
        assert!(html(&page).contains("<title>Whimbrel</title>"));
        let both = [session(true), session(false)];
        page.sessions = &both;
        let html = html(&page);
        assert!(html.contains("ada&amp;&lt;ben&gt;@") && html.contains("&lt;b&gt;Firefox (here)"));
        assert!(
            html.contains("21 September 2026, 14:15 UTC") && html.contains("On a shared computer.")
        );
        assert!(html.contains(r#"name="token" value="token""#));
    }
}
