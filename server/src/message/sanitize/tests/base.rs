//! Addresses that are relative to one that the letter gives.

use url::Url;

use super::{clean, html};
use crate::message::sanitize::Pictures;

/// The links of a letter with this base, by where they lead.
fn led(base: &str, href: &str) -> String {
    let cleaned = clean(&format!("<base href=\"{base}\"><a href=\"{href}\">x</a>"));
    assert!(!cleaned.contains("<base"), "{cleaned}");
    assert_eq!(clean(&cleaned), cleaned);
    let link = cleaned.split("href=\"").nth(1).unwrap_or_default();
    link.split('"').next().unwrap_or_default().to_owned()
}

#[test]
fn relative_links_lead_where_the_letter_says() {
    let news = "https://news.example/2026/index.html?a=b";
    for (href, led_to) in [
        ("may", "https://news.example/2026/may"),
        ("/all?x=y", "https://news.example/all?x=y"),
        ("../2025/", "https://news.example/2025/"),
        ("?page=2", "https://news.example/2026/index.html?page=2"),
        ("https://x.example/", "https://x.example/"),
        ("//x.example/", "https://x.example/"),
        ("www.x.example", "http://www.x.example/"),
        ("info@x.example", "mailto:info@x.example"),
        ("/\\x.example/a", "https://x.example/a"),
        ("#top", ""),
        ("", ""),
        ("javascript:alert(1)", ""),
    ] {
        assert_eq!(led(news, href), led_to, "{href}");
    }
    assert_eq!(
        led("http://user:secret@x.example", "a"),
        "http://x.example/a"
    );
    for base in [
        "javascript:x",
        "data:text/html,x",
        "/a",
        "cid:x",
        "",
        "//x.example",
    ] {
        assert_eq!(led(base, "a"), "", "{base}");
    }
    let long = format!("https://x.example/{}/", "x".repeat(9_000));
    assert_eq!(led(&long, "a"), "");
}

#[test]
fn the_first_base_counts() {
    let letter = "<base target=_blank><base href=https://one.example/><base href=https://two.example/>\
                  <a href=a>two.example</a>";
    let cleaned = clean(letter);
    assert!(
        cleaned.contains("href=\"https://one.example/a\""),
        "{cleaned}"
    );
    assert!(cleaned.contains("(leads to one.example)"), "{cleaned}");
}

/// Remembers for which pictures it was asked.
#[derive(Default)]
struct Asked(Vec<String>);

impl Pictures for Asked {
    fn within(&mut self, _: &str) -> Option<String> {
        None
    }

    fn elsewhere(&mut self, url: &Url) -> Option<String> {
        self.0.push(url.to_string());
        Some(format!("/api/remote/{}", self.0.len()))
    }
}

#[test]
fn relative_pictures_are_pictures_from_elsewhere() {
    let letter = "<base href=https://news.example/a/><img src=b.png><table background=/c.png><td>\
                  <p style='background:url(d.png)'>x";
    let mut asked = Asked::default();
    let cleaned = html(letter, &mut asked);
    assert!(cleaned.has_remote_content);
    assert_eq!(
        asked.0,
        [
            "https://news.example/a/b.png",
            "https://news.example/c.png",
            "https://news.example/a/d.png"
        ]
    );
    assert!(!cleaned.html.as_str().contains("news.example"));
}

#[test]
fn a_base_is_repeated_so_often_and_no_more() {
    let long = format!("<base href=\"https://news.example/{}/\">", "a".repeat(250));
    let cleaned = clean(&(long + &"<a href=b>x</a>".repeat(20_000)));
    assert!(cleaned.len() < 4_000_000, "{}", cleaned.len());
    assert!(cleaned.matches("href=").count() > 3_000);
}

#[test]
fn backgrounds_below_a_base_are_told_of() {
    for wants in [
        "<style>td{background:url(bg.png)}</style>",
        "<body background=bg.png>x",
    ] {
        let letter = format!("<base href=https://n.example/>{wants}");
        let cleaned = html(&letter, &mut |_: &str| None);
        assert!(cleaned.has_remote_content, "{wants}");
    }
}
