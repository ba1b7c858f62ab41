//! What must hold for every route, whatever it does. The table of routes is held against `router.rs`.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};
use whimbrel_shared::{
    Action, Draft, DraftAttachment, MailboxId, MessageKey, OrderBy, PartId, SessionInfo, State,
    UidSet, Upload, path,
};
use whimbrel_tests::{app::PUBLIC_URL, world::PASSWORD};

use crate::kit::{Desk, assert_applied, somebody};

/// What only Ada's mail holds.
const CANARY: &str = "kestrelwort";

/// One request of Ada's, by the name its path has in `shared/src/path.rs`.
struct Wish {
    name: &'static str,
    method: Method,
    url: String,
    body: Option<Value>,
}

/// Whose mailbox and letter, and what else is hers alone.
struct Hers {
    desk: Desk,
    inbox: MailboxId,
    key: MessageKey,
    state: State,
    upload: Upload,
}

async fn ada() -> Hers {
    let letter = format!(
        "From: Ada <ada@{CANARY}.example>\r\nSubject: {CANARY}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=tern\r\n\r\n--tern\r\nContent-Type: text/html\r\n\r\n\
         <p>{CANARY}</p><img src=\"http://127.0.0.3:1/{CANARY}.gif\">\r\n--tern\r\n\
         Content-Type: image/gif; name={CANARY}.gif\r\nContent-Disposition: attachment\r\n\r\n\
         GIF89a{CANARY}\r\n--tern--\r\n"
    );
    // Two, so that nobody else's inbox has a message of this number.
    let desk = Desk::with_letters(&[("", letter.as_bytes()), ("", letter.as_bytes())]).await;
    let (inbox, snapshot) = desk.inbox().await;
    let key = MessageKey {
        uidvalidity: snapshot.uidvalidity,
        uid: snapshot.uids.last().expect("a letter"),
    };
    let upload = desk
        .client
        .post_bytes(&path::uploads(CANARY), "text/plain", CANARY.as_bytes())
        .await;
    Hers {
        upload: upload.good().json(),
        state: snapshot.state,
        desk,
        inbox,
        key,
    }
}

/// Every request there is, as Ada's pages send it, the ones that end something last.
fn wishes(hers: &Hers) -> Vec<Wish> {
    let mut all: Vec<Wish> = pages(hers)
        .into_iter()
        .chain(reads(hers))
        .map(|(name, url)| Wish {
            name,
            method: Method::GET,
            url,
            body: None,
        })
        .collect();
    all.extend(writes(hers));
    all
}

fn pages(hers: &Hers) -> Vec<(&'static str, String)> {
    vec![
        ("HOME", path::HOME.to_owned()),
        ("SIGN_IN", path::SIGN_IN.to_owned()),
        ("APP", path::APP.to_owned()),
        ("APP_ANY", path::mail_message(&hers.inbox, hers.key)),
        ("SETTINGS", path::SETTINGS.to_owned()),
        ("SIGNED_IN_PLACES", path::SIGNED_IN_PLACES.to_owned()),
        ("BLOCKED_PAGE", path::BLOCKED_PAGE.to_owned()),
        (
            "PICTURE_SENDERS_PAGE",
            path::PICTURE_SENDERS_PAGE.to_owned(),
        ),
        ("HEALTHZ", path::HEALTHZ.to_owned()),
        ("READYZ", path::READYZ.to_owned()),
        ("SECURITY_TXT", path::SECURITY_TXT.to_owned()),
    ]
}

fn reads(hers: &Hers) -> Vec<(&'static str, String)> {
    let (inbox, key) = (&hers.inbox, hers.key);
    let part = PartId::new("2").expect("a part");
    let uids: UidSet = std::iter::once(key.uid).collect();
    vec![
        ("SESSION", path::SESSION.to_owned()),
        ("SESSIONS", path::SESSIONS.to_owned()),
        ("MAILBOXES", path::MAILBOXES.to_owned()),
        ("MAILBOX", path::mailbox(inbox, 50)),
        ("CHANGES", path::changes(inbox, &hers.state, &uids)),
        ("ENVELOPES", path::envelopes(inbox, key.uidvalidity, &uids)),
        ("SEARCH", path::search(inbox, CANARY)),
        ("ORDER", path::order(inbox, OrderBy::Subject)),
        ("THREADS", path::threads(inbox)),
        ("MESSAGE", path::message(inbox, key)),
        ("BODY", path::body(inbox, key)),
        ("SOURCE", path::source(inbox, key)),
        ("HEADER", path::header(inbox, key)),
        ("ATTACHMENTS", path::attachments(inbox, key)),
        ("PART", path::part(inbox, key, &part)),
        ("PREVIEW", path::preview(inbox, key, &part)),
        ("THUMBNAIL", path::thumbnail(inbox, key, &part)),
        ("PICTURE", path::picture(inbox, key, &part)),
        ("REMOTE", path::remote(inbox, key, 0)),
        ("SENDER", path::sender(inbox, key)),
        (
            "UNSUBSCRIBE_DRAFT",
            format!("{}/draft", path::unsubscribe(inbox, key)),
        ),
        ("DRAFT", path::draft(inbox, key)),
        ("BLOCKED", path::BLOCKED.to_owned()),
        ("PICTURE_SENDERS", path::PICTURE_SENDERS.to_owned()),
        ("LETTER", path::letter("mailto:ada@fenwick.example")),
        ("QUOTA", path::QUOTA.to_owned()),
        ("FOLDER_SIZES", path::FOLDER_SIZES.to_owned()),
        ("MAIL_SERVER", path::MAIL_SERVER.to_owned()),
    ]
}

