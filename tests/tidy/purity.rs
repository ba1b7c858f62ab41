//! Pure in the middle: parsing, building and syncing touch no file, socket, clock or runtime;
//! and only `error` turns failures into HTTP.

use crate::{
    Complaints, hold, must_complain, must_pass,
    sources::{self, Source},
};

const PURE: [&str; 4] = [
    "server/src/message",
    "shared/src",
    "frontend/replica/src",
    "frontend/src/logic",
];

const IMPURE: [&str; 14] = [
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::env",
    "std::process",
    "std::thread",
    "tokio::",
    "Instant::now",
    "SystemTime::now",
    "web_sys::",
    "include_bytes!",
    "sqlx::",
];

fn pure(file: &Source) -> Complaints {
    if !file.is_of_any(&PURE) {
        return Complaints::new();
    }
    let is_there = |name: &&&str| file.shipped.code.contains(**name);
    IMPURE
        .iter()
        .filter(is_there)
        .map(|name| format!("is to be pure, but names {name}"))
        .collect()
}

// The statuses of failures. 404 and 405 of the router itself are axum's.
const FAILURES: [&str; 14] = [
    "BAD_REQUEST",
    "UNAUTHORIZED",
    "FORBIDDEN",
    "NOT_FOUND",
    "CONFLICT",
    "GONE",
    "PAYLOAD_TOO_LARGE",
    "UNPROCESSABLE_ENTITY",
    "TOO_MANY_REQUESTS",
    "INTERNAL_SERVER_ERROR",
    "BAD_GATEWAY",
    "SERVICE_UNAVAILABLE",
    "GATEWAY_TIMEOUT",
    "INSUFFICIENT_STORAGE",
];

// What the failures of axum's own layers are turned into, probes of an operator's, and a page.
const OTHERS: [&str; 4] = [
    "server/src/error",
    "server/src/security/shape",
    "server/src/routes/health",
    "server/src/plain/notice",
];

fn failures_become_http_in_error(file: &Source) -> Complaints {
    if !file.path.starts_with("server/src/") || file.is_of_any(&OTHERS) {
        return Complaints::new();
    }
    FAILURES
        .iter()
        .filter(|name| file.shipped.code.contains(&format!("StatusCode::{name}")))
        .map(|name| format!("only error may name StatusCode::{name}"))
        .collect()
}

#[test]
fn pure_modules_are_pure() {
    hold(&sources::rust(), pure);
    must_complain(
        "server/src/message/x.rs",
        "fn f() { std::fs::read(p) }",
        pure,
    );
    must_complain("frontend/replica/src/x.rs", "use tokio::time;", pure);
    must_pass(
        "server/src/message/x.rs",
        "#[cfg(test)]\nmod tests {\n use std::fs; }",
        pure,
    );
}

#[test]
fn failures_become_http_in_one_place() {
    hold(&sources::rust(), failures_become_http_in_error);
    must_complain(
        "server/src/routes/x.rs",
        "StatusCode::NOT_FOUND",
        failures_become_http_in_error,
    );
    must_pass(
        "server/src/error/x.rs",
        "StatusCode::NOT_FOUND",
        failures_become_http_in_error,
    );
}
