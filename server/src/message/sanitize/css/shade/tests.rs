//! What becomes of colours in the dark, and that words can still be read there.

use csscolorparser::Color;
use proptest::prelude::*;

use super::{Use, luminance, of, read, turned};
use crate::message::sanitize::css::{self, Budget};

fn in_the_dark(sent: &str, for_use: Use) -> String {
    let Some(pair) = turned(sent, for_use) else {
        return sent.to_owned();
    };
    let start = format!("light-dark({sent},");
    let dark = pair
        .strip_prefix(&start)
        .unwrap_or_else(|| panic!("{pair}"));
    dark.trim_end_matches(')').to_owned()
}

fn color(written: &str) -> Color {
    read(written).unwrap_or_else(|| panic!("{written} is a colour"))
}

/// The contrast of WCAG 2.2, from 1 to 21.
fn contrast(one: &str, other: &str) -> f32 {
    let (one, other) = (luminance(&color(one)), luminance(&color(other)));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn lightness(written: &str) -> f32 {
    let [lightness, ..] = color(written).to_oklcha();
    lightness
}

/// How far the hues of two colours are apart, in degrees.
fn turn_of_hue(one: &str, other: &str) -> f32 {
    let [_, _, one, _] = color(one).to_oklcha();
    let [_, _, other, _] = color(other).to_oklcha();
    let apart = (one - other).to_degrees().rem_euclid(360.0);
    apart.min(360.0 - apart)
}

#[test]
fn black_on_white_becomes_the_ink_and_ground_of_the_app() {
    assert_eq!(in_the_dark("white", Use::Ground), "#151d1f");
    assert_eq!(in_the_dark("#000", Use::Ink), "#e4ebeb");
    assert_eq!(in_the_dark("#ffffff", Use::Line), "#151d1f");
}

#[test]
fn what_is_dark_already_stays() {
    for ground in [
        "#000", "#222", "#16211f", "navy", "#0b6470", "#7a1f3d", "#5c2d91",
    ] {
        assert_eq!(in_the_dark(ground, Use::Ground), ground);
    }
    for ink in ["#fff", "#ccc", "orange", "#66c3cd", "yellow"] {
        assert_eq!(in_the_dark(ink, Use::Ink), ink);
    }
}

#[test]
fn white_cards_lie_above_grey_pages() {
    let greys = ["#fff", "#fafafa", "#f4f4f4", "#eee", "#ddd", "#ccc", "#bbb"];
    let dark = greys.map(|grey| lightness(&in_the_dark(grey, Use::Ground)));
    assert!(dark.is_sorted_by(|card, page| card > page), "{dark:?}");
}

#[test]
fn lines_are_seen_on_what_was_white() {
    let ground = in_the_dark("#fff", Use::Ground);
    for line in ["#e5e5e5", "#ddd", "#ccc", "#000", "#333", "#999"] {
        let seen = contrast(&in_the_dark(line, Use::Line), &ground);
        assert!(
            seen >= contrast(line, "#fff").min(3.0) * 0.7,
            "{line}: {seen}"
        );
    }
    // The edge of a button is as the button.
    for brand in ["#0b6470", "#ff6600", "#0d6efd", "#ffcc00"] {
        assert_eq!(
            in_the_dark(brand, Use::Line),
            in_the_dark(brand, Use::Ground)
        );
    }
}

#[test]
fn hues_are_kept() {
    for sent in [
        "#ff6600", "#ffcc00", "#00c853", "#90caf9", "#e53935", "#f48fb1",
    ] {
        let apart = turn_of_hue(sent, &in_the_dark(sent, Use::Ground));
        assert!(apart < 4.0, "the ground {sent}: {apart}");
    }
    for sent in [
        "#0000ee", "#0b6470", "#8b0000", "#1b5e20", "#4a148c", "#7a4a00",
    ] {
        let apart = turn_of_hue(sent, &in_the_dark(sent, Use::Ink));
        assert!(apart < 4.0, "the ink {sent}: {apart}");
    }
}

#[test]
fn colours_are_turned_where_they_stand() {
    let turned = |css: &str| css::declarations(css, &mut Budget::new(true), &mut |_: &str| None);
    for (css, kept) in [
        (
            "color:#000;background:#FFF",
            "color:light-dark(#000,#e4ebeb);background:light-dark(#fff,#151d1f)",
        ),
        (
            "color:WHITE;background-color:black!important",
            "color:white;background-color:black!important",
        ),
        (
            "background:linear-gradient(to right,white 0%,rgba(255,255,255,.5))",
            "background:linear-gradient(to right,light-dark(white,#151d1f) 0%,\
             light-dark(rgba(255,255,255,0.5),#151d1f80))",
        ),
        (
            "background:url(x.png) #fff",
            "background:none light-dark(#fff,#151d1f)",
        ),
        (
            "border:1px solid hsl(0,0%,100%)",
            "border:1px solid light-dark(hsl(0,0%,100%),#151d1f)",
        ),
        (
            "text-decoration:underline black",
            "text-decoration:underline light-dark(black,#e4ebeb)",
        ),
        ("box-shadow:0 1px 2px #000", "box-shadow:0 1px 2px #000"),
        ("font-family:Black,White", "font-family:Black,White"),
    ] {
        assert_eq!(turned(css), kept);
        assert_eq!(turned(kept), kept);
        assert!(css::is_own(kept), "{kept}");
    }
    for stays in [
        "color:inherit",
        "color:currentcolor",
        "color:windowtext",
        "background:transparent",
        "background:none",
        "background-color:initial",
        "background:rgba(255,255,255,0)",
        "color:rgb(1 2 3 4 5)",
        "color:rgb(calc(1px),0,0)",
    ] {
        assert_eq!(turned(stays), stays);
    }
}

#[test]
fn a_sender_may_write_a_pair_of_plain_colours_too() {
    let read = |css: &str| css::declarations(css, &mut Budget::new(true), &mut |_: &str| None);
    for pair in [
        "color:light-dark(#fff,black)",
        "background:light-dark(rgb(1 2 3 / 40%),hsl(1deg,2%,3%))",
        "background:linear-gradient(light-dark(#fff,#000),red)",
    ] {
        assert!(
            read(pair).starts_with(pair.split_once(')').unwrap_or_default().0),
            "{pair}"
        );
        assert_eq!(read(&read(pair)), read(pair));
    }
    for odd in [
        "color:light-dark(#fff)",
        "color:light-dark(#fff,#000,#fff)",
        "color:light-dark(#fff,light-dark(#000,#fff))",
        "color:light-dark(light-dark(#000,#fff),#fff)",
        "color:rgb(light-dark(1,2),0,0)",
        "background:light-dark(url(a),url(b))",
        "background:light-dark(linear-gradient(red,red),red)",
        "width:calc(light-dark(1px,2px))",
        "color:light-dark(1px,2px)",
    ] {
        assert_eq!(read(odd), "", "{odd}");
    }
}

#[test]
fn a_value_with_many_colours_is_still_read_when_they_are_two_each() {
    let colors = vec!["#fff"; 149].join(",");
    let css = format!("background:linear-gradient({colors})");
    let written = css::declarations(&css, &mut Budget::new(true), &mut |_: &str| None);
    assert!(written.matches("light-dark").count() == 149 && css::is_own(&written));
}

/// Words as letters have them, on grounds as they have them.
const INKS: [&str; 22] = [
    "#000", "#111", "#222", "#333", "#444", "#555", "#666", "#767676", "#999", "#ccc", "#fff",
    "#0000ee", "#0b6470", "#0d6efd", "#c00", "#8b0000", "#1b5e20", "#4a148c", "#ff6600", "#ffcc00",
    "#16211f", "#1f497d",
];
const GROUNDS: [&str; 26] = [
    "#fff", "#fafafa", "#f4f4f4", "#eee", "#ddd", "#ccc", "#aaa", "#888", "#666", "#333", "#000",
    "#fff3cd", "#d1e7dd", "#e8f4fd", "#f8d7da", "#ffcc00", "#ffff00", "#ff6600", "#28a745",
    "#0d6efd", "#0b6470", "#dc3545", "#90caf9", "#00ffff", "#5c2d91", "#002244",
];

#[track_caller]
fn assert_readable(ink: &str, ground: &str) {
    let sent = contrast(ink, ground);
    let dark = contrast(
        &in_the_dark(ink, Use::Ink),
        &in_the_dark(ground, Use::Ground),
    );
    assert!(
        dark >= sent.min(4.5) - 0.05,
        "{ink} on {ground}: {sent} as sent, {dark} in the dark"
    );
}

#[test]
fn what_could_be_read_can_be_read_in_the_dark() {
    for ground in GROUNDS {
        for ink in INKS {
            assert_readable(ink, ground);
        }
    }
}

#[test]
fn properties_are_known_by_what_their_colours_are_for() {
    for (property, for_use) in [
        ("color", Some(Use::Ink)),
        ("text-decoration-color", Some(Use::Ink)),
        ("background-image", Some(Use::Ground)),
        ("border-left-color", Some(Use::Line)),
        ("box-shadow", None),
        ("text-shadow", None),
    ] {
        assert_eq!(of(property), for_use, "{property}");
    }
}

proptest! {
    #[test]
    fn whatever_could_be_read_can_be_read_in_the_dark(ink: [u8; 3], ground: [u8; 3]) {
        let hex = |[r, g, b]: [u8; 3]| format!("#{r:02x}{g:02x}{b:02x}");
        assert_readable(&hex(ink), &hex(ground));
    }

    #[test]
    fn no_colour_is_too_strange(written in "(#|rgb|rgba|hsl|hsla)[(]?((from|none|calc\\(|-?[0-9.]{1,9}(e9|deg|turn|%)?|[,/ )]|#fff|r|alpha)){0,9}[)]?") {
        for for_use in [Use::Ground, Use::Ink, Use::Line] {
            if let Some(pair) = turned(&written, for_use) {
                let dark = pair.rsplit_once(",#").map(|(_, dark)| dark.len());
                prop_assert!(matches!(dark, Some(7 | 9)), "{}", pair);
            }
        }
    }
}
