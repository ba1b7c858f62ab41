//! Hostile HTML of every class, and what is left of it.

mod again;
mod backgrounds;
mod base;
mod bounds;
mod dark;
mod words;

use std::cell::RefCell;

use html5ever::tokenizer::{
    BufferQueue, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use proptest::prelude::*;

use super::html;

fn clean(hostile: &str) -> String {
    let mut picture = |cid: &str| (cid == "logo@x").then(|| "/api/picture/2".to_owned());
    html(hostile, &mut picture).html.as_str().to_owned()
}

#[track_caller]
fn assert_clean(hostile: &str, expected: &str) {
    assert_eq!(clean(hostile), expected, "{hostile}");
}

/// Collects what a browser would find in the output.
#[derive(Default)]
struct Inspector(RefCell<Vec<String>>);

const ATTRIBUTES: [&str; 30] = [
    "class",
    "id",
    "style",
    "href",
    "src",
    "target",
    "rel",
    "alt",
    "title",
    "abbr",
    "dir",
    "lang",
    "role",
    "data-size",
    "align",
    "valign",
    "width",
    "height",
    "bgcolor",
    "background",
    "color",
    "face",
    "size",
    "border",
    "cellpadding",
    "cellspacing",
    "colspan",
    "rowspan",
    "start",
    "type",
];

impl TokenSink for Inspector {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut found = self.0.borrow_mut();
        match token {
            Token::TagToken(Tag { name, attrs, .. }) => {
                if super::tags::known(&name).is_none() {
                    found.push(format!("element {name}"));
                }
                for attribute in attrs {
                    let value = attribute.value.to_ascii_lowercase();
                    let name = attribute.name.local.to_string();
                    let is_link = matches!(name.as_str(), "href" | "src" | "background");
                    let is_safe = [
                        "http://",
                        "https://",
                        "mailto:",
                        "tel:",
                        "data:image/",
                        "/api/",
                        "/pictures/",
                    ]
                    .iter()
                    .any(|start| value.starts_with(start));
                    let is_style = name == "style" && !super::css::is_own(&attribute.value);
                    let is_foreign = is_style || (is_link && !is_safe);
                    if !ATTRIBUTES.contains(&name.as_str()) || is_foreign {
                        found.push(format!("attribute {name}={value}"));
                    }
                }
            }
            Token::CommentToken(_) | Token::DoctypeToken(_) => found.push("comment".to_owned()),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What is wrong in `html` when a real tokenizer reads it.
pub(in crate::message) fn wrongs(html: &str) -> Vec<String> {
    let tokenizer = Tokenizer::new(Inspector::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(html.into());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.take()
}

#[test]
fn a_newsletter_keeps_its_shape() {
    assert_clean(
        "<html><head><title>t</title><style>p{}</style></head><body bgcolor=red>\
         <table width=600 bgcolor='#fff' cellpadding=0><tr><td align=center>Hi<br>there</td></table>",
        "<div style=\"background-color:light-dark(red,#c50101)\"><table width=\"600\" bgcolor=\"#fff\" \
         cellpadding=\"0\"><tbody><tr>\
         <td align=\"center\">Hi<br>there</td></tr></tbody></table></div>",
    );
    assert_clean(
        "<a href=https://example.org/?a=1&amp;b=2 onclick=x>x</a>",
        "<a href=\"https://example.org/?a=1&amp;b=2\" title=\"https://example.org/?a=1&amp;b=2\" target=\"_blank\" \
         rel=\"noopener noreferrer nofollow\">x</a>",
    );
    assert_clean(
        "<img src=cid:logo@x alt=Logo>",
        "<img src=\"/api/picture/2\" alt=\"Logo\">",
    );
    assert_clean(
        "caf&eacute; &amp; &lt;b&gt; a&nbsp;b",
        "café &amp; &lt;b&gt; a&nbsp;b",
    );
}

#[test]
fn broken_markup_is_mended() {
    assert_clean("<p>a<p>b", "<p>a</p><p>b</p>");
    assert_clean(
        "<ul><li>a<li>b<ul><li>c</ul></ul>",
        "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>",
    );
    assert_clean(
        "<table>x<div>y</div><td>z</table>",
        "<table><tbody><tr><td>x<div>y</div></td><td>z</td></tr></tbody></table>",
    );
    assert_clean("<td>loose</td>", "loose");
    assert_clean("<b><i>x</b>y</i>", "<b><i>x</i></b>y");
    assert_clean("<b><div>x</b>y</div>z", "<b><div>xy</div></b>z");
    assert_clean("<h1>a<h2>b", "<h1>a</h1><h2>b</h2>");
    assert_clean("a < b > c", "a &lt; b &gt; c");
    assert_clean("<pre>\n\nx</pre>", "<pre>x</pre>");
    assert_clean("text <", "text &lt;");
    assert_clean("", "");
}

#[test]
fn looks_are_kept() {
    assert_clean(
        "<p class='hero  x:y' id=top style='Color: RED; background: #FFF url(x.png); x:y'>a",
        "<p class=\"hero\" id=\"top\" style=\"color:red;background:light-dark(#fff,#151d1f) none\">a</p>",
    );
    let letter = "<style>.hero{width:100%}</style><style media='(max-width:600px)'>td{padding:0}\
                  </style><style type=text/x>a{}</style><style>/*</style><p>a";
    let cleaned = html(letter, &mut |_: &str| None);
    assert_eq!(
        cleaned.css.as_str(),
        ".hero{width:100%}@media (max-width:600px){td{padding:0}}"
    );
    assert_eq!(cleaned.html.as_str(), "<p>a</p>");
}

#[test]
fn the_senders_body_has_its_looks_and_no_end() {
    assert_clean(
        "<body bgcolor=EEEEEE text='red;position:fixed' class=mail style='margin:0'></div>a</body>b",
        "<div class=\"mail\" style=\"background-color:light-dark(#eeeeee,#0c1315);margin:0\">ab</div>",
    );
    assert_clean("<body onload=x><p>a</body>", "<p>a</p>");
    assert_clean("<p>a<body class=x>b<body class=y>c", "<p>abc</p>");
}

#[test]
fn hidden_text_stays_hidden() {
    assert_clean(
        "<div style='display: none'>pre<div>header</div></div>x",
        "<div style=\"display:none\">pre<div>header</div></div>x",
    );
    assert_clean("<p hidden>a<p>b", "<p>b</p>");
    assert_clean("<img style='display:none' src=x>y", "y");
}

#[test]
fn what_is_for_outlook_alone_is_not_shown() {
    for (letter, shown) in [
        ("<!--[if mso]><table><tr><td>Outlook<![endif]-->all", "all"),
        ("<!--[if !mso]><!-->all<!--<![endif]-->", "all"),
        ("<!--[if !mso]><!-- -->all<!-- <![endif]-->", "all"),
        ("<![if !mso]>all<![endif]>", "all"),
        (
            "<!--[if gte mso 9]><xml><o:x>96</o:x></xml><![endif]-->all",
            "all",
        ),
        ("<xml><o:PixelsPerInch>96</o:PixelsPerInch></xml>all", "all"),
        (
            "<v:rect fill=t><v:fill src=https://x.example/a /></v:rect><o:p></o:p>all",
            "all",
        ),
        (
            "<p class=MsoNormal style='mso-hide:all'>all</p>",
            "<p class=\"MsoNormal\">all</p>",
        ),
    ] {
        assert_clean(letter, shown);
    }
}

#[test]
fn remote_content_is_noticed_and_left_out() {
    for hostile in [
        "<img src=http://t.example/p.gif>",
        "<img src=//t.example/p.gif alt=x>",
        "<td background=https://t.example/b.png>",
        "<p style=\"background:url('https://t.example/b.png')\">",
        "<style>@import 'https://t.example/s.css';</style>",
        "<link rel=stylesheet href=https://t.example/s.css>",
        "<img srcset='https://t.example/p.gif 2x'>",
    ] {
        let cleaned = html(hostile, &mut |_: &str| None);
        assert!(cleaned.has_remote_content, "{hostile}");
        assert!(!cleaned.html.as_str().contains("t.example"), "{hostile}");
    }
    let harmless = html(
        "<a href=https://example.org>x</a><p style='color:red;behavior:url(#default#VML)'>",
        &mut |_: &str| None,
    );
    assert!(!harmless.has_remote_content);
}

#[test]
fn pictures_that_nobody_sees_are_known() {
    let told = |looks: &str| {
        let letter = format!("<img {looks} src=https://t.example/a>");
        !html(&letter, &mut |_: &str| None)
            .trackers
            .words()
            .is_empty()
    };
    for looks in [
        "width=1 height=1",
        "width=0",
        "style='width:1px!important;HEIGHT:1px'",
        "width=600 height=400 style='display:none'",
        "style='opacity:0'",
    ] {
        assert!(told(looks), "{looks}");
    }
    for looks in ["", "width=600", "width=600 height=1", "style='width:100%'"] {
        assert!(!told(looks), "{looks}");
    }
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src=`x`onerror=alert(1)>",
    "<svg><animate attributeName=href values=javascript:alert(1) /><a>x</a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<a href=\"java&#115;cript:alert(1)\">x</a>",
    "<a href=\"java&Tab;script&colon;alert(1)\">x</a>",
    "<a href=' \u{1}javascript:alert(1)'>x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>",
    "<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">",
    "<use href=\"data:image/svg+xml ;base64,AAAA\">",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=x></object><embed src=x><applet code=x>",
    "<meta http-equiv=refresh content=\"0;url=https://t.example\"><base href=https://t.example>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<div style=\"position:fixed;background:url(https://t.example)\">x</div>",
    "<div style=\"width:expression(alert(1));color:\\72 ed;background:u\\72l(x)\">x</div>",
    "<div style='font-family:\"&quot;>&lt;img src=x onerror=alert(1)>\"'>x</div>",
    "<body style='background:url(javascript:alert(1));-moz-binding:url(x)' id='\"><b>'>x",
    "<style>a{content:'</style><img src=x onerror=alert(1)>'}</style>",
    "<style><!-- a{color:red} --></style><style>p{color:red</style><p style='}*{color:red'>x",
    "<p id=x name=y class=z>p</p>",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<title><!--</title><img src=x onerror=alert(1)>-->",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
    "<xmp><img src=x onerror=alert(1)></xmp><plaintext><b>",
    "<template><script>alert(1)</script></template>",
    "<a href=https://x.example\"onmouseover=alert(1)>x</a>",
    "<a title='\"><img src=x onerror=alert(1)>' href=https://x.example>x</a>",
    "<table><caption><table><td><form><math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
    "<img src=/\\t.example/x><img src=\"/api/../../x y\">",
    "\u{0}<\u{0}script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<video poster=x onerror=alert(1)><source onerror=alert(1)></video>",
    "<video><source onerror=alert(1)><a href=javascript:alert(1)><img src=x onerror=alert(1)></a><script>x</script>",
    "<object data=javascript:x><param name=x value=javascript:x><embed src=x><svg onload=alert(1)></object>x",
    "<audio><iframe src=javascript:x></audio><canvas><form action=x><input onfocus=alert(1) autofocus></canvas>",
    "<map><area href=javascript:alert(1) alt=x onclick=x><area href=https://x.example alt='\"><img src=x onerror=x>'>",
    "<select><option><img src=x onerror=alert(1)>&lt;img src=x onerror=alert(1)&gt;<option selected>&lt;script&gt;</select>",
    "<input value='\"><img src=x onerror=alert(1)>' type='submit\"'><textarea>&lt;/textarea&gt;<script>alert(1)</script>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<body onload=alert(1) background=x><marquee onstart=alert(1)>x</marquee>",
    "<select><style></select><script>alert(1)</script></style></select>",
];

#[test]
fn hostile_letters_do_nothing() {
    for hostile in HOSTILE {
        let cleaned = clean(hostile);
        assert_eq!(
            wrongs(&cleaned),
            Vec::<String>::new(),
            "{hostile} -> {cleaned}"
        );
        assert_eq!(clean(&cleaned), cleaned, "{hostile}");
    }
}

fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(HOSTILE).prop_map(str::to_owned),
        "</?(a|b|p|div|body|table|tr|td|th|caption|tbody|li|area|base|input|select|option|textarea|ul|dl|dt|pre|h1|svg|math|style|font|img|br|hr|q|center|form|title)( (href|src|align|style|class|id|title|hidden|value|alt)=('[^']{0,6}'|https://x.example/|[a-z]{0,3}))?/?>",
        "<(p|td|body) style='((color|width|font|background|margin):([a-z0-9(),/*+ -]{0,8}|url\\(x\\)|1px);?){0,3}'>",
        "[a-z<>&;\"'=/! \n-]{0,8}",
        "\\PC{0,4}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn whatever_comes_in_only_listed_things_come_out(hostile in soup()) {
        let cleaned = clean(&hostile);
        prop_assert_eq!(wrongs(&cleaned), Vec::<String>::new());
        prop_assert_eq!(clean(&cleaned), cleaned);
    }
}
