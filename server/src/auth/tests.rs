//! Signing in and out through the whole router.

mod world;

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use whimbrel_shared::{ErrorCode, SessionInfo, path};

use self::world::{ANNA, Browser, World, error, text};
use crate::{
    config::Config,
    router::router,
    state::{self, AppState},
    store::temporary::TemporaryFolder,
};

#[tokio::test]
async fn one_signs_in_by_a_form_and_out_everywhere() {
    let world = World::new().await;
    let mut browser = Browser::default();
    let answer = world
        .sign_in(&mut browser, &format!("{ANNA}&next=%2Fmail%2Fabc"))
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()[header::LOCATION], "/mail/abc");
    let lines: Vec<_> = answer
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|l| l.to_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.contains("Max-Age=2592000"))
            .count(),
        2
    );

    let info: SessionInfo =
        serde_json::from_str(&text(world.get(&mut browser, path::SESSION).await).await).unwrap();
    assert_eq!(
        (info.address.as_str(), info.shared),
        ("anna@example.org", false)
    );
    // a visit to the sign-in page goes straight on
    let visit = world.get(&mut browser, path::SIGN_IN).await;
    assert_eq!(visit.headers()[header::LOCATION], "/");

    let stolen = browser.clone();
    let answer = world.json(&mut browser, Method::DELETE, "").await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        answer.headers()["clear-site-data"],
        r#""cache", "cookies", "storage""#
    );
    assert!(browser.cookies.is_empty());
    assert_eq!(world.status(&stolen).await, 401);
    assert_eq!(
        world.get(&mut browser, "/mail/abc").await.headers()[header::LOCATION],
        "/sign-in?next=%2Fmail%2Fabc"
    );
}

