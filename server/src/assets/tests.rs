//! Which file is served, and how packed.

use super::*;

fn request(name: header::HeaderName, value: &str) -> HeaderMap {
    [(name, value.parse().unwrap())].into_iter().collect()
}

#[test]
fn only_names_with_a_hash_are_kept_for_ever() {
    for hashed in [
        "whimbrel-frontend-3f2a1b9c8d7e6f50.js",
        "whimbrel-frontend-3f2a1b9c8d7e6f5_bg.wasm",
        "style/whimbrel-0123456789abcdef.css",
    ] {
        assert!(is_hashed(hashed), "{hashed}");
    }
    for plain in [
        "sw.js",
        "icons.svg",
        "whimbrel-frontend.js",
        "a-deadbeef.js",
        "snippets/x-0123456789abcdef/inline0.js",
    ] {
        assert!(!is_hashed(plain), "{plain}");
    }
    assert!(
        lifetime("sw.js") == "no-cache" && lifetime("a-0123456789abcdef.js").contains("immutable")
    );
}

#[test]
fn a_compressed_form_goes_only_to_those_who_take_it() {
    let accepts =
        |value: &str, encoding| accepts(&request(header::ACCEPT_ENCODING, value), encoding);
    assert!(accepts("gzip, deflate, br, zstd", "br"));
    assert!(accepts("gzip;q=0.5, br; q=1.0", "gzip"));
    assert!(!accepts("gzip, br;q=0", "br"));
    assert!(!accepts("brotli", "br"));
    assert!(!super::accepts(&HeaderMap::new(), "gzip"));
}

#[test]
fn a_known_file_is_not_sent_again() {
    let etag = HeaderValue::from_static("\"abc.br\"");
    assert!(is_known(
        &request(header::IF_NONE_MATCH, "\"x\", W/\"abc.br\""),
        &etag
    ));
    assert!(!is_known(&request(header::IF_NONE_MATCH, "\"abc\""), &etag));
}

const TRUNK: &str = r#"<!doctype html><html><head>
<link rel="stylesheet" href="/whimbrel-0123456789abcdef.css" integrity="sha384-x"/>
<link rel="icon" href="/icon.svg">
<script type="module">
import init, * as bindings from '/app-0123456789abcdef.js';
if (1 < 2) init({ module_or_path: '/app-0123456789abcdef_bg.wasm' });
</script>
<link rel="modulepreload" href="/app-0123456789abcdef.js" crossorigin="anonymous" integrity="sha384-y"><link rel="preload" href="/app-0123456789abcdef_bg.wasm" crossorigin="anonymous" integrity="sha384-z" as="fetch" type="application/wasm"></head>
<body><noscript>Scripts</noscript><script src="/other.js"></script></body></html>"#;

#[test]
fn the_policy_names_just_the_inline_script() {
    let index = index::read(TRUNK).unwrap();
    let start = TRUNK.find("\nimport").unwrap();
    let end = TRUNK.find("</script>").unwrap();
    let expected = policy::app([TRUNK.get(start..end).unwrap()]);
    assert_eq!(index.policy.to_str().unwrap(), expected);
    assert_eq!(expected.matches("sha256-").count(), 1);
}

#[test]
fn the_hints_name_what_the_app_loads() {
    let hints = index::read(TRUNK).unwrap().load_hints;
    let lines: Vec<_> = hints.lines().collect();
    assert_eq!(
        lines,
        [
            r#"<link rel="prefetch" href="/whimbrel-0123456789abcdef.css" as="style">"#,
            r#"<link rel="modulepreload" href="/app-0123456789abcdef.js" crossorigin>"#,
            r#"<link rel="preload" href="/app-0123456789abcdef_bg.wasm" as="fetch" type="application/wasm" crossorigin>"#,
        ]
    );
}
