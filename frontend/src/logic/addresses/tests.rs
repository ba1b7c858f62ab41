//! What people type into "To".

use whimbrel_shared::Address;

use super::{distinct, initials, parse, problem, same, summary, words};

fn address(name: &str, email: &str) -> Address {
    Address {
        name: name.to_owned(),
        email: email.to_owned(),
    }
}

#[track_caller]
fn understands(text: &str, expected: &[(&str, &str)]) {
    let understood = parse(text);
    let plain: Vec<(&str, &str)> = understood
        .iter()
        .map(|one| (one.address.name.as_str(), one.address.email.as_str()))
        .collect();
    assert_eq!(plain, expected);
    for one in &understood {
        assert_eq!(one.problem, None, "{one:?}");
    }
}

#[test]
fn reads_one_and_many() {
    understands("a@x.example", &[("", "a@x.example")]);
    understands(
        "Ann Lee <a@x.example>, \"Doe, John\" <j@x.example>; b@y.example\nc@z.example",
        &[
            ("Ann Lee", "a@x.example"),
            ("Doe, John", "j@x.example"),
            ("", "b@y.example"),
            ("", "c@z.example"),
        ],
    );
    understands(
        "a@x.example b@y.example",
        &[("", "a@x.example"), ("", "b@y.example")],
    );
    understands(" , ;\n", &[]);
    understands("<a@x.example>", &[("", "a@x.example")]);
    understands("mailto:a@x.example", &[("", "a@x.example")]);
    understands(
        r#""A \"B\" C" <a@x.example>"#,
        &[(r#"A "B" C"#, "a@x.example")],
    );
}

#[test]
fn reads_other_scripts() {
    understands(
        "陈晓雯 <chen@x.example>，b@例え.example",
        &[("陈晓雯", "chen@x.example"), ("", "b@例え.example")],
    );
    understands("почта@пример.example", &[("", "почта@пример.example")]);
}

#[test]
fn keeps_what_it_cannot_read_and_says_why() {
    let wrong = parse("Kjell-Arne");
    assert_eq!(wrong.len(), 1);
    assert_eq!(wrong[0].address.email, "Kjell-Arne");
    assert_eq!(wrong[0].problem, Some("An address needs an @."));
    for text in [
        "@x.example",
        "a@",
        "a b@x.example",
        "a@x..example",
        "a@-x.example",
        "a@x example",
        ".a@x.example",
        "a..b@x.example",
        "a@x.example>b",
        "a\u{7}@x.example",
        "Name <>",
        "a@b@x.example",
        "a@x,example",
    ] {
        assert!(
            parse(text).iter().any(|one| one.problem.is_some()),
            "{text}"
        );
    }
}

#[test]
fn accepts_the_odd_but_right() {
    for email in [
        "o'neil+tag@x.example",
        "\"a b\"@x.example",
        "a@[192.0.2.1]",
        "root@localhost",
        "a_b-c=d@x.example",
    ] {
        assert_eq!(problem(email), None, "{email}");
    }
}

#[test]
fn leaves_doubles_and_oneself_out() {
    let people = vec![
        address("Me", "ME@x.example"),
        address("Ann", "a@x.example"),
        address("", "A@X.example"),
        address("group", ""),
    ];
    assert_eq!(
        distinct(people, &["me@x.example"]),
        [address("Ann", "a@x.example")]
    );
    assert!(same("A@x.example ", "a@X.example"));
}

#[test]
fn writes_addresses_and_faces() {
    assert_eq!(
        words(&address("Ann Lee", "a@x.example")),
        "Ann Lee <a@x.example>"
    );
    assert_eq!(words(&address("", "a@x.example")), "a@x.example");
    assert_eq!(initials(&address("Marta Lindqvist", "m@x.example")), "ML");
    assert_eq!(initials(&address("Kjell-Arne Østby", "k@x.example")), "KØ");
    assert_eq!(initials(&address("", "ann.lee@x.example")), "al");
    assert_eq!(initials(&address("陈晓雯", "c@x.example")), "陈");
    assert_eq!(initials(&address("", "")), "");
}

#[test]
fn says_to_whom_in_one_line() {
    let one = |email: &str| address("", email);
    let own = "me@x.example";
    assert_eq!(summary(&[], &[], own), "to nobody named");
    assert_eq!(summary(&[one("ME@x.example")], &[], own), "to you");
    assert_eq!(summary(&[one("a")], &[one(own)], own), "to a and you");
    assert_eq!(
        summary(&[one("a"), one("b")], &[one("c")], own),
        "to a, b and c"
    );
    assert_eq!(
        summary(&[one("a"), one("b"), one("c")], &[one("d"), one("e")], own),
        "to a, b, c and 2 more"
    );
}
