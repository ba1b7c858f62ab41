//! How Whimbrel shares and gives back the connections of an account: one where the mail server takes no more,
//! people before programs, none that nobody uses.

use std::time::{Duration, Instant};

use whimbrel_shared::{ErrorCode, Event, MailboxList, SignIn, path};
use whimbrel_tests::{
    app::TestApp,
    client::{EventStream, TestClient},
    dovecot::{Options, Person},
    imap_client::ImapClient,
    letters::plain::letter,
    scripted_imap::{Reaction, ScriptedImap, send},
    world::{PASSWORD, World},
};

use crate::{
    kit::{somebody, world},
    street::inbox_of,
    structure::one_letter,
};

/// A mail server that takes so many connections of a person.
async fn world_of_at_most(connections: usize, address: &str) -> World {
    let options = Options {
        capability: None,
        settings: format!("protocol imap {{\n  mail_max_userip_connections = {connections}\n}}\n"),
    };
    let world = World::with(&[Person::new(address, PASSWORD)], &options).await;
    world.expect("a mail world")
}

#[tokio::test]
async fn a_mail_server_that_takes_one_connection_gets_one_and_everything_works() {
    let eve = "eve@whimbrel.example";
    let world = world_of_at_most(1, eve).await;
    for n in 0..3 {
        world
            .deliver(eve, &letter(&format!("Letter {n}"), "x"))
            .await
            .expect("delivered");
    }
    let app = TestApp::start(&world).await;
    let mut client = app.client();
    client.sign_in(eve, PASSWORD).await;
    let inbox = inbox_of(&client).await;
    // The watcher and a search both want a connection of their own, and find that they get none.
    let mut events = client.events(&path::events(Some(&inbox))).await;
    for _ in 0..3 {
        let (list, search, folders) = (
            path::mailbox(&inbox, 50),
            path::search(&inbox, "Letter"),
            path::MAILBOXES,
        );
        let (list, search, folders) =
            tokio::join!(client.get(&list), client.get(&search), client.get(folders));
        assert_eq!(
            list.good()
                .json::<whimbrel_shared::MailboxSnapshot>()
                .uids
                .len(),
            3
        );
        drop(search.good());
        drop(folders.good());
    }
    world
        .deliver(eve, &letter("News", "x"))
        .await
        .expect("delivered");
    let news = async {
        loop {
            match events.next().await.expect("news") {
                Event::Mailboxes { list } if list.mailboxes[0].total_emails == 4 => return,
                Event::MailServerLost => panic!("one connection is no loss"),
                _ => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), news)
        .await
        .expect("news of new mail");
}

#[tokio::test]
async fn an_account_whose_watcher_holds_the_only_connection_gets_it_for_a_person() {
    // The mail server begins to refuse more than one while the watcher has the one there is.
    let honest = || one_letter(" BODYSTRUCTURE NIL", "{tag} OK\r\n");
    let peer = ScriptedImap::start(honest()).await;
    let app = TestApp::with_imap_port(world().await, peer.port()).await;
    let mut client = app.client();
    client.sign_in(&somebody(), PASSWORD).await;
    let inbox = inbox_of(&client).await;
    let mut events = client.events(&path::events(Some(&inbox))).await;
    while !matches!(events.next().await, Some(Event::Mailboxes { .. })) {}
    let full = "{tag} NO [UNAVAILABLE] Maximum number of connections exceeded\r\n";
    peer.rewrite(honest().once("AUTHENTICATE", [send(full)]));
    drop(client.get(&path::search(&inbox, "x")).await.good());
    for _ in 0..5 {
        drop(client.get(&path::mailbox(&inbox, 50)).await.good());
        drop(client.get(&path::search(&inbox, "x")).await.good());
    }
    let gives_up = async {
        while !peer.heard().iter().any(|line| line.starts_with("LOGOUT")) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let given_up = tokio::time::timeout(Duration::from_secs(5), gives_up).await;
    given_up.unwrap_or_else(|_| panic!("the watcher keeps its connection: {:?}", peer.heard()));
}

#[tokio::test]
async fn a_second_device_signs_in_though_the_first_has_all_connections_there_are() {
    for at_most in [1, 2] {
        let eve = "eve@whimbrel.example";
        let world = world_of_at_most(at_most, eve).await;
        let app = TestApp::start(&world).await;
        let (mut desk, mut phone) = (app.client(), app.client());
        desk.sign_in(eve, PASSWORD).await;
        let inbox = inbox_of(&desk).await;
        let mut events = desk.events(&path::events(Some(&inbox))).await;
        while !matches!(events.next().await, Some(Event::Mailboxes { .. })) {}
        let stranger = SignIn {
            address: eve.to_owned(),
            password: "a guess".to_owned(),
            shared: false,
        };
        let refused = app.client().post(path::SESSION, &stranger).await.error();
        assert_eq!(refused.code, ErrorCode::WrongPassword);
        phone.sign_in(eve, PASSWORD).await;
        for client in [&desk, &phone, &desk] {
            drop(client.get(&path::mailbox(&inbox, 50)).await.good());
        }
    }
}

#[tokio::test]
async fn signing_in_again_leaves_no_connection_behind() {
    let peer = ScriptedImap::start(one_letter(" BODYSTRUCTURE NIL", "{tag} OK\r\n")).await;
    let app = TestApp::with_imap_port(world().await, peer.port()).await;
    let address = somebody();
    let (mut desk, mut phone) = (app.client(), app.client());
    desk.sign_in(&address, PASSWORD).await;
    let inbox = inbox_of(&desk).await;
    phone.sign_in(&address, PASSWORD).await;
    let list = path::mailbox(&inbox, 50);
    drop(phone.get(&list).await.good());
    assert_eq!(heard(&peer, "LOGOUT"), 1, "{:?}", peer.heard());
    drop(desk.get(&list).await.good());
    assert_eq!(heard(&peer, "AUTHENTICATE"), 2);
}

#[tokio::test]
async fn whoever_waits_for_a_list_does_not_wait_for_a_search() {
    let slow = vec![
        Reaction::Wait(Duration::from_secs(3)),
        send("* SEARCH 7\r\n{tag} OK\r\n"),
    ];
    let script =
        one_letter(" BODYSTRUCTURE NIL", "{tag} OK\r\n").first("UID SEARCH CHARSET", slow.clone());
    let script = script
        .first("UID SEARCH OR", slow.clone())
        .first("UID SEARCH TEXT", slow);
    let peer = ScriptedImap::start(script).await;
    let app = TestApp::with_imap_port(world().await, peer.port()).await;
    let mut client = app.client();
    client.sign_in(&somebody(), PASSWORD).await;
    let inbox = inbox_of(&client).await;
    drop(client.get(&path::mailbox(&inbox, 50)).await.good());
    let timed = async |url: String| {
        let began = Instant::now();
        drop(client.get(&url).await.good());
        began.elapsed()
    };
    let (search, list) = tokio::join!(timed(path::search(&inbox, "waders")), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        timed(path::mailbox(&inbox, 50)).await
    });
    assert!(
        search > Duration::from_secs(2),
        "the search is slow: {search:?}, {:?}",
        peer.heard()
    );
    assert!(list < Duration::from_secs(1), "the list is not: {list:?}");
}

/// A mail server that refused more than one connection once, after somebody had signed in and listened.
async fn full_once() -> (ScriptedImap, TestApp, TestClient, EventStream) {
    let honest = || one_letter(" BODYSTRUCTURE NIL", "{tag} OK\r\n");
    let peer = ScriptedImap::start(honest()).await;
    let app = TestApp::with_imap_port(world().await, peer.port()).await;
    let mut client = app.client();
    client.sign_in(&somebody(), PASSWORD).await;
    let inbox = inbox_of(&client).await;
    let mut events = client.events(&path::events(Some(&inbox))).await;
    while !matches!(events.next().await, Some(Event::Mailboxes { .. })) {}
    let full = "{tag} NO [UNAVAILABLE] Maximum number of connections exceeded\r\n";
    peer.rewrite(honest().once("AUTHENTICATE", [send(full)]));
    drop(client.get(&path::search(&inbox, "x")).await.good());
    (peer, app, client, events)
}

pub(crate) fn heard(peer: &ScriptedImap, command: &str) -> usize {
    let heard = peer.heard();
    heard.iter().filter(|c| c.starts_with(command)).count()
}

#[tokio::test]
async fn with_one_connection_the_folders_are_not_listed_all_the_time() {
    let (peer, _app, _client, _events) = full_once().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (lists, looks) = (heard(&peer, "LIST"), heard(&peer, "NOOP"));
    tokio::time::sleep(Duration::from_secs(7)).await;
    let lists = heard(&peer, "LIST") - lists;
    let looks = heard(&peer, "NOOP") - looks;
    assert!(lists <= 2, "{lists} lists in seven seconds");
    assert!(
        looks >= 2,
        "the open folder is looked at: {:?}",
        peer.heard()
    );
}

#[tokio::test]
async fn an_account_that_was_refused_a_connection_tries_for_one_again() {
    let (peer, _app, _client, _events) = full_once().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let signed_in = heard(&peer, "AUTHENTICATE");
    // Steps within which no idle connection is given back.
    for _ in 0..2 {
        let_pass(Duration::from_secs(4 * 60)).await;
    }
    assert_eq!(heard(&peer, "AUTHENTICATE"), signed_in);
    let_pass(Duration::from_secs(4 * 60)).await;
    let_pass(Duration::from_secs(2)).await;
    let more = heard(&peer, "AUTHENTICATE") - signed_in;
    assert_eq!(more, 1, "the watcher has its own again: {:?}", peer.heard());
}

/// Lets time pass for whoever waits, without waiting.
pub(crate) async fn let_pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
    tokio::time::sleep(Duration::from_millis(300)).await;
}

