//! Mechanisms against the examples of their RFCs, and servers that cannot prove who they are.

use std::sync::atomic::Ordering;

use async_imap::Authenticator as _;

use super::{Exchange, Mechanism};
use crate::{
    account::{Login, Secret},
    imap::capabilities::Capabilities,
};

fn login() -> Login {
    Login {
        user: "user".to_owned(),
        password: "pencil".to_owned().into(),
        secret: Secret::Password,
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const NONCE: &str = "rOprNGfwEbeRWgbNEkqO";
const SERVER_FIRST: &str = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                            s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

/// The example of RFC 7677 §3.
#[test]
fn scram_goes_as_in_its_rfc() {
    let mut exchange = Exchange::begin(Mechanism::ScramSha256, &login(), NONCE.to_owned());
    let proof = exchange.proof();
    assert_eq!(text(&exchange.process(b"")), format!("n,,n=user,r={NONCE}"));
    assert_eq!(
        text(&exchange.process(SERVER_FIRST.as_bytes())),
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
         p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    );
    assert!(!proof.load(Ordering::Relaxed));
    exchange.process(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    assert!(proof.load(Ordering::Relaxed));
}

#[test]
fn a_server_that_does_not_know_the_password_is_found_out() {
    for last in [
        "v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        "e=other-error",
        "",
    ] {
        let mut exchange = Exchange::begin(Mechanism::ScramSha256, &login(), NONCE.to_owned());
        let proof = exchange.proof();
        exchange.process(b"");
        exchange.process(SERVER_FIRST.as_bytes());
        exchange.process(last.as_bytes());
        assert!(!proof.load(Ordering::Relaxed), "{last}");
    }
}

#[test]
fn nonsense_is_answered_with_nothing_of_use() {
    let short = format!("r={NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    let foreign = "r=another%hvYDpWUa2RaTCAfuxFIlj,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    let endless = SERVER_FIRST.replace("4096", "4294967295");
    for challenge in ["", "r=", &short, foreign, &endless, "\u{fffd},,,="] {
        let mut exchange = Exchange::begin(Mechanism::ScramSha256, &login(), NONCE.to_owned());
        exchange.process(b"");
        assert_eq!(text(&exchange.process(challenge.as_bytes())), "*");
    }
}

#[test]
fn login_tells_the_name_and_then_the_password() {
    let mut exchange = Exchange::begin(Mechanism::Login, &login(), String::new());
    assert!(exchange.initial().is_none());
    assert_eq!(text(&exchange.process(b"User Name\0")), "user");
    assert_eq!(text(&exchange.process(b"Password\0")), "pencil");
}

#[test]
fn the_mechanism_is_what_the_server_offers() {
    let offered = |words: &str| {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        Mechanism::choose(&Capabilities::read(&words), Secret::Password)
    };
    let all = "AUTH=LOGIN AUTH=SCRAM-SHA-256 AUTH=PLAIN";
    assert_eq!(offered(all), Some(Mechanism::Plain));
    let scram = "AUTH=LOGIN AUTH=SCRAM-SHA-256";
    assert_eq!(offered(scram), Some(Mechanism::ScramSha256));
    assert_eq!(offered("AUTH=LOGIN"), Some(Mechanism::Login));
    assert_eq!(offered("AUTH=GSSAPI"), None);
}

#[test]
fn a_token_goes_by_what_is_made_for_tokens() {
    let offered = |words: &str| {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        Mechanism::choose(&Capabilities::read(&words), Secret::Token)
    };
    let both = "AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER";
    assert_eq!(offered(both), Some(Mechanism::OAuthBearer));
    assert_eq!(offered("AUTH=PLAIN AUTH=XOAUTH2"), Some(Mechanism::XOAuth2));
    assert_eq!(offered("AUTH=PLAIN AUTH=LOGIN"), None);
}

/// The shapes of RFC 7628 §4.1 and of Google's description; then the server says why not.
#[test]
fn a_refused_token_ends_the_exchange() {
    for (mechanism, first, second) in [
        (
            Mechanism::OAuthBearer,
            "n,a=user,\u{1}auth=Bearer pencil\u{1}\u{1}",
            "\u{1}",
        ),
        (
            Mechanism::XOAuth2,
            "user=user\u{1}auth=Bearer pencil\u{1}\u{1}",
            "",
        ),
    ] {
        let mut exchange = Exchange::begin(mechanism, &login(), String::new());
        assert!(exchange.proof().load(Ordering::Relaxed));
        assert_eq!(text(&exchange.process(b"")), first);
        let why = exchange.process(b"{\"status\":\"invalid_token\"}");
        assert_eq!(text(&why), second);
    }
}
