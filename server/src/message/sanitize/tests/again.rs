//! What was written once is written the same a second time.

use super::html;

/// What is shown of `hostile`, with its sheet in front of it.
fn write(hostile: &str) -> String {
    let written = html(hostile, &mut |_: &str| None);
    format!(
        "<style>{}</style>{}",
        written.css.as_str(),
        written.html.as_str()
    )
}

#[track_caller]
fn assert_same_again(hostile: &str) -> String {
    let once = write(hostile);
    assert_eq!(write(&once), once);
    once
}

/// A link to `evil.example` around `text`.
fn link(text: &str) -> String {
    format!("<a href=https://evil.example/>{text}</a>")
}

const LEADS: &str = "(leads to evil.example)";

#[test]
fn a_class_that_begins_like_ours_has_another_name_and_keeps_its_rules() {
    for (hostile, written) in [
        (
            "<style>.w-notice{display:none}p.w-full,[class^=w-],[class~='x w-notice']{color:inherit}</style>\
             <p class='w-notice x w-full'>x",
            "<style>._w-notice{display:none}p._w-full{color:inherit}</style>\
             <p class=\"_w-notice x _w-full\">x</p>",
        ),
        (
            "<body class=w-text-0><style>.w-text-0{color:inherit}</style>x",
            "<style>._w-text-0{color:inherit}</style><div class=\"_w-text-0\">x</div>",
        ),
    ] {
        assert_eq!(assert_same_again(hostile), written);
    }
    for length in 57..62 {
        let name = format!("w-{}", "x".repeat(length - 2));
        assert_same_again(&format!(
            "<style>.{name}{{color:red}}</style><p class={name}>x"
        ));
        assert_same_again(&format!("<p class='{}'>x", format!("{name} ").repeat(9)));
    }
}

#[test]
fn links_have_the_colour_that_the_body_gives_them() {
    let letter = "<style>p a{color:inherit}</style><body bgcolor=#000000 link=#ffff00 vlink=red>\
        <table bgcolor=white><td><a href=https://a.example/>x</a></table>";
    let written = assert_same_again(letter);
    let (hints, own) = written.split_once("}a{color:#ffff00}").unwrap();
    assert!(hints.contains(":where([bgcolor='white' i])"), "{hints}");
    assert!(own.starts_with("p a{color:inherit}</style>"), "{own}");
    assert!(assert_same_again("<body link=navy>x").starts_with("<style>a{color:light-dark(navy,"));
    for none in ["<body link='x y'>x", "<p link=red>x", "<body link=>x"] {
        assert!(assert_same_again(none).starts_with("<style></style>"));
    }
}

#[test]
fn a_costly_text_stays_as_it_was_divided() {
    assert!(assert_same_again(&"&".repeat(2_000)).contains("<span></span>"));
    let deep = "<b>".repeat(300) + &"&".repeat(2_000);
    assert!(assert_same_again(&deep).contains("<span></span>"));
}

#[test]
fn a_link_is_told_of_by_what_is_written_of_it() {
    // Line ends are two characters when they come and one when they were written.
    let long = link(&"tide\r\n".repeat(800));
    assert!(!assert_same_again(&long).contains(LEADS));
    assert!(assert_same_again(&link(&"tide ".repeat(1_000))).contains(LEADS));
    // Where a costly text is divided, a word may end.
    let divided = format!("{}bank.example\u{aa}t", "\u{aa} ".repeat(256));
    assert!(assert_same_again(&link(&divided)).contains(LEADS));
}

#[test]
fn a_picture_that_is_written_out_says_its_type_in_small_letters() {
    let written = assert_same_again("<img src=dAta:Image/PNG;base64,AAbb>");
    assert!(written.contains("src=\"data:image/png;base64,AAbb\""));
}

#[test]
fn an_address_that_grows_too_long_is_no_link() {
    let long = format!(
        "<a href=https://evil.example/{}>x</a>",
        "\u{e9}".repeat(3_000)
    );
    assert_eq!(assert_same_again(&long), "<style></style>x");
}

#[test]
fn a_table_at_the_greatest_depth_keeps_its_cells() {
    for depth in 250..262 {
        let table = "<table><td align=left>a<p>b<td align=right>c<table><td>d</table></table>e";
        assert_same_again(&("<div>".repeat(depth) + table));
        assert_same_again(&("<div>".repeat(depth) + "<table>a<tr>b</table>"));
    }
}

#[test]
fn what_a_parser_leaves_out_at_the_beginning_is_left_out() {
    for text in [
        "<pre>&#10;&#10;&#13;x",
        "<pre>\0\nx",
        "<pre><!-- -->\n\n\nx",
    ] {
        assert_eq!(assert_same_again(text), "<style></style><pre>x</pre>");
    }
    let nothing = "<p><img alt=\"\0\0\" title=\"\0\">x</p>";
    assert_eq!(assert_same_again(nothing), "<style></style><p>x</p>");
    assert_eq!(
        assert_same_again("<x>\u{feff}\u{feff}x"),
        "<style></style>x"
    );
}

#[test]
fn as_many_elements_are_counted_however_they_came() {
    let sheet: String = (0..4_900).map(|n| format!(".c{n}{{color:red}}")).collect();
    for (tables, is_kept) in [(2_000, true), (2_600, false), (4_000, false)] {
        let tables = "<table>x</table>".repeat(tables);
        let written = assert_same_again(&format!("<style>{sheet}</style>{tables}"));
        assert_eq!(written.contains(".c1{"), is_kept);
    }
}
