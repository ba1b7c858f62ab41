//! Who may know whom: the arrows between crates and between the modules of the server and of the app.

use crate::{
    Complaints, hold, must_complain, must_pass,
    sources::{self, Source},
};

/// A name that only some files may use.
struct Keeper {
    name: &'static str,
    within: &'static str,
    allowed: &'static [&'static str],
}

const KEEPERS: [Keeper; 7] = [
    Keeper {
        name: "async_imap",
        within: "",
        allowed: &["server/src/imap"],
    },
    Keeper {
        name: "lettre",
        within: "",
        allowed: &["server/src/smtp"],
    },
    Keeper {
        name: "sqlx",
        within: "",
        allowed: &["server/src/store"],
    },
    Keeper {
        name: "tower_sessions",
        within: "",
        allowed: &["server/src/auth", "server/src/store/sessions"],
    },
    Keeper {
        name: "web_sys",
        within: "",
        allowed: &["frontend/src/browser"],
    },
    Keeper {
        name: "SanitizedHtml::vouched",
        within: "",
        allowed: &["server/src/message/sanitize", "shared/src/sanitized_html"],
    },
    Keeper {
        name: "SanitizedCss::vouched",
        within: "",
        allowed: &["server/src/message/sanitize", "shared/src/sanitized_css"],
    },
];

/// A module, and which modules of the same crate it must not name.
struct Arrow {
    from: &'static str,
    never: &'static [&'static str],
}

const ARROWS: [Arrow; 14] = [
    Arrow {
        from: "server/src/message",
        never: &[
            "routes", "auth", "account", "imap", "smtp", "store", "state", "config", "error",
        ],
    },
    Arrow {
        from: "server/src/imap",
        never: &[
            "routes", "auth", "account", "smtp", "store", "state", "error",
        ],
    },
    Arrow {
        from: "server/src/smtp",
        never: &["routes", "auth", "account", "imap", "state", "error"],
    },
    Arrow {
        from: "server/src/remote",
        never: &[
            "routes", "auth", "account", "imap", "smtp", "store", "state", "error",
        ],
    },
    Arrow {
        from: "server/src/store",
        never: &[
            "routes", "account", "imap", "smtp", "message", "state", "error",
        ],
    },
    Arrow {
        from: "server/src/account",
        never: &["routes", "security"],
    },
    Arrow {
        from: "server/src/auth",
        never: &["routes"],
    },
    Arrow {
        from: "server/src/config",
        never: &[
            "routes", "auth", "account", "imap", "smtp", "store", "state", "error",
        ],
    },
    Arrow {
        from: "frontend/src/ui",
        never: &["components", "pages", "state", "api"],
    },
    Arrow {
        from: "frontend/src/components",
        never: &["pages", "api"],
    },
    Arrow {
        from: "frontend/src/state",
        never: &["pages", "components"],
    },
    Arrow {
        from: "frontend/src/browser",
        never: &["pages", "components", "ui", "state"],
    },
    Arrow {
        from: "frontend/src/api",
        never: &["pages", "components", "ui", "state"],
    },
    Arrow {
        from: "frontend/src/logic",
        never: &["pages", "components", "ui", "state", "browser", "api"],
    },
];

// Plain values that several layers pass on. `Login` is what connections sign in with,
// `Secret` is part of it.
const PLAIN_VALUES: [&str; 2] = ["account::Login", "account::Secret"];

fn kept(file: &Source) -> Complaints {
    KEEPERS
        .iter()
        .filter(|keeper| file.path.starts_with(keeper.within) && !file.is_of_any(keeper.allowed))
        .filter(|keeper| names(&file.shipped.code, keeper.name))
        .map(|keeper| {
            format!(
                "only {} may name {}",
                keeper.allowed.join(" and "),
                keeper.name
            )
        })
        .collect()
}

