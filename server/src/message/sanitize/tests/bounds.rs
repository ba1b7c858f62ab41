//! No shape of HTML takes long, and what is too much of it is cut.

use std::time::Instant;

use super::{clean, html};

/// How long a letter of this shape takes at best; the point is that none takes quadratic time.
#[track_caller]
fn assert_quick(what: &str, hostile: &str, milliseconds: u128) {
    let mut best = u128::MAX;
    for _ in 0..5 {
        let began = Instant::now();
        let _ = clean(hostile);
        best = best.min(began.elapsed().as_millis());
        if best < milliseconds {
            return;
        }
    }
    panic!("{what}: {best} ms");
}

#[test]
fn no_shape_is_slow() {
    // About 80 ms unoptimised on an idle machine; 10,800 ms before depth was capped.
    assert_quick("nested div", &"<div>".repeat(110_000), 1_000);
    for (what, piece) in [
        ("nested blockquote", "<blockquote>x"),
        ("nested table", "<table><tr><td>"),
        ("unclosed fonts", "<font color=a>x<p>"),
        ("stray text in table", "<table>x<br>"),
        ("end tags", "</div></p></b>"),
        ("open comment", "<!-- --!>"),
        ("half tags", "<a href=\"x "),
        ("half ends", "</<</"),
        ("addresses in brackets", "<a@b<a "),
        ("endless document types", "<!doctype [<!doctype [>"),
        ("choices", "<select><option>x<option selected>y"),
        ("raw text", "<style></styl</style>"),
        ("endless raw text", "<style>a<script>b<title>c</styl"),
        ("endless comment", "<!-- --x>"),
        ("styles", "<p style='color:red;font:1px/2 \"a\",b'>"),
        ("sheets", "<style>@media screen{a>b{color:red</style>"),
        ("addresses", "<i style='x:url('>"),
        ("entities", "&&#&#x&amp"),
        ("ampersands", "&"),
        ("blanks", "\u{a0}"),
        (
            "links",
            "<a href='https://x.example/?&&&&&&&&&&&&&&&&'>x</a>",
        ),
        ("misnesting", "<a><b><a><i></b><table></a>"),
    ] {
        assert_quick(what, &piece.repeat(60_000 / piece.len()), 4_000);
    }
    let attributes: String = (0..80_000).map(|i| format!(" a{i}")).collect();
    assert_quick("attributes", &format!("<p{attributes}>x"), 500);
}

#[test]
fn too_much_is_cut_with_a_word() {
    let cleaned = html(&"<b>x</b>".repeat(150_000), &mut |_: &str| None);
    assert_eq!(cleaned.defects.len(), 1);
    let letter = format!("<style>{}</style>x", "a{color:red}".repeat(60_000));
    let cleaned = html(&letter, &mut |_: &str| None);
    assert_eq!(
        cleaned.defects,
        ["The text has too many styles; some were left out."]
    );
    assert_eq!(cleaned.html.as_str(), "x");
}
