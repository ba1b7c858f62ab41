//! What holds for every route, through the layers.

use axum::{
    Router,
    body::Body,
    routing::{get, post},
};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use whimbrel_shared::{ApiError, ErrorCode, path};

use super::*;
use crate::{error::extract::Json, store::temporary::TemporaryFolder};

fn router() -> Router {
    let folder = TemporaryFolder::new();
    let config = Config::parse(&format!(
        "imap_url = \"imaps://x\"\nsmtp_url = \"smtps://x\"\npublic_url = \"https://mail.example.org\"\ndata_dir = \"{}\"",
        folder.path().display()
    ))
    .unwrap();
    let routes = Router::new()
        .route("/page", get(|| async { "page" }).post(|| async { "taken" }))
        .route(
            "/frame",
            get(|| async { ([(header::CONTENT_SECURITY_POLICY, "own")], "frame") }),
        )
        .route(
            "/api/thing",
            get(|| async { "thing" }).post(|| async { "done" }),
        )
        .route("/api/json", post(|_: Json<Vec<u8>>| async { "read" }))
        .route("/api/panic", get(|| async { panic_with("a subject") }))
        .route("/panic", get(|| async { panic_with("a subject") }))
        .route(
            "/api/words",
            get(|| async { (StatusCode::IM_A_TEAPOT, "plain words") }),
        );
    layer(routes, &config)
}

fn panic_with(words: &str) -> &'static str {
    panic!("{words}")
}

fn request(method: Method, path: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "mail.example.org")
}

async fn send(request: http::request::Builder, body: &str) -> Response<Body> {
    router()
        .oneshot(request.body(Body::from(body.to_owned())).unwrap())
        .await
        .unwrap()
}

async fn code(response: Response<Body>) -> (u16, ErrorCode) {
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let error: ApiError = serde_json::from_slice(&bytes).unwrap();
    (status, error.code)
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    for (path, status) in [
        ("/page", 200),
        ("/nothing", 404),
        ("/api/nothing", 404),
        ("/panic", 500),
        ("/api/panic", 500),
    ] {
        let response = send(request(Method::GET, path), "").await;
        assert_eq!(response.status(), status, "{path}");
        let has = |name: &str, value: &str| {
            assert_eq!(
                response.headers().get(name).map(HeaderValue::as_bytes),
                Some(value.as_bytes()),
                "{path} {name}"
            );
        };
        has("x-content-type-options", "nosniff");
        has("referrer-policy", "no-referrer");
        has("cross-origin-opener-policy", "same-origin");
        has("cross-origin-resource-policy", "same-origin");
        has("strict-transport-security", "max-age=31536000");
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(
            policy.starts_with("default-src 'none'; ") && policy.contains("frame-ancestors 'none'")
        );
        assert!(
            response.headers()["permissions-policy"]
                .to_str()
                .unwrap()
                .contains("camera=()")
        );
        assert!(
            !response
                .headers()
                .contains_key("access-control-allow-origin")
        );
    }
    let frame = send(request(Method::GET, "/frame"), "").await;
    assert_eq!(frame.headers()["content-security-policy"], "own");
}

#[tokio::test]
async fn failures_are_json_for_the_app_and_pages_for_people() {
    assert_eq!(
        code(send(request(Method::GET, "/api/nothing"), "").await).await,
        (404, ErrorCode::NotFound)
    );
    assert_eq!(
        code(send(request(Method::GET, "/api/panic"), "").await).await,
        (500, ErrorCode::Internal)
    );
    assert_eq!(
        code(send(request(Method::GET, "/api/words"), "").await).await,
        (418, ErrorCode::BadRequest)
    );
    let ours = |path| {
        request(Method::POST, path)
            .header("sec-fetch-site", "same-origin")
            .header(path::CSRF_HEADER, "1")
    };
    let wrong = ours("/api/words");
    assert_eq!(
        code(send(wrong, "").await).await,
        (405, ErrorCode::BadRequest)
    );
    let json = |body| {
        let request = ours("/api/json").header(header::CONTENT_TYPE, "application/json");
        async move { code(send(request, body).await).await }
    };
    assert_eq!(json("{").await, (400, ErrorCode::BadRequest));
    assert_eq!(json("[\"a\"]").await, (400, ErrorCode::BadRequest));
    let large = "1".repeat(BODY_LIMIT + 1);
    assert_eq!(json(large.leak()).await, (413, ErrorCode::TooLarge));

    let page = send(request(Method::GET, "/panic"), "").await;
    let bytes = page.into_body().collect().await.unwrap().to_bytes();
    let html = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(
        html.contains("<h1>Something went wrong in Whimbrel.</h1>") && !html.contains("subject")
    );
}

#[tokio::test]
async fn other_hosts_are_not_served() {
    for host in ["evil.example", "mail.example.org.evil.example", ""] {
        let request = Request::get("/page").header(header::HOST, host);
        assert_eq!(
            send(request, "").await.status(),
            StatusCode::MISDIRECTED_REQUEST,
            "{host}"
        );
    }
    let twice = request(Method::GET, "/page").header(header::HOST, "evil.example");
    assert_eq!(
        send(twice, "").await.status(),
        StatusCode::MISDIRECTED_REQUEST
    );
    let absolute = request(Method::GET, "http://evil.example/page");
    assert_eq!(
        send(absolute, "").await.status(),
        StatusCode::MISDIRECTED_REQUEST
    );
    assert_eq!(
        send(Request::get("/page"), "").await.status(),
        StatusCode::MISDIRECTED_REQUEST
    );
}

#[tokio::test]
async fn other_sites_write_nothing_and_read_no_api() {
    let post = |path: &str| request(Method::POST, path);
    let foreign = [
        post("/page"),
        post("/page").header(header::ORIGIN, "https://evil.example"),
        post("/page")
            .header("sec-fetch-site", "cross-site")
            .header(header::ORIGIN, "https://mail.example.org"),
        post("/api/thing").header("sec-fetch-site", "same-origin"),
        post("/api/thing")
            .header("sec-fetch-site", "same-site")
            .header(path::CSRF_HEADER, "1"),
        request(Method::DELETE, "/api/thing")
            .header(header::ORIGIN, "null")
            .header(path::CSRF_HEADER, "1"),
        request(Method::GET, "/api/thing").header("sec-fetch-site", "cross-site"),
    ];
    for request in foreign {
        assert_eq!(send(request, "").await.status(), StatusCode::FORBIDDEN);
    }
    let own = [
        post("/page")
            .header("sec-fetch-site", "same-origin")
            .header(header::ORIGIN, "null"),
        post("/api/thing")
            .header(header::ORIGIN, "https://mail.example.org")
            .header(path::CSRF_HEADER, "1"),
        request(Method::GET, "/api/thing").header("sec-fetch-site", "none"),
        request(Method::GET, "/page").header("sec-fetch-site", "cross-site"),
    ];
    for request in own {
        assert_eq!(send(request, "").await.status(), StatusCode::OK);
    }
}
