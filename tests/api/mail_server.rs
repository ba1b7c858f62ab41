//! What the mail server can do, in words for the person whose mail is there.

use whimbrel_shared::{ReportKind, ReportLine, path};
use whimbrel_tests::{app::TestApp, world::PASSWORD};

use crate::kit::{Desk, offers, somebody, world};

async fn report(client: &whimbrel_tests::client::TestClient) -> Vec<ReportLine> {
    client.get(path::MAIL_SERVER).await.good().json()
}

/// The titles of the lines of this kind.
fn titles(report: &[ReportLine], kind: ReportKind) -> Vec<&str> {
    let lines = report.iter().filter(|line| line.kind == kind);
    lines.map(|line| &*line.title).collect()
}

/// Extensions that some mail servers of the suite have and others lack.
const TOLD: [&str; 9] = [
    "CONDSTORE",
    "UIDPLUS",
    "MOVE",
    "ESEARCH",
    "IDLE",
    "NOTIFY",
    "SPECIAL-USE",
    "LIST-STATUS",
    "LIST-EXTENDED",
];

#[tokio::test]
async fn it_tells_what_the_mail_server_lacks_and_what_it_has() {
    let desk = Desk::new().await;
    let report = report(&desk.client).await;
    let less = titles(&report, ReportKind::Less);
    let good = titles(&report, ReportKind::Good);
    let is_among = |titles: &[&str], end: &str| titles.iter().any(|title| title.ends_with(end));
    // Some are of use only together with another one.
    let is_lonely = !offers("IDLE").await || !offers("LIST-EXTENDED").await;
    for extension in TOLD {
        let end = format!("({extension})");
        let is_told = if offers(extension).await {
            is_among(&good, &end) || (is_among(&less, &end) && is_lonely)
        } else {
            is_among(&less, &end)
        };
        assert!(is_told, "{extension}: {report:?}");
    }
    assert_eq!(is_among(&less, "(ID)"), !offers("ID").await);
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
    if offers("ID").await {
        let names = ["Program: Dovecot", "Program: Cyrus", "Program: Courier"];
        assert!(names.into_iter().any(is_told), "{facts:?}");
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
    let kind = if offers("UIDPLUS").await {
        ReportKind::Off
    } else {
        ReportKind::Less
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
