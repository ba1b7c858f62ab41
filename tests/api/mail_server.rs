//! What the mail server can do, in words for the person whose mail is there.

use whimbrel_shared::{ReportTone, ServerReport, path};
use whimbrel_tests::{app::TestApp, imap_proxy::hiding::Extension, world::PASSWORD};

use crate::kit::{Desk, lacks, somebody, world};

async fn report(client: &whimbrel_tests::client::TestClient) -> ServerReport {
    client.get(path::MAIL_SERVER).await.good().json()
}

/// The titles of what is told in this tone.
fn titles(report: &ServerReport, tone: ReportTone) -> Vec<&str> {
    let sections = report.sections.iter().filter(|one| one.tone == tone);
    let items = sections.flat_map(|section| &section.items);
    items.map(|item| &*item.title).collect()
}

/// An extension that can be hidden, and how the report's title of it ends.
const TOLD: [(Extension, &str); 9] = [
    (Extension::Condstore, "(CONDSTORE)"),
    (Extension::UidPlus, "(UIDPLUS)"),
    (Extension::Move, "(MOVE)"),
    (Extension::Esearch, "(ESEARCH)"),
    (Extension::Idle, "(IDLE)"),
    (Extension::Notify, "(NOTIFY)"),
    (Extension::SpecialUse, "(SPECIAL-USE)"),
    (Extension::ListStatus, "(LIST-STATUS)"),
    (Extension::ListExtended, "(LIST-EXTENDED)"),
];

#[tokio::test]
async fn it_tells_what_the_mail_server_lacks_and_what_it_has() {
    let desk = Desk::new().await;
    let report = report(&desk.client).await;
    let less = titles(&report, ReportTone::Less);
    let good = titles(&report, ReportTone::Good);
    let is_among = |titles: &[&str], end: &str| titles.iter().any(|title| title.ends_with(end));
    for (extension, end) in TOLD {
        assert!(
            is_among(if lacks(extension) { &less } else { &good }, end)
                // Of use only together with another one.
                || (is_among(&less, end) && (lacks(Extension::Idle) || lacks(Extension::ListExtended))),
            "{extension:?}: {report:?}"
        );
    }
    assert_eq!(is_among(&less, "(ID)"), lacks(Extension::Small));
}

#[tokio::test]
async fn it_tells_what_the_mail_server_is_called_and_how_it_is_reached() {
    let desk = Desk::new().await;
    let report = report(&desk.client).await;
    let sections = report.sections.iter();
    let facts: Vec<_> = sections
        .filter(|section| section.tone == ReportTone::Fact)
        .flat_map(|section| &section.items)
        .map(|item| format!("{}: {}", item.title, item.text))
        .collect();
    let is_told = |words: &str| facts.iter().any(|fact| fact.contains(words));
    if !lacks(Extension::Small) {
        assert!(is_told("Program: Dovecot"), "{facts:?}");
    }
    assert!(is_told("Connections: Whimbrel uses up to 3"), "{facts:?}");
}

#[tokio::test]
async fn it_tells_what_is_switched_off_and_that_there_is_one_connection() {
    let settings = "imap_disable = \"UIDPLUS\"\nimap_connections = 1\n";
    let app = TestApp::with_settings(world().await, settings).await;
    let mut client = app.client();
    client.sign_in(&somebody(), PASSWORD).await;
    let report = report(&client).await;
    let tone = if lacks(Extension::UidPlus) {
        ReportTone::Less
    } else {
        ReportTone::Off
    };
    assert!(
        titles(&report, tone).contains(&"Undo (UIDPLUS)"),
        "{report:?}"
    );
    let less = titles(&report, ReportTone::Less);
    assert!(
        less.contains(&"New mail in the open folder (IDLE)"),
        "{less:?}"
    );
}

#[tokio::test]
async fn nobody_else_is_told() {
    let app = TestApp::start(world().await).await;
    let answer = app.client().get(path::MAIL_SERVER).await;
    assert_eq!(answer.status().as_u16(), 401);
}