fn arrows(file: &Source) -> Complaints {
    let used = crate_paths(&file.shipped.code);
    let mut complaints = Complaints::new();
    for arrow in ARROWS.iter().filter(|arrow| file.is_of(arrow.from)) {
        for never in arrow.never {
            let offends = |path: &&String| {
                let is_there = *path == never || path.starts_with(&format!("{never}::"));
                is_there && !PLAIN_VALUES.contains(&path.as_str())
            };
            if let Some(path) = used.iter().find(offends) {
                complaints.push(format!(
                    "{} must not know {never}, but names crate::{path}",
                    arrow.from
                ));
            }
        }
    }
    complaints
}

// Parts that know no mail, and crates that know no browser.
fn strangers(file: &Source) -> Complaints {
    let never: &[&str] = if file.is_of("frontend/src/ui") {
        &["whimbrel_shared", "whimbrel_replica"]
    } else if file.path.starts_with("shared/src/") {
        &["leptos", "tokio", "axum", "wasm_bindgen", "js_sys"]
    } else if file.path.starts_with("frontend/replica/src/") {
        &[
            "leptos",
            "tokio",
            "axum",
            "wasm_bindgen",
            "js_sys",
            "whimbrel_server",
        ]
    } else if file.path.starts_with("server/src/") {
        &["whimbrel_replica", "whimbrel_frontend", "leptos"]
    } else if file.path.starts_with("frontend/src/") {
        &["whimbrel_server"]
    } else {
        &[]
    };
    never
        .iter()
        .filter(|name| names(&file.shipped.code, name))
        .map(|name| format!("must not know {name}"))
        .collect()
}

// Whether `code` has this name as a whole word.
fn names(code: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        !code[..at].ends_with(is_part) && !code[at + name.len()..].starts_with(is_part)
    })
}

// Every path below `crate::`, with groups taken apart: `crate::{a::B, c}` is `a::B` and `c`.
fn crate_paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, word) in code.match_indices("crate::") {
        let rest = &code[at + word.len()..];
        match rest.strip_prefix('{') {
            Some(group) => paths.extend(group_items(group)),
            None => paths.push(path_at_start(rest)),
        }
    }
    paths
}

fn group_items(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut start = 0;
    let mut items = Vec::new();
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items
        .iter()
        .map(|item| path_at_start(item.trim_start()))
        .filter(|path| !path.is_empty())
        .collect()
}

fn path_at_start(text: &str) -> String {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    text[..end.unwrap_or(text.len())]
        .trim_end_matches(':')
        .to_owned()
}

#[test]
fn names_stay_with_their_keepers() {
    hold(&sources::rust(), kept);
    must_complain("server/src/routes/x.rs", "use async_imap::Session;", kept);
    must_complain("frontend/src/ui/x.rs", "fn f(e: web_sys::Event) {}", kept);
    must_complain("server/src/routes/x.rs", "SanitizedHtml::vouched(x)", kept);
    must_complain("server/src/routes/x.rs", "SanitizedCss::vouched(x)", kept);
    must_pass("server/src/imap/x.rs", "use async_imap::Session;", kept);
    must_pass(
        "server/src/routes/x.rs",
        "// async_imap\nlet x = \"async_imap\";",
        kept,
    );
}

#[test]
fn arrows_point_inwards_only() {
    hold(&sources::rust(), arrows);
    must_complain(
        "server/src/imap/x.rs",
        "use crate::{config, account::{Login, Actor}};",
        arrows,
    );
    must_complain("frontend/src/components.rs", "use crate::pages;", arrows);
    must_pass(
        "server/src/imap/x.rs",
        "use crate::{account::Login, message::header};",
        arrows,
    );
}

#[test]
fn strangers_stay_strangers() {
    hold(&sources::rust(), strangers);
    must_complain(
        "frontend/src/ui/x.rs",
        "use whimbrel_shared::Role;",
        strangers,
    );
    must_complain(
        "frontend/replica/src/x.rs",
        "use leptos::prelude::*;",
        strangers,
    );
    must_pass(
        "frontend/src/components/x.rs",
        "use whimbrel_shared::Role;",
        strangers,
    );
}
