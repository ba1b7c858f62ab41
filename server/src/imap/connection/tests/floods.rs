//! A server that talks without end is cut off, signed in or not, and takes a bounded amount of memory.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

use super::Error;
use crate::imap::{Result, connect, scripted::login};

/// The most it may say in answer to one question.
const LIMIT: usize = 64 << 20;

/// Asks a server that says `line` again and again, from sign-in on or only afterwards; gives what came of it, and how
/// many bytes the server said.
async fn flooded(line: &str, from_sign_in_on: bool) -> (Result<()>, usize) {
    let (ours, mut theirs) = duplex(1 << 16);
    let line = line.to_owned();
    let server = tokio::spawn(async move {
        let greeting = b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n";
        theirs.write_all(greeting).await.unwrap();
        let mut asked = [0; 4096];
        let _ = theirs.read(&mut asked).await;
        if !from_sign_in_on {
            let welcome = b"A0001 OK [CAPABILITY IMAP4rev1] in\r\n";
            theirs.write_all(welcome).await.unwrap();
            let _ = theirs.read(&mut asked).await;
        }
        let mut said = 0;
        while said < 2 * LIMIT && theirs.write_all(line.as_bytes()).await.is_ok() {
            said += line.len();
        }
        said
    });
    let asking = async {
        let met = connect::meet(Box::new(ours), true).await?;
        let mut conn = connect::sign_in(met, &[], &login()).await?;
        let answer = conn.noop().await;
        assert!(!conn.is_usable());
        answer
    };
    let answer = asking.await;
    (answer, server.await.unwrap())
}

#[tokio::test]
async fn whoever_floods_is_cut_off() {
    let literal = format!("* X {{1000000}}\r\n{}\r\n", "x".repeat(1_000_000));
    let row = format!("* 1 FETCH (UID 1 BODY[] \"{}\")\r\n", "x".repeat(1_000_000));
    for line in [&literal, &row] {
        for from_sign_in_on in [false, true] {
            let (answer, said) = flooded(line, from_sign_in_on).await;
            assert!(matches!(answer, Err(Error::Lost(_))), "{answer:?}");
            assert!((LIMIT..LIMIT + (8 << 20)).contains(&said), "{said} bytes");
        }
    }
}

#[tokio::test]
async fn a_line_without_end_is_cut_off() {
    for from_sign_in_on in [false, true] {
        let (answer, said) = flooded(&"* x".repeat(10_000), from_sign_in_on).await;
        assert!(matches!(answer, Err(Error::Lost(_))), "{answer:?}");
        assert!(said < 16 << 20, "{said} bytes");
    }
}
