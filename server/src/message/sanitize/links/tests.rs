//! Links that show one thing and lead to another, and honest ones.

use super::read;
use crate::message::sanitize;

/// What is told behind a link with this text; `|` stands for the edge of an element, `\n` for that of a block.
fn told(href: &str, text: &str) -> Option<String> {
    let mut link = read(href).unwrap();
    for (line, text) in text.split('\n').enumerate() {
        if line > 0 {
            link.passes(true);
        }
        for (piece, text) in text.split('|').enumerate() {
            if piece > 0 {
                link.passes(false);
            }
            link.reads(text);
        }
    }
    link.warning()
}

#[test]
fn only_harmless_links_pass() {
    for (value, kept) in [
        (
            "https://example.org/a?b=c&d",
            Some("https://example.org/a?b=c&d"),
        ),
        ("//example.org", Some("https://example.org/")),
        (
            "mailto:a@example.org?subject=x",
            Some("mailto:a@example.org?subject=x"),
        ),
        (" \u{1}java\nscript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("vbscript:x", None),
        ("data:text/html,<script>", None),
        (
            "www.shop.example/deal",
            Some("http://www.shop.example/deal"),
        ),
        ("WWW.shop.example", Some("http://www.shop.example/")),
        ("info@shop.example", Some("mailto:info@shop.example")),
        (
            "info@shop.example?subject=Hi",
            Some("mailto:info@shop.example?subject=Hi"),
        ),
        ("javascript:x@shop.example", None),
        ("@shop.example", None),
        ("/relative", None),
        ("#anchor", None),
        ("https:", None),
        ("https://аpple.com/", Some("https://xn--pple-43d.com/")),
        (
            "https://bank.example:pass@evil.example/x",
            Some("https://evil.example/x"),
        ),
        (
            "https:\\\\evil.example\\bank.example",
            Some("https://evil.example/bank.example"),
        ),
    ] {
        assert_eq!(
            read(value).map(|link| link.href).as_deref(),
            kept,
            "{value}"
        );
    }
}

#[test]
fn the_real_target_is_told() {
    let long = format!("https://evil.example/{}", "a".repeat(200));
    let deep = format!("https://{}evil.example/", "bank.example.".repeat(15));
    for (value, title) in [
        (
            "https://fenwick.example/a?b=c",
            "https://fenwick.example/a?b=c",
        ),
        (
            "http://fenwick.example:8080",
            "http://fenwick.example:8080/",
        ),
        (
            "https://www.bank.example@evil.example/",
            "https://evil.example/",
        ),
        ("https://bücher.example/", "https://bücher.example/"),
        (
            "https://fenwіck.example/",
            "https://xn--fenwck-svf.example/",
        ),
        ("https://аррӏе.com/", "https://xn--80ak6aa92e.com/"),
        ("https://0x7f.1/", "https://127.0.0.1/"),
        (
            "mailto:Ada%40fenwick.example",
            "Write to ada@fenwick.example",
        ),
        (
            "mailto:ada@fenwick.example?cc=bo@curlew.example",
            "Write to ada@fenwick.example and 1 more",
        ),
        ("mailto:?subject=x", "Write to nobody yet"),
        ("tel:+49%2030", "Call +49 30"),
    ] {
        assert_eq!(read(value).unwrap().title(), title, "{value}");
    }
    let title = read(&long).unwrap().title();
    assert!(
        title.ends_with("aaa…") && title.chars().count() < 100,
        "{title}"
    );
    let title = read(&deep).unwrap().title();
    assert!(
        title.ends_with(".evil.example/") && title.starts_with("https://…"),
        "{title}"
    );
}

#[test]
fn a_text_that_shows_another_host_is_told() {
    for text in [
        "bank.example",
        "https://bank.example/login",
        "Please go to www.bank.example now.",
        "(bank.example)",
        "HTTPS://BANK.EXAMPLE:443/",
        "https://evil.example@bank.example/",
        "https:\\\\bank.example",
        "bank\u{ad}.exa\u{200b}mple",
        "bank\n.example",
        "bank。example",
        "ｂａｎｋ．ｅｘａｍｐｌｅ",
        "\u{202e}elpmaxe.knab",
        "service@bank.example",
        "bank.example or evil.example",
        "bank|.|example",
        "evil.example/|bank.example",
        "|https://evil.example#||bank.example|",
        "bank.co.uk",
        "evil.bank.com",
        "http://192.0.2.1/",
        "notes.md",
        "paypal.md",
        "install.bank.sh",
        "readme.md/login",
        "BANK.NET",
        "bank.NET",
        "ASP.NET.bank.example",
    ] {
        let told = told("https://evil.example/x", text);
        assert_eq!(told.as_deref(), Some("(leads to evil.example)"), "{text:?}");
    }
    let hidden = format!("{}bank.example", "x ".repeat(5_000));
    assert!(told("https://evil.example/", &hidden).is_some());
    assert!(told("https://a.github.io/", "b.github.io").is_some());
    let disguised = told("https://fenwіck.example/", "fenwіck.example");
    assert_eq!(
        disguised.as_deref(),
        Some("(leads to xn--fenwck-svf.example)")
    );
}

#[test]
fn an_address_that_is_another_is_told() {
    let write = |text| told("mailto:x@evil.example", text);
    assert_eq!(
        write("ada@fenwick.example").as_deref(),
        Some("(writes to x@evil.example)")
    );
    assert!(write("y@evil.example").is_some());
    assert!(write("fenwick.example").is_some());
    for text in [
        "X@EVIL.example",
        "mailto:x@evil.example",
        "evil.example",
        "Write!",
    ] {
        assert_eq!(write(text), None, "{text}");
    }
    assert!(told("tel:123", "fenwick.example").is_some());
    assert_eq!(told("tel:123", "+1 23.45"), None);
}

#[test]
fn honest_links_are_left_alone() {
    for (href, text) in [
        ("https://www.fenwick.example/a", "fenwick.example"),
        ("https://fenwick.example/", "https://news.fenwick.example/x"),
        ("https://click.mailer.example/x", "Read on"),
        (
            "https://click.mailer.example/x",
            "Version 1.2.3 is out. Get it",
        ),
        ("https://click.mailer.example/x", "It ends here.It begins"),
        ("https://click.mailer.example/x", "e.g. this, etc..."),
        ("https://click.mailer.example/x", "a@b and c.d"),
        ("https://click.mailer.example/x", "12:30"),
        ("https://code.example/tree/notes.md", "notes.md"),
        ("https://code.example/", "README.md, main.rs and setup.py"),
        ("https://code.example/", "Learn ASP.NET with Json.NET"),
        ("https://bücher.example/", "BÜCHER.example"),
        ("https://192.0.2.1/", "http://192.0.2.1"),
        ("https://a.fenwick.co.uk/", "fenwick.co.uk"),
        ("https://fenwick.example/", "|www.||fenwick|.example"),
    ] {
        assert_eq!(told(href, text), None, "{href} {text}");
    }
}

/// Without `target` and `rel`, which every link has.
fn clean(hostile: &str) -> String {
    let clean = |html: &str| sanitize::html(html, &mut |_: &str| None).html;
    let once = clean(hostile);
    assert_eq!(clean(once.as_str()), once, "{hostile}");
    let same = " target=\"_blank\" rel=\"noopener noreferrer nofollow\"";
    once.as_str().replace(same, "")
}

const EVIL: &str = "<a href=\"https://evil.example/\" title=\"https://evil.example/\">";
const LEADS: &str = "</a><small class=\"w-leads\"> (leads to evil.example)</small>";

#[test]
fn what_a_link_shows_is_read_across_elements() {
    for (within, kept) in [
        ("bank<b>.example</b>", "bank<b>.example</b>"),
        ("<img alt='bank.example'>", "<img alt=\"bank.example\">"),
        ("<div>bank.example</a></div>", "<div>bank.example</div>"),
        (
            "<table><td>bank.example</table>",
            "<table><tbody><tr><td>bank.example</td></tr></tbody></table>",
        ),
        ("bank&#46;example", "bank.example"),
        (
            "<i style='font-size:0'>evil.example/</i>bank.example",
            "<i style=\"font-size:0\">evil.example/</i>bank.example",
        ),
    ] {
        let link = format!("<a href=https://evil.example/>{within}</a>!");
        assert_eq!(clean(&link), format!("{EVIL}{kept}{LEADS}!"));
    }
    let first = "<a href=https://evil.example/>bank.example<a href=https://evil.example/>x";
    assert_eq!(
        clean(first),
        format!("{EVIL}bank.example{LEADS}{EVIL}x</a>")
    );
}

#[test]
fn nobody_else_says_where_a_link_leads() {
    let forged = "<a title='https://bank.example/' href=https://evil.example/><b title=x>Hi</b></a>\
        <small class='x w-leads'>(leads to bank.example)</small>";
    assert_eq!(clean(forged), format!("{EVIL}<b>Hi</b></a>"));
    let within = "<a href=https://evil.example/>ba<b class=w-leads>x</b>nk.example</a>";
    assert_eq!(clean(within), format!("{EVIL}bank.example{LEADS}"));
    assert_eq!(
        clean("<body class=w-leads bgcolor=red>x"),
        "<div style=\"background-color:light-dark(red,#c50101)\">x</div>"
    );
    assert_eq!(clean("<a alt=x title=y>z</a>"), "z");
}