fn writes(hers: &Hers) -> Vec<Wish> {
    let (post, delete) = (Method::POST, Method::DELETE);
    let upload = path::upload(&hers.upload.id);
    let (block, leave) = (
        path::block(&hers.inbox, hers.key),
        path::unsubscribe(&hers.inbox, hers.key),
    );
    let always = path::always_pictures(&hers.inbox, hers.key);
    let blocked = format!("{}?email={CANARY}", path::BLOCKED);
    let pictures = format!("{}?email={CANARY}", path::PICTURE_SENDERS);
    let all = [
        ("BLOCK", &post, block.as_str(), None),
        ("BLOCKED", &delete, &blocked, None),
        ("BLOCKED_PAGE", &post, path::BLOCKED_PAGE, None),
        ("ALWAYS_PICTURES", &post, &always, None),
        ("PICTURE_SENDERS", &delete, &pictures, None),
        (
            "PICTURE_SENDERS_PAGE",
            &post,
            path::PICTURE_SENDERS_PAGE,
            None,
        ),
        ("UNSUBSCRIBE", &post, &leave, None),
        ("OPERATIONS", &post, path::OPERATIONS, Some(json!([]))),
        ("UPLOADS", &post, &path::uploads("x"), Some(json!(1))),
        ("UPLOAD", &delete, &upload, None),
        ("SIGNED_IN_PLACES", &post, path::SIGNED_IN_PLACES, None),
        ("SESSIONS", &delete, path::SESSIONS, None),
        ("SIGN_IN", &post, path::SIGN_IN, None),
        ("SESSION", &post, path::SESSION, Some(json!({}))),
        ("SESSION", &delete, path::SESSION, None),
        ("SIGN_OUT", &post, path::SIGN_OUT, None),
    ];
    let wish = |(name, method, url, body): (_, &Method, &str, _)| Wish {
        name,
        method: method.clone(),
        url: url.to_owned(),
        body,
    };
    all.map(wish).into()
}

#[tokio::test]
async fn the_table_holds_every_route() {
    let source = include_str!("../../server/src/router.rs");
    let mut routes = BTreeSet::new();
    for route in source.split("path::").skip(1) {
        let name: String = route
            .chars()
            .take_while(|c| c.is_ascii_uppercase() || *c == '_')
            .collect();
        for (call, method) in [("get(", "GET"), ("post(", "POST"), ("delete(", "DELETE")] {
            if route.contains(call) {
                routes.insert((name.clone(), method.to_owned()));
            }
        }
    }
    let hers = ada().await;
    let mut table: BTreeSet<_> = wishes(&hers)
        .iter()
        .map(|wish| (wish.name.to_owned(), wish.method.to_string()))
        .collect();
    // A stream that does not end; tests of its own look at it.
    table.insert(("EVENTS".to_owned(), "GET".to_owned()));
    assert!(routes.len() > 35);
    assert_eq!(table, routes);
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let hers = ada().await;
    let client = &hers.desk.client;
    let mut all = wishes(&hers);
    for url in ["/api/nothing", "/nothing", "/api/mailboxes/%00/changes"] {
        all.push(Wish {
            name: url.trim_start_matches('/').split('/').next().unwrap_or("x"),
            method: Method::GET,
            url: url.to_owned(),
            body: None,
        });
    }
    for Wish {
        name,
        method,
        url,
        body,
    } in &all
    {
        let answer = client.own(method.clone(), url, body.as_ref()).await;
        let what = format!("{method} {name} {}", answer.status());
        for (header, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
            ("access-control-allow-origin", ""),
            ("server", ""),
        ] {
            assert_eq!(answer.header(header), value, "{what}: {header}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"));
        assert_policy(&answer.header("content-security-policy"), name, &what);
        let kept = answer.header("cache-control");
        assert!(kept.contains("no-store"), "{what}: {kept}");
        assert!(
            !answer.status().is_server_error() || *name == "HOME" || is_page(name),
            "{what}"
        );
    }
}

/// The app's pages, which are not there where no app is built.
fn is_page(name: &str) -> bool {
    matches!(name, "HOME" | "APP" | "APP_ANY" | "SETTINGS")
}