#[tokio::test]
async fn a_connection_nobody_uses_is_given_back() {
    let peer = ScriptedImap::start(one_letter(" BODYSTRUCTURE NIL", "{tag} OK\r\n")).await;
    let app = TestApp::with_imap_port(world().await, peer.port()).await;
    let mut client = app.client();
    client.sign_in(&somebody(), PASSWORD).await;
    let inbox = inbox_of(&client).await;
    drop(client.get(&path::search(&inbox, "x")).await.good());
    let goodbyes = || {
        peer.heard()
            .iter()
            .filter(|line| line.starts_with("LOGOUT"))
            .count()
    };
    assert_eq!(goodbyes(), 0);
    let_pass(Duration::from_secs(31)).await;
    assert_eq!(goodbyes(), 1, "the one for searches after half a minute");
    let_pass(Duration::from_secs(5 * 60)).await;
    assert_eq!(goodbyes(), 2, "the other after five minutes");
    drop(client.get(&path::mailbox(&inbox, 50)).await.good());
}

#[tokio::test]
async fn many_tabs_of_one_account_share_its_connections() {
    let world = world().await;
    let address = somebody();
    let app = TestApp::start(world).await;
    let mut client = app.client();
    client.sign_in(&address, PASSWORD).await;
    let inbox = inbox_of(&client).await;
    let mut tabs = Vec::new();
    for _ in 0..20 {
        tabs.push(client.events(&path::events(Some(&inbox))).await);
    }
    let list = path::mailbox(&inbox, 50);
    let asked = (0..100).map(|_| client.get(&list));
    for response in futures_util::future::join_all(asked).await {
        drop(response.good());
    }
    let _: MailboxList = client.get(path::MAILBOXES).await.good().json();
    drop(ImapClient::signed_in(world.dovecot.ports.imap, &address, PASSWORD).await);
    let log = world.dovecot.log();
    let sign_ins = log
        .lines()
        .filter(|line| line.contains("Login: user=") && line.contains(&address))
        .count();
    assert!(
        sign_ins <= 4,
        "{sign_ins} sign-ins: a person, a watcher, searches and the second program"
    );
}
