//! Whole texts, from bytes to what is shown.

use super::{PictureUrls, pictures, render};
use crate::message::{
    PartNode,
    body::{self, Plan},
};
use url::Url;
use whimbrel_shared::{Part, PartId};

fn leaf(id: &str, media_type: &str, parameters: &[(&str, &str)]) -> PartNode {
    PartNode {
        id: PartId::new(id),
        media_type: media_type.into(),
        parameters: parameters
            .iter()
            .map(|&(k, v)| (k.into(), v.into()))
            .collect(),
        encoding: "8bit".into(),
        ..PartNode::default()
    }
}

const URLS: PictureUrls<'_> = PictureUrls {
    within: &|part| format!("/pictures/{part}"),
    elsewhere: None,
    file: &|part| format!("/files/{part}"),
};

fn newsletter() -> Plan {
    let picture = |id: &str, cid: &str| PartNode {
        content_id: Some(cid.into()),
        ..leaf(id, "image/png", &[])
    };
    body::plan(&PartNode {
        media_type: "multipart/related".into(),
        children: vec![
            leaf("1", "text/html", &[]),
            picture("2", "logo@x"),
            picture("3", "unused@x"),
        ],
        ..PartNode::default()
    })
}

#[test]
fn pictures_that_are_shown_are_no_files() {
    let plan = newsletter();
    let rendered = render(
        &plan,
        &[b"<img src='cid:logo@x'><img src='cid:gone@x'>".to_vec()],
        &URLS,
    );
    assert_eq!(rendered.html.as_str(), "<img src=\"/pictures/2\">");
    assert!(rendered.is_html && !rendered.has_remote_content);
    let names = |parts: Vec<Part>| parts.into_iter().map(|part| part.name).collect::<Vec<_>>();
    assert_eq!(names(rendered.files.clone()), ["part-3.png"]);
    assert_eq!(names(pictures(&plan, &rendered)), ["part-2.png"]);
}

#[test]
fn an_html_text_may_name_its_charset_itself() {
    let html = b"<meta charset='koi8-r'><p>\xf0\xd2\xc9\xd7\xc5\xd4".to_vec();
    let rendered = render(&newsletter(), &[html], &URLS);
    assert_eq!(rendered.text, "Привет");
}

#[test]
fn an_unknown_charset_is_a_defect_and_no_failure() {
    let plan = body::plan(&leaf("1", "text/plain", &[("charset", "x-made-up")]));
    let rendered = render(&plan, &["schön".into()], &URLS);
    assert_eq!(rendered.text, "schön");
    assert_eq!(rendered.defects.len(), 1);
}

#[test]
fn the_plain_version_is_quoted_unless_it_says_nothing() {
    let plan = body::plan(&PartNode {
        media_type: "multipart/alternative".into(),
        children: vec![leaf("1", "text/plain", &[]), leaf("2", "text/html", &[])],
        ..PartNode::default()
    });
    let html = b"<p>A long and friendly letter with everything in it, twice over.</p>".to_vec();
    let short = render(&plan, &[b"see HTML".to_vec(), html.clone()], &URLS);
    assert!(short.text.starts_with("A long"));
    let own = b"A long and friendly letter with everything in it.\n".to_vec();
    let rendered = render(&plan, &[own, html], &URLS);
    assert_eq!(
        rendered.text,
        "A long and friendly letter with everything in it."
    );
}

#[test]
fn missing_bytes_are_an_empty_text() {
    let rendered = render(&newsletter(), &[], &URLS);
    assert_eq!((rendered.html.as_str(), rendered.text.as_str()), ("", ""));
}

#[test]
fn pictures_from_elsewhere_come_when_they_are_asked_for_and_only_by_our_addresses() {
    let html = b"<img src=http://a.example/1.png alt=one><img src='//b.example/2.png'>\
        <img src=http://a.example/1.png><img src=/api/mailboxes/x/messages/1-1/remote/0>\
        <img src=ftp://c.example/3.png>"
        .to_vec();
    let blocked = render(&newsletter(), std::slice::from_ref(&html), &URLS);
    let remote: Vec<&str> = blocked.remote.iter().map(Url::as_str).collect();
    assert_eq!(
        remote,
        ["http://a.example/1.png", "https://b.example/2.png"]
    );
    assert_eq!(blocked.html.as_str(), "<img alt=\"one\">");
    let urls = PictureUrls {
        elsewhere: Some(&|place| format!("/remote/{place}")),
        ..URLS
    };
    let loaded = render(&newsletter(), &[html], &urls);
    assert_eq!(
        loaded.html.as_str(),
        "<img src=\"/remote/0\" alt=\"one\"><img src=\"/remote/1\"><img src=\"/remote/0\">"
    );
}
