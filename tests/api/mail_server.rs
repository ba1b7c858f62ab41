//! What the mail server can do, in words for the person whose mail is there.

use whimbrel_shared::{ReportKind, ReportLine, path};
use whimbrel_tests::{app::TestApp, imap_proxy::hiding::Extension, world::PASSWORD};

use crate::kit::{Desk, lacks, somebody, world};

async fn report(client: &whimbrel_tests::client::TestClient) -> Vec<ReportLine> {
    client.get(path::MAIL_SERVER).await.good().json()
}

/// The titles of the lines of this kind.
fn titles(report: &[ReportLine], kind: ReportKind) -> Vec<&str> {
    let lines = report.iter().filter(|line| line.kind == kind);
    lines.map(|line| &*line.title).collect()
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
    let less = titles(&report, ReportKind::Less);
    let good = titles(&report, ReportKind::Good);
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
    let facts: Vec<_> = report
        .iter()
        .filter(|line| line.kind == ReportKind::Fact)
        .map(|line| format!("{}: {}", line.title, line.text))
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
    let kind = if lacks(Extension::UidPlus) {
        ReportKind::Less
    } else {
        ReportKind::Off
    };
    assert!(
        titles(&report, kind).contains(&"Undo (UIDPLUS)"),
        "{report:?}"
    );
    let less = titles(&report, ReportKind::Less);
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
