//! Backgrounds with pictures, in all the ways that senders write them.

use url::Url;

use super::{super::Pictures, html, wrongs};

/// Pictures from elsewhere by the order in which they are wanted, shown or not.
struct Numbered {
    wanted: Vec<String>,
    is_shown: bool,
}

impl Pictures for Numbered {
    fn within(&mut self, cid: &str) -> Option<String> {
        (cid == "hero@x").then(|| "/api/picture/2".to_owned())
    }

    fn elsewhere(&mut self, url: &Url) -> Option<String> {
        self.wanted.push(url.to_string());
        self.is_shown
            .then(|| format!("/api/remote/{}", self.wanted.len()))
    }
}

fn seen(letter: &str, is_shown: bool) -> (String, String, Vec<String>) {
    let mut pictures = Numbered {
        wanted: Vec::new(),
        is_shown,
    };
    let sanitized = html(letter, &mut pictures);
    let (html, css) = (sanitized.html.as_str(), sanitized.css.as_str());
    assert_eq!(wrongs(html), Vec::<String>::new(), "{letter}");
    assert!(!css.contains(['<', '\\', '"']), "{css}");
    (html.to_owned(), css.to_owned(), pictures.wanted)
}

const HERO: &str = "<style>.hero{background-image:linear-gradient(light-dark(transparent,#151d1fa8) 0 0),url(cid:hero@x)} .sky{background:#9cf url(https://x.example/sky.png)}\
    </style><body background=//x.example/page.png bgcolor=#eee>\
    <table background='https://x.example/table.png'><tr background=cid:hero@x><td background=a.png bgcolor=red>\
    <div style='background:#000 url(\"https://x.example/hero.jpg?a=1&amp;b=2\") center/cover'>Hi</div>";

#[test]
fn a_hero_has_its_picture_when_it_is_wanted() {
    let (html, css, wanted) = seen(HERO, true);
    assert_eq!(
        html,
        "<div style=\"background-image:linear-gradient(light-dark(transparent,#151d1fa8) 0 0),url('/api/remote/2');background-color:light-dark(#eee,#0c1315)\">\
         <table background=\"/api/remote/3\"><tbody><tr background=\"/api/picture/2\"><td bgcolor=\"red\">\
         <div style=\"background:linear-gradient(light-dark(transparent,#151d1fa8) 0 0),#000 url('/api/remote/4') center / cover\">Hi</div></td></tr></tbody></table></div>"
    );
    assert_eq!(
        css,
        ":where([background='/api/picture/2']){background-image:linear-gradient(light-dark(transparent,#151d1fa8) 0 0),url('/api/picture/2')}\
         :where([background='/api/remote/3']){background-image:linear-gradient(light-dark(transparent,#151d1fa8) 0 0),url('/api/remote/3')}\
         :where([bgcolor='red' i]){background-color:light-dark(red,#c50101)}\
         .hero{background-image:linear-gradient(light-dark(transparent,#151d1fa8) 0 0),url('/api/picture/2')}.sky{background:linear-gradient(light-dark(transparent,#151d1fa8) 0 0),light-dark(#9cf,#003058) url('/api/remote/1')}"
    );
    assert_eq!(wanted.last().unwrap(), "https://x.example/hero.jpg?a=1&b=2");
}

#[test]
fn a_hero_without_its_picture_has_its_colour() {
    let (html, css, wanted) = seen(HERO, false);
    assert_eq!(
        html,
        "<div style=\"background-color:light-dark(#eee,#0c1315)\">\
         <table><tbody><tr background=\"/api/picture/2\"><td bgcolor=\"red\">\
         <div style=\"background:#000 none center / cover\">Hi</div></td></tr></tbody></table></div>"
    );
    assert_eq!(
        css,
        ":where([background='/api/picture/2']){background-image:linear-gradient(light-dark(transparent,#151d1fa8) 0 0),url('/api/picture/2')}\
         :where([bgcolor='red' i]){background-color:light-dark(red,#c50101)}\
         .hero{background-image:linear-gradient(light-dark(transparent,#151d1fa8) 0 0),url('/api/picture/2')}.sky{background:light-dark(#9cf,#003058) none}"
    );
    assert_eq!(wanted, seen(HERO, true).2, "places are the same");
}

#[test]
fn places_are_the_same_whatever_is_shown() {
    for letter in [
        "<img src=//x.example/1 src=//x.example/2><img src=//x.example/3>",
        "<td background=//x.example/1><table background=//x.example/1 background=//x.example/2>",
        "<p style='background:url(//x.example/1)' style='background:url(//x.example/2)'><img src=//x.example/3>",
        "<style>a:hover{background:url(//x.example/1)}a{color:url(//x.example/2);background:url(//x.example/3) ;}\
         b{background:url(//x.example/4) url(//x.example/5) ?}</style><img src=//x.example/6>",
        "<body background=//x.example/1 style='background:url(//x.example/2)'><body background=//x.example/3>",
    ] {
        let (blocked, shown) = (seen(letter, false), seen(letter, true));
        assert_eq!(blocked.2, shown.2, "{letter}");
        assert!(!blocked.0.contains("/api/") && !blocked.1.contains("/api/"));
    }
    let hover = "<style>a:hover{background:url(//x.example/1)}</style><p style='background-size:url(//x.example/2)'>";
    assert_eq!(seen(hover, true).2, Vec::<String>::new());
}

