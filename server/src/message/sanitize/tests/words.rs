//! Words that a browser shows otherwise than as text, or not at all where mail is read: a reader gets to see them.

use super::{assert_clean, clean};

/// A link as it is written.
fn link(href: &str, words: &str) -> String {
    format!(
        "<a href=\"{href}\" title=\"{href}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">{words}</a>"
    )
}

#[test]
fn what_stands_for_a_film_is_shown() {
    let watch = link("https://x.example/watch", "<img alt=\"Watch the film\">");
    assert_clean(
        "<video poster=p.jpg controls><source src=v.mp4>\
         <a href=https://x.example/watch><img src=https://x.example/p alt='Watch the film'></a></video>",
        &watch,
    );
    for element in ["audio", "object", "applet", "canvas"] {
        let letter = format!("<{element} data=x><p>Words</p></{element}>");
        assert_clean(&letter, "<p>Words</p>");
    }
    assert_eq!(clean("<svg><text>x</text></svg>"), "");
}

#[test]
fn addresses_in_angle_brackets_are_shown() {
    assert_clean(
        "From: Bob <bob@home.example><br>See <https://x.example/a?b=1&amp;c=2>.",
        "From: Bob &lt;bob@home.example&gt;<br>See &lt;https://x.example/a?b=1&amp;c=2&gt;.",
    );
    assert_clean(
        "<p><x@y onclick=alert(1)><img src=x onerror=alert(1)>z",
        "<p>&lt;x@y onclick=alert(1)&gt;z</p>",
    );
}
