//! Where the password must not be, after all that needs it was done: in files, in the database, in the log.

use std::path::Path;

use whimbrel_shared::{Action, Address, Draft, ErrorCode, SignIn, path};
use whimbrel_tests::{
    logs::{self, Offence},
    world::PASSWORD,
};

use crate::kit::{Desk, assert_applied, somebody};

/// Somebody who signed in by the form and over the page, mistyped, read, and sent a letter.
async fn who_did_it_all() -> Desk {
    let desk = Desk::new().await;
    let over_the_page = SignIn {
        address: desk.address.clone(),
        password: PASSWORD.to_owned(),
        shared: true,
    };
    drop(desk.client.post(path::SESSION, &over_the_page).await.good());
    let mistyped = SignIn {
        address: somebody(),
        password: format!("{PASSWORD}!"),
        shared: false,
    };
    let refused = desk.app.client().post(path::SESSION, &mistyped).await;
    assert_eq!(refused.error().code, ErrorCode::WrongPassword);

    drop(desk.inbox().await);
    let draft = Draft {
        to: vec![Address {
            name: String::new(),
            email: desk.address.clone(),
        }],
        subject: "To myself".to_owned(),
        ..Draft::default()
    };
    let send = Action::Send {
        draft: Box::new(draft),
        replaces: None,
    };
    assert_applied(&desk.perform(send).await);
    desk
}

#[tokio::test]
async fn no_file_and_no_line_of_the_log_tells_the_password() {
    let desk = who_did_it_all().await;
    let faces = logs::faces_of(PASSWORD);
    let files = search(desk.app.data_dir(), &faces);
    assert!(files > 0, "there is a database to look into");

    assert!(logs::lines() > 20, "only {} lines", logs::lines());
    assert_eq!(logs::offending(Offence::Password), Vec::<String>::new());
}

#[tokio::test]
async fn the_usual_log_names_nobody_and_nobody_can_forge_a_line() {
    let desk = who_did_it_all().await;
    for name in [
        "ada\r\n2026-01-01T00:00:00Z INFO forged",
        "ada\u{1b}[2J\u{7}",
        "ada\u{2028}forged",
        "\u{202e}ada",
    ] {
        let typed = SignIn {
            address: name.to_owned(),
            password: "wrong\r\nforged".to_owned(),
            shared: false,
        };
        let refused = desk.app.client().post(path::SESSION, &typed).await;
        assert!(!refused.status().is_success());
        let odd = format!("/api/mailboxes/{}?forged=%0d%0a", "%0d%0aforged");
        assert!(!desk.client.get(&odd).await.status().is_server_error());
    }
    assert_eq!(logs::offending(Offence::Break), Vec::<String>::new());
    assert_eq!(logs::offending(Offence::Address), Vec::<String>::new());
}

/// How many files were searched.
fn search(folder: &Path, faces: &[String]) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files += search(&path, faces);
            continue;
        }
        files += 1;
        let bytes = std::fs::read(&path).expect("a file");
        for face in faces {
            let found = bytes.windows(face.len()).any(|at| at == face.as_bytes());
            assert!(!found, "the password lies in {}", path.display());
        }
    }
    files
}
