//! Letters and what they stand on: neither stays without the other.

use super::{assert_style, declarations};
use crate::message::sanitize::html;

#[test]
fn colours_of_all_functions_stay() {
    for color in [
        "oklch(0.546 0.245 262.9)",
        "oklch(54.6% 0.245 262.9deg / 50%)",
        "oklab(0.4 0.1 -0.1)",
        "lab(29.2% 39.3 20)",
        "lch(29.2% 44.2 27)",
        "hwb(194 0% 0%)",
        "color(srgb 0.2 0.4 0.6)",
    ] {
        let css = format!("background-color:{color};color:#fff");
        assert_style(&css, &css);
        let css = format!("background:linear-gradient({color},#000)");
        assert_style(&css, &css);
    }
    assert_style(
        "color:color(display-p3 0 0.5 1)",
        "color:color(srgb 0 0.5 1)",
    );
    for unread in [
        "color:oklch(red)",
        "color:oklch(0.5,0.2,30)",
        "color:lab(from var(--x) l a b)",
        "color:color(display-p3 red)",
        "color:oklch(url(x) 1 1)",
    ] {
        assert_eq!(declarations(unread), "", "{unread}");
    }
}

#[test]
fn letters_lose_their_colour_with_the_background_they_were_meant_for() {
    for (css, kept) in [
        ("background:var(--x);color:#fff;margin:0", "margin:0"),
        ("color:#fff!important;background-color:var(--x)", ""),
        (
            "background-image:-webkit-linear-gradient(#000,#111);color:#fff",
            "",
        ),
        (
            "background:#000;background:-webkit-linear-gradient(#000,#111);color:#fff",
            "background:#000;color:#fff",
        ),
        (
            "background-image:none;background:var(--x);color:#fff",
            "background-image:none",
        ),
        // What browsers overlook too.
        ("background-color:;color:#fff", "color:#fff"),
        ("background:#;color:#fff", "color:#fff"),
        ("width:var(--x);color:#fff", "color:#fff"),
    ] {
        assert_style(css, kept);
    }
}

#[test]
fn new_colours_are_turned_for_the_dark_once() {
    let nobody = &mut |_: &str| None;
    let letter = "<p style='background:oklch(0.98 0.01 260);color:lab(10 0 0)'>x</p>";
    let once = html(letter, nobody);
    let written = once.html.as_str();
    assert!(written.contains("background:light-dark(oklch(0.98 0.01 260),#"));
    assert!(written.contains("color:light-dark(lab(10 0 0),#"));
    assert_eq!(html(written, nobody).html, once.html);
}
