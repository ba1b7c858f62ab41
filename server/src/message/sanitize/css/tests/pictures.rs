//! Pictures of backgrounds: which addresses stay, where, and what is left of a background without its picture.

use super::{Budget, assert_style};

/// Where the pictures of these tests are.
fn found(address: &str) -> Option<String> {
    let number = address.strip_prefix("https://x.example/")?;
    Some(format!("/api/remote/{number}"))
}

fn style(css: &str) -> String {
    super::super::declarations(css, &mut Budget::default(), &mut found)
}

fn sheet(css: &str) -> String {
    super::super::sheet(css, "", &mut Budget::default(), &mut found)
}

#[test]
fn a_background_has_the_picture_that_was_found() {
    for (css, kept) in [
        (
            "background:#123456 url('https://x.example/1') no-repeat center / cover",
            "background:#123456 url('/api/remote/1') no-repeat center / cover",
        ),
        (
            "BACKGROUND-IMAGE:URL( https://x.example/1 )!important",
            "background-image:url('/api/remote/1')!important",
        ),
        (
            "background-image:linear-gradient(rgba(0,0,0,.5),#000),u\\72l(\"https:\\2f/x.example/1\")",
            "background-image:linear-gradient(rgba(0,0,0,0.5),#000),url('/api/remote/1')",
        ),
        (
            "background:url(https://x.example/1)left top,url(https://x.example/2)repeat-x red",
            "background:url('/api/remote/1') left top,url('/api/remote/2') repeat-x red",
        ),
        (
            "background:url(https://x.example/1) no-repeat;background-size:cover",
            "background:url('/api/remote/1') no-repeat;background-size:cover",
        ),
        (
            "background:url('https://x.example/1",
            "background:url('/api/remote/1')",
        ),
    ] {
        assert_eq!(style(css), kept, "{css}");
        assert_style(kept, kept);
    }
    let data = "background:url('data:image/png;base64,iVBORw0KGgo=')";
    assert_style(data, data);
}

#[test]
fn a_background_without_its_picture_keeps_the_rest() {
    for (css, kept) in [
        (
            "background:#123456 url('https://t.example/a.png') no-repeat center / cover",
            "background:#123456 none no-repeat center / cover",
        ),
        (
            "background:url(a.png) rgb(1,2,3)",
            "background:none rgb(1,2,3)",
        ),
        (
            "background:url(a.png) top / 5px ORANGE",
            "background:none top / 5px orange",
        ),
        (
            "background:linear-gradient(red,blue),url(a.png)",
            "background:linear-gradient(red,blue),none",
        ),
        (
            "background:image-set('a.png' 1x), transparent",
            "background:none,transparent",
        ),
        ("background:url(a b) red", "background:none red"),
        // What was said of the ground before must not go with a picture that does not come.
        (
            "background-color:red;background:url(a.png) no-repeat",
            "background-color:red",
        ),
        ("background-image:url(a.png)", ""),
        ("background-image:url(a.png),none", ""),
    ] {
        assert_style(css, kept);
    }
}

#[test]
fn no_other_address_is_ever_written() {
    for address in [
        "https://t.example/a",
        "//t.example/a",
        "/\\t.example/a",
        "/a\\'b",
        "/a b",
        "/a'b",
        "/a\"b",
        "/a(b)",
        "/a)b",
        "/a<b",
        "/a;b",
        "/a?b",
        "/a#b",
        "/a&b",
        "/\u{e9}",
        "/a\nb",
        "a",
        "",
        "javascript:x",
        "blob:x",
        "data:image/svg+xml;base64,AAAA",
        "data:text/html;base64,AAAA",
        "data:image/png;base64,A')",
        "data:image/png,A",
    ] {
        let mut found = |_: &str| Some(address.to_owned());
        let css = "background:url(x)";
        let kept = super::super::declarations(css, &mut Budget::default(), &mut found);
        assert_eq!(kept, "", "{address}");
    }
}

#[test]
fn nothing_but_a_background_has_a_picture() {
    for css in [
        "background:image-set('https://x.example/1' 1x,url(https://x.example/2) 2x)",
        "background:-webkit-image-set(url(https://x.example/1) 1x)",
        "background:image('https://x.example/1')",
        "background:src('https://x.example/1')",
        "background:cross-fade(url(https://x.example/1),url(https://x.example/2),50%)",
        "background:element(#x)",
        "background:var(--x,url(https://x.example/1))",
        "--x:url(https://x.example/1);background:var(--x)",
        "background:attr(data-x url)",
        "background:if(else:url(https://x.example/1))",
        "background:url('https://x.example/1' crossorigin(anonymous))",
        "background:url('https://x.example/1'\"\")",
        "background:linear-gradient(url(https://x.example/1),red)",
        "background:url(https://x.example/1\nb)",
        "background-color:url(https://x.example/1)",
        "background-position:url(https://x.example/1)",
        "list-style:url(https://x.example/1)",
        "list-style-image:url(https://x.example/1)",
        "content:url(https://x.example/1)",
        "border-image:url(https://x.example/1) 30",
        "border:1px solid url(https://x.example/1)",
        "cursor:url(https://x.example/1),auto",
        "mask-image:url(https://x.example/1)",
        "filter:url(https://x.example/1)",
        "font-family:url(https://x.example/1)",
        "width:calc(url(https://x.example/1))",
    ] {
        assert_eq!(style(css), "", "{css}");
    }
    for css in [
        "@import url(https://x.example/1);",
        "@font-face{font-family:x;src:url(https://x.example/1)}",
        "@namespace url(https://x.example/1);",
        "@property --x{syntax:'<image>';inherits:true;initial-value:url(https://x.example/1)}",
        "@keyframes x{from{background:url(https://x.example/1)}}",
        "@page{background:url(https://x.example/1)}",
        "a::before{background:url(https://x.example/1)}",
    ] {
        assert_eq!(sheet(css), "", "{css}");
    }
}

#[test]
fn nothing_is_loaded_because_of_what_the_reader_does() {
    for (css, kept) in [
        (
            ".x{background:url(https://x.example/1)}",
            ".x{background:url('/api/remote/1')}",
        ),
        (
            "@media (max-width:600px){[class=x]{background:url(https://x.example/1)}}",
            "@media (max-width:600px){[class='x']{background:url('/api/remote/1')}}",
        ),
        (
            "a:hover{background:url(https://x.example/1) red}",
            "a:hover{background:none red}",
        ),
        (
            ".x,a:visited{background-image:url(https://x.example/1)}",
            "",
        ),
        ("p:active b,.x{background:url(https://x.example/1)}", ""),
        ("a:focus{color:red;display:block}", "a:focus{color:red}"),
        (
            "a:hover{background:inherit;background-image:inherit!important}",
            "",
        ),
        (
            "a:hover{background-image:revert-layer;background:REVERT;background-color:unset;background:initial}",
            "",
        ),
        ("a:hover{background:#000}", "a:hover{background:#000}"),
        ("a:visited{display:block}", "a:visited{display:block}"),
        ("p:not(:hover){background:none}", ""),
    ] {
        assert_eq!(sheet(css), kept, "{css}");
        assert_eq!(super::sheet(kept), kept);
    }
}

#[test]
fn too_many_pictures_are_cut() {
    let css = "background:url(https://x.example/1) red;".repeat(3_000);
    let mut budget = Budget::default();
    let mut asked = 0;
    let mut found = |_: &str| {
        asked += 1;
        None
    };
    super::super::declarations(&css, &mut budget, &mut found);
    assert!(budget.is_cut && asked == 1_000, "{asked}");
}
