//! Every URL of Whimbrel stands in `shared/src/path.rs`, once.

use crate::{
    Complaints, hold, must_complain, must_pass,
    sources::{self, Source},
};

const URLS: [&str; 6] = [
    "/api",
    "/mail",
    "/sign-in",
    "/sign-out",
    "/healthz",
    "/readyz",
];

fn urls(file: &Source) -> Complaints {
    let is_ours = ["server/src/", "frontend/"]
        .iter()
        .any(|dir| file.path.starts_with(dir));
    if !is_ours {
        return Complaints::new();
    }
    let is_url = |text: &&String| {
        URLS.iter().any(|url| {
            let rest = text.strip_prefix(url);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '{']))
        })
    };
    let found = file.shipped.literals.iter().filter(is_url);
    found
        .map(|url| format!("writes a URL by hand: {url}"))
        .collect()
}

#[test]
fn urls_stand_in_one_place() {
    hold(&sources::rust(), urls);
    must_complain("frontend/src/api.rs", "get(\"/api/session\")", urls);
    must_complain("server/src/routes/x.rs", "format!(\"/mail/{id}\")", urls);
    must_pass("server/src/routes/x.rs", "\"/mailman\" // \"/api\"", urls);
}