#[tokio::test]
async fn a_wrong_password_is_told_and_slowed() {
    let world = World::new().await;
    let mut browser = Browser::default();
    let wrong = "address=anna%40example.org&password=wrong&shared=yes";
    for _ in 0..5 {
        let answer = world.sign_in(&mut browser, wrong).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        let page = text(answer).await;
        assert!(page.contains("role=\"alert\"") && page.contains("value=\"anna@example.org\""));
        assert!(page.contains(" checked") && !page.contains("value=\"wrong\""));
    }
    // On to a wait that is long beside what a busy machine takes for a request.
    for pause in [2, 3, 5, 9] {
        world.app.auth.clock.advance(pause);
        let answer = world.sign_in(&mut browser, wrong).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    let answer = world.sign_in(&mut browser, ANNA).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u32 = answer.headers()[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=16).contains(&wait), "{wait}");
    let body = r#"{"address":"anna@example.org","password":"right"}"#;
    let answer = world.json(&mut browser, Method::POST, body).await;
    assert!(answer.headers().contains_key(header::RETRY_AFTER));
    assert_eq!(error(answer).await, (429, ErrorCode::TooManyAttempts));
    world.app.auth.clock.advance(17);
    assert_eq!(
        world.sign_in(&mut browser, ANNA).await.status(),
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn the_form_is_taken_once_and_from_its_own_browser() {
    let world = World::new().await;
    let mut browser = Browser::default();
    let page = text(world.get(&mut browser, path::SIGN_IN).await).await;
    let token = page
        .split("name=\"token\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let form = format!("token={token}&{ANNA}");

    let no_cookies = world.post_form(&mut Browser::default(), &form).await;
    assert_eq!(no_cookies.status(), StatusCode::BAD_REQUEST);
    assert!(text(no_cookies).await.contains("Allow cookies"));
    let mut other = Browser::default();
    world.get(&mut other, path::SIGN_IN).await;
    assert_eq!(
        world.post_form(&mut other, &form).await.status(),
        StatusCode::BAD_REQUEST
    );

    let before = browser.clone();
    assert_eq!(
        world.post_form(&mut browser, &form).await.status(),
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        world.post_form(&mut before.clone(), &form).await.status(),
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_session_needs_both_cookies_whole() {
    let world = World::new().await;
    let browser = world.signed_in(ANNA).await;
    assert_eq!(world.status(&browser).await, 200);
    for name in ["__Host-whimbrel", "__Host-whimbrel-key"] {
        let mut changed = browser.clone();
        let value = changed.cookie(name);
        let first = if value.starts_with('A') { "B" } else { "A" };
        value.replace_range(..1, first);
        assert_eq!(world.status(&changed).await, 401, "{name}");
        let mut missing = browser.clone();
        missing.cookies.retain(|(known, _)| known != name);
        assert_eq!(world.status(&missing).await, 401, "{name}");
    }
}

#[tokio::test]
async fn a_session_that_was_in_use_a_moment_ago_ends_at_once() {
    let world = World::new().await;
    let mut browser = world.signed_in(ANNA).await;
    let (stolen, other) = (browser.clone(), world.signed_in(ANNA).await);
    for _ in 0..3 {
        assert_eq!(world.status(&stolen).await, 200);
    }
    let out = world.json(&mut browser, Method::DELETE, "").await;
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    assert_eq!(world.status(&stolen).await, 401);
    assert_eq!(world.status(&other).await, 200, "another session stays");
}

#[tokio::test]
async fn a_row_changed_or_copied_in_the_database_opens_nothing() {
    let world = World::new().await;
    let (anna, berta) = (
        world.signed_in(ANNA).await,
        world
            .signed_in("address=berta%40example.org&password=right")
            .await,
    );
    let pool = &world.app.store.pool;
    let rows: Vec<(String, String)> = sqlx::query_as("SELECT id_hash, record FROM sessions")
        .fetch_all(pool)
        .await
        .unwrap();
    let write = async |record: &str, id_hash: &str| {
        sqlx::query("UPDATE sessions SET record = $1 WHERE id_hash = $2")
            .bind(record)
            .bind(id_hash)
            .execute(pool)
            .await
            .unwrap();
        world.app.auth.clock.advance(20); // nothing is remembered longer
        (world.status(&anna).await, world.status(&berta).await)
    };
    write(&rows[0].1, &rows[1].0).await;
    assert_eq!(write(&rows[1].1, &rows[0].0).await, (401, 401));
    write(&rows[0].1, &rows[0].0).await;
    assert_eq!(write(&rows[1].1, &rows[1].0).await, (200, 200));
    let mut changed = rows[0].1.clone();
    let (id, sealed) = rows[0].1.split_once('.').unwrap();
    let first = if sealed.starts_with('A') { "B" } else { "A" };
    changed.replace_range(id.len() + 1..id.len() + 2, first);
    let (anna, berta) = write(&changed, &rows[0].0).await;
    assert_eq!(anna.min(berta), 200);
    assert_eq!(anna.max(berta), 401);
}

#[tokio::test]
async fn neither_password_nor_address_lies_in_the_data_folder() {
    let world = World::new().await;
    world
        .signed_in("address=canary-name%40example.org&password=right")
        .await;
    for file in std::fs::read_dir(world.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let holds = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
        assert!(
            !holds(b"canary-name") && !holds(b"right"),
            "{}",
            path.display()
        );
    }
}

#[tokio::test]
async fn sessions_outlive_a_restart_and_another_secret_if_they_are_used_while_the_old_is_known() {
    let folder = TemporaryFolder::new();
    let (first, other) = (folder.path().join("secret"), folder.path().join("other"));
    std::fs::write(&other, [7; 32]).unwrap();
    let other = format!("secret_file = \"{}\"\n", other.display());
    let both = format!("{other}old_secret_files = [\"{}\"]", first.display());
    let world = World::in_folder(folder, "").await;
    let (browser, unused) = (world.signed_in(ANNA).await, world.signed_in(ANNA).await);
    let World { app, folder, .. } = world;
    app.store.close().await;
    drop(app);
    // the account is the same only at the same mail server, so the port is of no matter here
    let world = World::in_folder(folder, "").await;
    assert_eq!(world.status(&browser).await, 200);
    let World { app, folder, .. } = world;
    app.store.close().await;
    let world = World::in_folder(folder, &both).await;
    assert_eq!(world.status(&browser).await, 200, "the old secret opens it");
    let World { app, folder, .. } = world;
    app.store.close().await;
    let world = World::in_folder(folder, &other).await;
    assert_eq!(world.status(&browser).await, 200, "it was sealed anew");
    assert_eq!(world.status(&unused).await, 401);
}

#[tokio::test]
async fn an_unused_session_ends_and_polling_is_no_use() {
    let world = World::new().await;
    let shared = world.signed_in(&format!("{ANNA}&shared=yes")).await;
    for _ in 0..3 {
        world.app.auth.clock.advance(9 * 60);
        assert_eq!(world.status(&shared).await, 200, "used every nine minutes");
    }
    for _ in 0..2 {
        world.app.auth.clock.advance(5 * 60);
        let poll = Request::get(path::SESSION).header(path::CSRF_HEADER, path::BACKGROUND);
        let poll = poll.body(Body::empty()).unwrap();
        world.send(&mut shared.clone(), poll).await;
    }
    assert_eq!(world.status(&shared).await, 401, "polled only");
    assert_eq!(world.app.auth.sessions.sweep().await.unwrap().len(), 1);

    let ordinary = world.signed_in(ANNA).await;
    world.app.auth.clock.advance(6 * 24 * 3600);
    assert_eq!(world.status(&ordinary).await, 200);
    world.app.auth.clock.advance(7 * 24 * 3600);
    assert_eq!(world.status(&ordinary).await, 401);
}

#[tokio::test]
async fn every_session_ends_some_day() {
    let world = World::new().await;
    let shared = world.signed_in(&format!("{ANNA}&shared=yes")).await;
    let ordinary = world.signed_in(ANNA).await;
    for _ in 0..8 * 6 {
        assert_eq!(world.status(&shared).await, 200);
        world.app.auth.clock.advance(595);
    }
    world.app.auth.clock.advance(300);
    assert_eq!(world.status(&shared).await, 401);
    for _ in 0..29 {
        assert_eq!(world.status(&ordinary).await, 200);
        world.app.auth.clock.advance(24 * 3600);
    }
    world.app.auth.clock.advance(24 * 3600);
    assert_eq!(world.status(&ordinary).await, 401);
}

#[tokio::test]
async fn a_shared_computer_keeps_no_cookie_beyond_the_browser() {
    let world = World::new().await;
    let mut browser = Browser::default();
    let answer = world
        .sign_in(&mut browser, &format!("{ANNA}&shared=yes"))
        .await;
    for line in answer.headers().get_all(header::SET_COOKIE) {
        let line = line.to_str().unwrap();
        assert!(
            !line.contains("Max-Age") || line.contains("Max-Age=0"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn signing_in_again_in_place_gives_a_new_session_of_the_same_account_only() {
    let world = World::new().await;
    let mut browser = world.signed_in(ANNA).await;
    let before = browser.clone();
    let berta = r#"{"address":"berta@example.org","password":"right"}"#;
    let answer = world.json(&mut browser, Method::POST, berta).await;
    assert_eq!(error(answer).await, (403, ErrorCode::NotPermitted));

    let anna = r#"{"address":" anna@EXAMPLE.org ","password":"right","shared":true}"#;
    let answer = world.json(&mut browser, Method::POST, anna).await;
    let info: SessionInfo = serde_json::from_str(&text(answer).await).unwrap();
    assert!(info.shared);
    assert_eq!(
        (world.status(&before).await, world.status(&browser).await),
        (401, 200)
    );

    // a page of another account learns that these cookies are not its own
    let mut request = Request::get(path::SESSION).header(path::ACCOUNT_HEADER, "another");
    let answer = world
        .send(&mut browser, request.body(Body::empty()).unwrap())
        .await;
    assert_eq!(error(answer).await, (401, ErrorCode::SignedOut));
    request = Request::get(path::SESSION).header(path::ACCOUNT_HEADER, &info.account_id);
    let answer = world
        .send(&mut browser, request.body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_mail_server_that_is_down_costs_no_attempt() {
    let world = World::in_folder(TemporaryFolder::new(), "").await;
    let mut down = World::in_folder(TemporaryFolder::new(), "").await;
    drop(world);
    let folder = TemporaryFolder::new();
    let config = Config::parse(&format!(
        "imap_url = \"imap://127.0.0.1:1\"\nsmtp_url = \"smtp://127.0.0.1:1\"\ndata_dir = \"{}\"",
        folder.path().display()
    ))
    .unwrap();
    down.app = state::start(config).await.unwrap();
    down.router = router(AppState::clone(&down.app));
    let mut browser = Browser::default();
    for _ in 0..8 {
        let answer = down.sign_in(&mut browser, ANNA).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(text(answer).await.contains("cannot be reached"));
    }
}

#[test]
fn ten_thousand_ids_are_all_different() {
    let ids: std::collections::HashSet<_> = (0..10_000)
        .map(|_| tower_sessions::session::Id::default().to_string())
        .collect();
    assert_eq!(ids.len(), 10_000);
    assert!(ids.iter().all(|id| id.len() == 22));
}

#[tokio::test]
async fn who_signs_in_by_a_bare_name_signs_in_again_as_the_same_person() {
    let world = World::new().await;
    let mut browser = world.signed_in("address=anna&password=right").await;
    let info: SessionInfo =
        serde_json::from_str(&text(world.get(&mut browser, path::SESSION).await).await).unwrap();
    assert_eq!(
        (info.user.as_str(), info.address.as_str()),
        ("anna", "anna@example.org")
    );
    let again = format!(r#"{{"address":"{}","password":"right"}}"#, info.user);
    let answer = world.json(&mut browser, Method::POST, &again).await;
    let renewed: SessionInfo = serde_json::from_str(&text(answer).await).unwrap();
    assert_eq!(renewed, info);
}
