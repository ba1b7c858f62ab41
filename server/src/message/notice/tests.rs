//! What programs wrote, told in plain words.

use proptest::prelude::*;

use super::{Notice, Told, read};

const ZONE: &str = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Oslo\r\n\
BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n\
BEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";

/// An invitation with these lines in its event.
fn invitation(lines: &str) -> Notice {
    let text = format!("{ZONE}BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    read(Told::Calendar, &text).pop().unwrap()
}

fn row(notice: &Notice, name: &str) -> String {
    let found = notice.rows.iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

#[test]
fn times_say_how_far_they_are_ahead_of_utc() {
    for (start, when) in [
        (
            "DTSTART;TZID=Europe/Oslo:20261203T150000",
            "Thursday, 3 December 2026, 15:00 (Europe/Oslo, UTC+01:00)",
        ),
        (
            "DTSTART;TZID=Europe/Oslo:20260703T150000",
            "Friday, 3 July 2026, 15:00 (Europe/Oslo, UTC+02:00)",
        ),
        (
            "DTSTART;TZID=\"Europe/Oslo\":20260329T020000",
            "Sunday, 29 March 2026, 02:00 (Europe/Oslo, UTC+02:00)",
        ),
        (
            "DTSTART;TZID=Europe/Oslo:20261025T025900",
            "Sunday, 25 October 2026, 02:59 (Europe/Oslo, UTC+02:00)",
        ),
        (
            "DTSTART;TZID=Asia/Tokyo:20260101T090000",
            "Thursday, 1 January 2026, 09:00 (Asia/Tokyo)",
        ),
        (
            "DTSTART:20260101T090000Z",
            "Thursday, 1 January 2026, 09:00 UTC",
        ),
        (
            "DTSTART:20260101T090000",
            "Thursday, 1 January 2026, 09:00 (local time, no time zone is named)",
        ),
        (
            "DTSTART;VALUE=DATE:20260228\r\nDTEND;VALUE=DATE:20260303",
            "Saturday, 28 February 2026 to Monday, 2 March 2026, all day",
        ),
        (
            "DTSTART:20260101T233000Z\r\nDURATION:PT1H",
            "Thursday, 1 January 2026, 23:30 to Friday, 2 January 2026, 00:30 UTC",
        ),
        ("DTSTART:soon", "soon"),
        ("DTSTART:20261332T250000", "20261332T250000"),
    ] {
        assert_eq!(row(&invitation(start), "When"), when, "{start}");
    }
}

#[test]
fn rules_are_told() {
    for (rule, often) in [
        (
            "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=10",
            "every week on Tuesday, Thursday, 10 times",
        ),
        ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
        (
            "FREQ=DAILY;INTERVAL=2;UNTIL=20261224T000000Z",
            "every 2 days, until Thursday, 24 December 2026",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            "every month on the first weekday",
        ),
        (
            "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1",
            "every month on the last Friday",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,15,22",
            "every 2 months on the 1st, the 15th, the 22nd",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=16", "every month"),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=16", "every year"),
        (
            "FREQ=YEARLY;BYMONTH=3;BYDAY=1SU",
            "every year on the first Sunday of March",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO;BYMONTH=1,2",
            "every week on Monday, in January, February",
        ),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "it repeats"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", "it repeats"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "it repeats"),
        ("FREQ=YEARLY;BYDAY=20MO", "it repeats"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "it repeats"),
        ("FREQ=DAILY;BYHOUR=9,15", "it repeats"),
        ("FREQ=SECONDLY", "it repeats"),
        ("nonsense", "it repeats"),
    ] {
        let notice = invitation(&format!("DTSTART:20261116T090000Z\r\nRRULE:{rule}"));
        assert_eq!(row(&notice, "How often"), often, "{rule}");
    }
}

#[test]
fn days_left_out_and_added_are_told() {
    let notice = invitation(
        "DTSTART;TZID=Europe/Oslo:20261116T090000\r\nRRULE:FREQ=DAILY\r\n\
         EXDATE;TZID=Europe/Oslo:20261118T090000,20261119T090000\r\n\
         RDATE;VALUE=DATE:20261205\r\nRDATE;VALUE=PERIOD:20261206T100000Z/PT1H\r\nRDATE:soon",
    );
    assert_eq!(
        row(&notice, "Not on"),
        "Wednesday, 18 November 2026; Thursday, 19 November 2026"
    );
    assert_eq!(
        row(&notice, "Also on"),
        "Saturday, 5 December 2026; Sunday, 6 December 2026, 10:00 UTC; soon"
    );
    let many = invitation(&format!("EXDATE:{}", ["20261118"; 30].join(",")));
    let many = row(&many, "Not on");
    assert!(
        many.ends_with("; Wednesday, 18 November 2026 and 20 more"),
        "{many}"
    );
}

#[test]
fn what_happened_is_told() {
    assert_eq!(invitation("SEQUENCE:2").title, "Updated invitation");
    assert_eq!(invitation("STATUS:CANCELLED").title, "This is cancelled");
    let within = "SUMMARY:Ours\r\nBEGIN:VALARM\r\nDESCRIPTION:Alarm\r\nEND:VALARM";
    assert_eq!(invitation(within).text, "");
    let answer = "METHOD:REPLY\nBEGIN:VEVENT\nATTENDEE;CN=Bo;PARTSTAT=DECLINED:mailto:bo@x.example\nEND:VEVENT";
    assert_eq!(
        read(Told::Calendar, answer)[0].title,
        "Bo (bo@x.example) declined"
    );
}

#[test]
fn descriptions_in_html_are_told_as_text() {
    let said = |description: &str| invitation(&format!("DESCRIPTION:{description}")).text;
    assert_eq!(
        said(r#"<b>Agenda</b><br>Join: <a href="https://meet.example/a">link</a>\nBye"#),
        "Agenda\nJoin: link <https://meet.example/a>\nBye"
    );
    assert_eq!(
        said(
            r"<html-blob><u></u><p>Hi all\,</p><ul><li>One</li><li>Two</li></ul>&nbsp\;&amp\; more</html-blob>"
        ),
        "Hi all,\n\n* One\n* Two\n\n & more"
    );
    let plain = "From <bruno@x.example>, a < b & c";
    assert_eq!(said(plain), plain);
}

#[test]
fn links_of_meetings_can_be_followed() {
    let notice = invitation(
        "LOCATION:https://zoom.example/j/1\r\nURL:https://zoom.example/j/1\r\n\
         CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.example/a?b=c&d\r\n\
         X-GOOGLE-CONFERENCE:https://meet.example/a?b=c&d\r\nCONFERENCE:tel:+49123\r\n\
         X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.example/l\r\nURL:javascript:alert(1)",
    );
    let links: Vec<&str> = notice
        .rows
        .iter()
        .filter(|(name, _)| *name == "Link")
        .map(|(_, link)| &**link)
        .collect();
    assert_eq!(
        links,
        ["https://meet.example/a?b=c&d", "https://teams.example/l"]
    );
    let markup = notice.markup();
    for href in [
        "https://zoom.example/j/1",
        "https://meet.example/a?b=c&amp;d",
        "https://teams.example/l",
    ] {
        assert!(markup.contains(&format!("href=\"{href}\"")), "{markup}");
    }
}

#[test]
fn what_a_guest_says_is_told() {
    for lines in [
        "COMMENT:Running late",
        "X-RESPONSE-COMMENT:Running late",
        "ATTENDEE;PARTSTAT=ACCEPTED;X-RESPONSE-COMMENT=\"Running late\":mailto:bo@x.example",
    ] {
        assert_eq!(row(&invitation(lines), "Says"), "Running late", "{lines}");
    }
}

#[test]
fn texts_with_line_breaks_of_their_own_are_whole() {
    let notice = invitation(
        "DESCRIPTION:Agenda\nfirst, second\nhttps://x.example/a\nSUMMARY:Team\nDTSTART:20261116T090000Z\njunk",
    );
    assert_eq!(notice.text, "Agenda\nfirst, second\nhttps://x.example/a");
    assert_eq!(row(&notice, "What"), "Team");
    assert_eq!(row(&notice, "When"), "Monday, 16 November 2026, 09:00 UTC");
}

#[test]
fn cards_of_2_1_break_lines_in_their_own_way() {
    let card = "BEGIN:VCARD\r\nVERSION:2.1\r\n\
                FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg=20=\r\n M=C3=BCller\r\n\
                NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab\r\nEND:VCARD\r\n";
    let card = read(Told::Card, card).pop().unwrap();
    assert_eq!(row(&card, "Name"), "J\u{f6}rg M\u{fc}ller");
    assert_eq!(card.text, "a\nb");
}

#[test]
fn hostile_ones_are_bounded() {
    let many = "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n".repeat(30_000);
    let told = read(Told::Calendar, &many);
    assert_eq!(told.len(), 11);
    assert_eq!(
        told.last().unwrap().title,
        "There are more than 6657 more in the file."
    );
    let few = "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n".repeat(12);
    assert_eq!(
        read(Told::Calendar, &few).last().unwrap().title,
        "There are 2 more in the file."
    );
    let cards = "BEGIN:VCARD\nFN:x\nEND:VCARD\n".repeat(30_000);
    assert_eq!(read(Told::Card, &cards).len(), 21);
    let recipients = "Action: failed\nFinal-Recipient: rfc822;a@b\n\n".repeat(100_000);
    assert_eq!(read(Told::Delivery, &recipients).len(), 21);
    let script =
        invitation("DESCRIPTION:<script>alert(1)</script>\r\nLOCATION:<img src=x onerror=y>");
    assert!(!script.markup().contains("<script") && !script.markup().contains("<img"));
    let long = invitation(&format!("SUMMARY:{}", "x".repeat(1_000_000)));
    assert!(row(&long, "What").chars().count() <= 501);
}

proptest! {
    #[test]
    fn nothing_panics(
        text in "((BEGIN|END|DTSTART|RRULE|TZOFFSETTO|DURATION|ADR|TEL|N)(;[A-Z=\"]{0,6})?:[0-9A-Z;=,\\\\+-]{0,12}\r?\n){0,20}",
        any in "\\PC{0,200}",
    ) {
        for told in [Told::Calendar, Told::Card, Told::Delivery, Told::Disposition, Told::Header] {
            for text in [&text, &any, &format!("{ZONE}BEGIN:VEVENT\n{text}")] {
                for notice in read(told, text) {
                    let _ = (notice.markup(), notice.plain());
                }
            }
        }
    }
}
