//! Colours for the dark, in whole letters.

use proptest::{prelude::*, string::string_regex};

use super::super::{Sanitized, html};

fn read(letter: &str) -> Sanitized {
    html(letter, &mut |_: &str| None)
}

/// A letter in its parts, as markup and sheet, and read again.
#[track_caller]
fn assert_letter(letter: &str, markup: &str, sheet: &str) {
    let once = read(letter);
    assert_eq!(
        (once.html.as_str(), once.css.as_str()),
        (markup, sheet),
        "{letter}"
    );
    assert_eq!(again(&once), once, "{letter}");
}

fn again(once: &Sanitized) -> Sanitized {
    let (css, html) = (once.css.as_str(), once.html.as_str());
    let mut twice = read(&format!("<style>{css}</style>{html}"));
    // A remark about what was left out is not made of what was not.
    twice.defects.clone_from(&once.defects);
    twice.has_remote_content = once.has_remote_content;
    twice
}

#[test]
fn colours_are_written_for_the_dark_as_well() {
    assert_letter(
        "<style>p{color:#000}</style><p style='background:#fff'>Hi",
        "<p style=\"background:light-dark(#fff,#151d1f)\">Hi</p>",
        "p{color:light-dark(#000,#e4ebeb)}",
    );
    assert_letter(
        "<body bgcolor=FFFFFF text=black>Hi",
        "<div style=\"background-color:light-dark(#ffffff,#151d1f);color:light-dark(black,#e4ebeb)\">Hi</div>",
        "",
    );
}

#[test]
fn old_attributes_have_colours_for_the_dark_and_give_way_to_every_rule() {
    assert_letter(
        "<style>td{padding:0}</style><table bgcolor='#FFF'><tr><td bgcolor=White>\
         <td bgcolor='#0b6470'><td bgcolor=bare><td bgcolor='#ffff'>\
         <font color=000000>a</font><font color=white>b</font></table>",
        "<table bgcolor=\"#FFF\"><tbody><tr><td bgcolor=\"White\"></td>\
         <td bgcolor=\"#0b6470\"></td><td bgcolor=\"bare\"></td><td bgcolor=\"#ffff\">\
         <font color=\"000000\">a</font><font color=\"white\">b</font></td></tr></tbody></table>",
        ":where([bgcolor='#fff' i]){background-color:light-dark(#fff,#151d1f)}\
         :where([bgcolor='white' i]){background-color:light-dark(white,#151d1f)}\
         :where(font[color='000000' i]){color:light-dark(#000000,#e4ebeb)}td{padding:0}",
    );
    let many = (0..1_000).map(|n| format!("<td bgcolor='#fff{n:03}'>x"));
    let many = read(&format!("<table><tr>{}</table>", many.collect::<String>()));
    assert_eq!(many.css.as_str().matches(":where(").count(), 256);
}

#[test]
fn who_has_rules_for_the_dark_keeps_their_colours() {
    let p = "<p style=\"color:#000\">Hi</p>";
    for (letter, sheet) in [
        (
            "<style>@media (PREFERS-color-scheme: dark){p{color:#fff}}</style>",
            "@media (prefers-color-scheme:dark){p{color:#fff}}",
        ),
        (
            "<style media='(prefers-color-scheme: dark)'>p{color:#fff}</style>",
            "@media (prefers-color-scheme:dark){p{color:#fff}}",
        ),
        (
            "<style>@media (pr\\65 fers-color-scheme:dark){p{color:#fff}}</style>",
            "@media (prefers-color-scheme:dark){p{color:#fff}}",
        ),
        (
            "<style media='(prefers-col&#111;r-scheme:dark)'>p{color:#fff}</style>",
            "@media (prefers-color-scheme:dark){p{color:#fff}}",
        ),
    ] {
        assert_letter(&format!("{letter}{p}"), p, sheet);
    }
    let turned = "<p style=\"color:light-dark(#000,#e4ebeb)\">Hi</p>";
    for (letter, sheet) in [
        ("<meta name=color-scheme content='light dark'>", ""),
        ("<style>:root{color-scheme:light dark}</style>", ""),
        (
            "<style>@media (prefers-color-scheme:dark){p{top:0}}</style>",
            "",
        ),
        (
            "<style>@media (prefers-color-scheme:dark){p::x{color:red}}</style>",
            "",
        ),
        (
            "<style>@media (prefers-color-scheme:light){p{margin:0}}</style>",
            "@media (prefers-color-scheme:light){p{margin:0}}",
        ),
        ("<!-- prefers-color-scheme:dark -->", ""),
    ] {
        assert_letter(&format!("{letter}{p}"), turned, sheet);
    }
}

fn letter() -> impl Strategy<Value = String> {
    let color = "(#fff|#000|#12345|white|BLACK|red|transparent|rgb\\(1,2,3\\)|rgba\\(9,9,9,.5\\)|light-dark\\(#fff,#000\\)|hsl\\(9deg 9% 9%\\)|[a-z(),#0-9]{0,6})";
    let regex = |regex: String| string_regex(&regex).expect("a pattern");
    let piece = prop_oneof![
        regex(format!(
            "<(p|td|table|font|body|div|tr)( (bgcolor|color|text)=('{color}'|{color})){{0,2}}>"
        )),
        regex(format!(
            "<(p|td|font|body) style='((color|background|border|background-image):\
             (1px solid |linear-gradient\\()?{color}[,)]?{color}?\\)?;?){{0,3}}'>"
        )),
        regex(format!(
            "<style>(@media \\(prefers-color-scheme:(dark|light)\\)\\{{)?\
             (p|td)\\{{(color|border):{color}\\}}\\}}?</style>"
        )),
        regex("[a-z<>/ ]{0,4}".to_owned()),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn what_is_written_for_the_dark_is_read_as_it_is(letter in letter()) {
        let once = read(&letter);
        prop_assert_eq!(super::wrongs(once.html.as_str()), Vec::<String>::new());
        prop_assert_eq!(again(&once), once);
    }
}

/// Ink that was dark is light now, and a light picture behind it would hide it.
#[test]
fn pictures_behind_words_are_veiled_in_the_dark() {
    let veil = "linear-gradient(light-dark(transparent,#151d1fa8) 0 0)";
    let letter = "<body background=cid:a><style>.x{background:#fff url(cid:b)}</style>\
        <table background=cid:c><tr><td style='background-image:url(cid:d)!important'>a</table>";
    let mut within = |cid: &str| Some(format!("/{cid}"));
    let dark = html(letter, &mut within);
    assert_eq!(
        dark.css.as_str(),
        format!(
            ":where([background='/c']){{background-image:{veil},url('/c')}}\
             .x{{background:{veil},light-dark(#fff,#151d1f) url('/b')}}"
        )
    );
    let text = dark.html.as_str();
    assert!(
        text.contains(&format!("\"background-image:{veil},url('/a')\"")),
        "{text}"
    );
    assert!(
        text.contains(&format!("\"background-image:{veil},url('/d')!important\"")),
        "{text}"
    );
}