fn assert_policy(policy: &str, name: &str, what: &str) {
    assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
    assert!(!policy.contains("unsafe-eval'") || policy.contains("'wasm-unsafe-eval'"));
    for directive in policy.split("; ") {
        let is_of_scripts = directive.starts_with("script-src");
        assert!(
            !(is_of_scripts && (directive.contains("'unsafe-") || directive.contains('*'))),
            "{what}: {directive}"
        );
    }
    let is_frame = policy.contains("frame-ancestors 'self'");
    assert!(
        is_frame || policy.contains("frame-ancestors 'none'"),
        "{what}: {policy}"
    );
    let is_sandboxed = policy.contains("sandbox") && !policy.contains("allow-scripts");
    let is_ours = is_page(name)
        || matches!(
            name,
            "BLOCKED_PAGE" | "PICTURE_SENDERS_PAGE" | "SIGN_IN" | "SIGNED_IN_PLACES" | "SIGN_OUT"
        );
    assert!(
        is_sandboxed || is_ours || what.contains("404"),
        "{what}: {policy}"
    );
}

#[tokio::test]
async fn no_other_site_reads_or_changes_anything() {
    let hers = ada().await;
    let client = &hers.desk.client;
    let before = client.get(path::SESSIONS).await.good().text();
    let evil = ("origin", "https://evil.example");
    let own = ("origin", PUBLIC_URL);
    let mark = (path::CSRF_HEADER, "1");
    for Wish {
        name, method, url, ..
    } in wishes(&hers)
    {
        let mut attempts: Vec<Vec<(&str, &str)>> = Vec::new();
        if method == Method::GET {
            if url.starts_with(path::API) {
                attempts.push(vec![("sec-fetch-site", "cross-site")]);
                attempts.push(vec![("sec-fetch-site", "same-site")]);
            }
        } else {
            attempts.extend([
                vec![],
                vec![mark],
                vec![evil],
                vec![evil, mark],
                vec![evil, mark, ("sec-fetch-site", "same-origin")],
                vec![own, mark, ("sec-fetch-site", "cross-site")],
                vec![own, mark, ("sec-fetch-site", "none")],
                vec![("origin", "null"), mark],
            ]);
            if url.starts_with(path::API) {
                // What a form can send.
                attempts.push(vec![own, ("sec-fetch-site", "same-origin")]);
            }
        }
        for headers in attempts {
            let answer = client.foreign(method.clone(), &url, &headers).await;
            assert_eq!(answer.status(), 403, "{method} {name} with {headers:?}");
            assert!(!answer.text().contains(CANARY), "{method} {name}");
        }
    }
    let after = client.get(path::SESSIONS).await.good().text();
    assert_eq!(before, after, "nobody was signed out or in");
    drop(
        client
            .get(&path::message(&hers.inbox, hers.key))
            .await
            .good(),
    );
}

#[tokio::test]
async fn reading_changes_nothing() {
    let mut hers = ada().await;
    for Wish { method, url, .. } in wishes(&hers) {
        if method == Method::GET {
            let _looked_at = hers.desk.client.own(method, &url, None).await;
        }
    }
    drop(hers.desk.other.command("SELECT INBOX").await.good());
    let flags = hers.desk.other.command("FETCH 1:* FLAGS").await.good();
    let lines: String = flags.lines().collect();
    assert!(
        !lines.contains("\\Seen") && lines.contains("FLAGS"),
        "{lines}"
    );
    drop(hers.desk.client.get(path::SESSION).await.good());
}

#[tokio::test]
async fn nothing_of_hers_answers_to_another_account_or_to_nobody() {
    let hers = ada().await;
    let nobody = hers.desk.app.client();
    let mut ben = hers.desk.app.client();
    ben.sign_in(&somebody(), PASSWORD).await;
    let his: SessionInfo = ben.get(path::SESSION).await.good().json();
    for wish in wishes(&hers) {
        let Wish {
            name,
            method,
            url,
            body,
        } = wish;
        if url.starts_with(path::API) && method == Method::GET && name != "SESSION" {
            let of_his_page = path::of_account(&url, &his.account_id);
            let answer = hers.desk.client.get(&of_his_page).await;
            assert_eq!(
                answer.status(),
                401,
                "{name} in a page that shows his account"
            );
        }
        for (who, client) in [("nobody", &nobody), ("Ben", &ben)] {
            let answer = client.own(method.clone(), &url, body.as_ref()).await;
            let what = format!("{who}: {method} {name} {}", answer.status());
            assert!(!answer.text().contains(CANARY), "{what}");
            if url.starts_with(path::API) && url.contains("/messages/") {
                assert!(matches!(answer.status().as_u16(), 401 | 404), "{what}");
            }
            if who == "nobody" && url.starts_with(path::API) && name != "SESSION" {
                assert_eq!(answer.status(), 401, "{what}");
            }
        }
    }
    // Hers is all there: her session, her letter and her upload.
    let message = path::message(&hers.inbox, hers.key);
    let answer = hers.desk.client.get(&message).await.good();
    assert!(answer.text().contains(CANARY));
    let draft = Draft {
        attachments: vec![DraftAttachment::Upload(hers.upload.clone())],
        ..Draft::default()
    };
    let saved = hers.desk.perform(Action::SaveDraft {
        draft: Box::new(draft),
        replaces: None,
    });
    assert_applied(&saved.await);
}