#[test]
fn addresses_of_ours_are_none_of_the_senders() {
    for letter in [
        "<td background=/api/remote/1>",
        "<table background=/api/remote/1><tr><td>x",
        "<p style=\"background:url('/api/remote/1')\">x",
        "<body style='background:url(/api/remote/1)' background=/api/remote/1>x",
        "<style>p{background:url('/api/remote/1')}</style>x",
        "<div background=https://x.example/1>x</div>",
        "<col background=https://x.example/1>x",
    ] {
        let (html, css, wanted) = seen(letter, true);
        assert!(!html.contains("/api/") && css.is_empty(), "{html}{css}");
        assert_eq!(wanted, Vec::<String>::new());
    }
}

#[test]
fn a_letter_that_went_through_is_the_same_again() {
    for is_shown in [true, false] {
        let (html, ..) = seen(HERO, is_shown);
        assert_eq!(super::super::vouch(&html).as_str(), html);
    }
    let (html, ..) = seen(
        &HERO.replace("cid:hero@x", "data:image/png;base64,iVBORw0KGgo="),
        false,
    );
    assert!(
        html.contains("<tr background=\"data:image/png;base64,iVBORw0KGgo=\">"),
        "{html}"
    );
    assert_eq!(seen(&html, false).0, html);
}

#[test]
fn a_background_that_nobody_sees_is_a_tracker() {
    let told = |letter: &str| {
        let pictures = &mut |_: &str| None;
        html(letter, pictures).trackers.words().concat()
    };
    for letter in [
        "<style>p{background:url(https://x.list-manage.com/track/open.php?u=1)}</style>",
        "<table><td background=https://x.list-manage.com/track/open.php?u=1>",
        "<body background=https://x.list-manage.com/track/open.php?u=1>",
    ] {
        assert_eq!(told(letter), "1 tracking pixel: Mailchimp", "{letter}");
    }
    let hidden = "<p style='display:none;background:url(https://x.example/a)'>";
    assert_eq!(told(hidden), "1 tracking pixel: x.example");
    assert_eq!(told("<p style='background:url(https://x.example/a)'>"), "");
}

/// The vectors of a file that want pictures for which the server would ask, by their names.
fn asking(file: &str) -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/remote/");
    let vectors = std::fs::read_to_string(format!("{folder}{file}.txt")).unwrap();
    let mut asking = Vec::new();
    for vector in vectors.split("== ").skip(1) {
        let (head, letter) = vector.split_once('\n').unwrap();
        let name = head.split(' ').next().unwrap();
        let letter = letter
            .replace("«url»", &format!("http://«host»/{name}"))
            .replace("«at»", &format!("/{name}"))
            .replace("«host»", "x.example")
            .replace("«u 0»", "\0")
            .replace("«u 1»", "\u{1}")
            .replace("«repeat 9000 x»", &"x".repeat(9_000));
        let (html, css, wanted) = seen(&letter, true);
        assert!(
            !html.contains("x.example/") && !css.contains("x.example"),
            "{html}{css}"
        );
        if !wanted.is_empty() {
            asking.push(format!("{name} {}", wanted.len()));
        }
    }
    asking
}

#[test]
fn of_all_that_css_can_load_only_backgrounds_are_asked_for() {
    let attributes = "body 1, body-twice 1, table 1, row 1, cell 2, section 3, cell-and-style 2, cell-twice 1, \
        cell-capitals 1, cell-blanks 1, cell-control-before 1, cell-backslashes 1, cell-breaks-out 1, body-and-style 2";
    assert_eq!(asking("backgrounds").join(", "), attributes);
    let css = "background 1, background-quotes 1, background-image 1, background-several 1, background-spaces 1, \
        background-capitals 1, background-important 1, background-escaped-function 1, background-escaped-address 1, \
        background-escaped-slashes 1, background-escaped-property 1, background-comment 1, background-brace-before 1, \
        background-semicolon-in-string 1, background-newline-in-string 1, background-without-scheme 1, \
        background-unclosed 1, background-unclosed-string 1, background-entity-quotes 1, media-rule 1, \
        media-resolution 1, visited-link 1, string-newline-recovers 1, sheet-unclosed 2, sheet-media-attribute 1, \
        bad-url-token 1, unicode-look-alike 1, hero 1, hero-layers 1, hero-in-sheet 1, background-string-continued 1, \
        background-null 2, background-tab-and-feed 1, background-breaks-out 2, background-ends-sheet 1, \
        background-own-address 1, background-relative 1, background-attachment 2, hover-inherits 1";
    assert_eq!(asking("css").join(", "), css);
}
