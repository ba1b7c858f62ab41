//! Letters that look as their senders meant, and those that would like to look like something else.

use super::{assert_letter, frame, read};

#[test]
fn a_newsletter_fits_the_telephone_too() {
    let read = assert_letter(
        "responsive",
        "Tideline",
        "Three mornings on the flats",
        "Monday was all fog. On Tuesday the curlews came.",
    );
    let (html, css) = (read.rendered.html.as_str(), read.rendered.css.as_str());
    for kept in [
        "<div class=\"mail\" style=\"background-color:#e9e4d8;margin:0;padding:0;min-width:100%\">",
        "class=\"wide card\"",
        "font-family:'Source Sans 3',Arial,sans-serif",
        "<td class=\"hero\" style=\"background:#0b6470 none center / cover no-repeat;padding:40px\">",
        "font-size:36px;line-height:44px;color:#ffffff",
        "display:inline-block;padding:12px 24px;background-color:#16211f;color:#fff",
    ] {
        assert!(html.contains(kept), "{kept}: {html}");
    }
    assert_eq!(
        css,
        "body,table,td{margin:0;padding:0}.button:hover{background-color:#0b6470!important}\
         u+.mail .wide{width:100%}@media only screen and (max-width:600px){\
         .wide{width:100%!important}.column{display:block!important;width:100%!important}\
         .only-small{display:block!important;max-height:none!important}\
         .hero h1{font-size:28px!important;line-height:34px!important}}\
         @media (prefers-color-scheme:dark){\
         .card{background:#10201f!important;color:#e4ebeb!important}}"
    );
    for hidden in ["Low water", "Turn your telephone"] {
        assert!(html.contains(hidden) && !read.rendered.text.contains(hidden));
    }
    assert!(read.rendered.has_remote_content && read.rendered.defects.is_empty());
}

#[test]
fn a_letter_by_outlook_shows_what_others_see() {
    let read = assert_letter(
        "outlook",
        "Ferry Office",
        "Your crossing on Thursday",
        "the boat leaves at 7:40.",
    );
    let (html, css) = (read.rendered.html.as_str(), read.rendered.css.as_str());
    assert!(
        html.contains("<div lang=\"EN-GB\"><div class=\"WordSection1\">"),
        "{html}"
    );
    assert!(
        html.contains("background:#0563c1;color:white;padding:8pt 16pt"),
        "{html}"
    );
    assert!(html.contains("Quay 2, beside the crane."));
    assert!(!html.contains("for Outlook") && !html.contains("96"));
    assert_eq!(
        css,
        "a{color:light-dark(#0563c1,#4595f7)}\
         p.MsoNormal,li.MsoNormal{margin:0cm;font-size:11pt;font-family:'Calibri',sans-serif}\
         span.Answer{color:light-dark(#1f497d,#83b1ec)}"
    );
    assert!(!read.rendered.has_remote_content);
}

#[test]
fn hostile_styles_reach_nothing() {
    let rendered = read("hostile-css").rendered;
    assert_eq!(rendered.css.as_str(), ".kept{color:red}");
    let document = frame::document(
        &rendered.html,
        &rendered.css,
        frame::Ground::Adapted,
        frame::Theme::Light,
    );
    let (_, after) = document.split_once("</style><style>").unwrap();
    for word in [
        "attacker",
        "url(",
        "image-set",
        "fixed",
        "var(",
        "<script",
        "onerror",
        "\\",
    ] {
        assert!(!after.contains(word), "{word}: {after}");
    }
    assert!(after.contains("<p class=\"ok\">quoted</p>"), "{after}");
    assert!(rendered.has_remote_content);
}
