//! Pictures from elsewhere: what is asked of whom, and what is taken for a picture.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use url::Url;

use super::{Error, Pictures};
use crate::{config::network::Network, tls::TlsClient};

const GIF: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\
    \x00\x00\x02\x02\x44\x01\x00\x3b";

/// A web server on this machine that answers each path in its own way, and what it was asked.
struct Elsewhere {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Elsewhere {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let log = Arc::clone(&log);
                tokio::spawn(async move {
                    let mut request = vec![0; 4096];
                    let length = stream.read(&mut request).await.unwrap_or(0);
                    let request = String::from_utf8_lossy(&request[..length]).into_owned();
                    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                    log.lock().unwrap().push(request);
                    let _ = stream.write_all(&answer(&path, address.port())).await;
                });
            }
        });
        Self { address, asked }
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(path: &str, port: u16) -> Vec<u8> {
    let whole = |kind: &str, body: &[u8]| {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    let moved = |to: &str| format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\n\r\n").into_bytes();
    match path {
        "/a.gif" => whole("text/html", GIF),
        "/moved" => moved("/a.gif"),
        "/round" => moved("/round"),
        "/inside" => moved(&format!("http://127.0.0.2:{port}/a.gif")),
        "/file" => moved("file:///etc/passwd"),
        "/page" => whole("image/png", b"<!doctype html><script>alert(1)</script>"),
        "/svg" => whole(
            "image/svg+xml",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        ),
        "/bomb" => whole(
            "image/gif",
            b"GIF89a\xff\xff\xff\xff\x80\x00\x00\xff\xff\xff\x00\x00\x00\x3b",
        ),
        "/endless" => {
            let mut bytes = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
            bytes.extend_from_slice(GIF);
            bytes.resize(11 << 20, 0);
            bytes
        }
        "/head" => {
            let mut bytes = b"HTTP/1.1 200 OK\r\nX: ".to_vec();
            bytes.resize(1 << 20, b'x');
            bytes
        }
        _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
    }
}

fn pictures(networks: &[&str]) -> Pictures {
    let networks = networks
        .iter()
        .filter_map(|text| Network::parse(text))
        .collect();
    Pictures::new(TlsClient::new(None).unwrap(), networks)
}

#[tokio::test]
async fn a_picture_comes_with_its_true_type_and_is_asked_for_once() {
    let elsewhere = Elsewhere::start().await;
    let pictures = pictures(&["127.0.0.1"]);
    let (one, other) = (elsewhere.url("/a.gif"), elsewhere.url("/a.gif"));
    let (one, other) = tokio::join!(pictures.get(&one), pictures.get(&other));
    assert_eq!(one.as_ref().unwrap().media_type, "image/gif");
    assert_eq!(one.unwrap(), other.unwrap());
    assert!(pictures.get(&elsewhere.url("/a.gif")).await.is_ok());
    let asked = elsewhere.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    let head = asked[0].to_ascii_lowercase();
    for name in [
        "cookie",
        "referer",
        "accept-language",
        "authorization",
        "forwarded",
        "origin",
    ] {
        assert!(!head.contains(&format!("\r\n{name}")), "{head}");
    }
}

#[tokio::test]
async fn it_may_lead_on_but_not_to_the_inside() {
    let elsewhere = Elsewhere::start().await;
    let pictures = pictures(&["127.0.0.1"]);
    let get = async |path| {
        pictures
            .get(&elsewhere.url(path))
            .await
            .map_err(|error| (*error).clone())
    };
    assert!(get("/moved").await.is_ok());
    assert_eq!(get("/round").await, Err(Error::Redirects));
    assert_eq!(get("/inside").await, Err(Error::Private));
    assert_eq!(get("/file").await, Err(Error::Form));
}

#[tokio::test]
async fn what_is_no_picture_is_not_passed_on() {
    let elsewhere = Elsewhere::start().await;
    let pictures = pictures(&["127.0.0.1"]);
    for (path, error) in [
        ("/page", Error::NotAPicture),
        ("/svg", Error::NotAPicture),
        ("/nowhere", Error::NotAPicture),
        ("/bomb", Error::Large),
        ("/endless", Error::Large),
    ] {
        let answer = pictures.get(&elsewhere.url(path)).await;
        assert_eq!(*answer.unwrap_err(), error, "{path}");
    }
    let endless_head = pictures.get(&elsewhere.url("/head")).await;
    assert!(matches!(*endless_head.unwrap_err(), Error::Unreachable(_)));
}

/// This machine, its neighbours and the like, as addresses can be written.
const INSIDE: &str = "127.0.0.1 127.1 2130706433 0x7f000001 0x7f.1 017700000001 0177.0.0.1 127.0.0.1. 127。0。0。1 \
    ①②⑦.⓪.⓪.① %31%32%37.0.0.1 localhost LOCALHOST. 0 0.0.0.0 [::] [::1] [0:0:0:0:0:0:0:1] \
    [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] \
    169.254.169.254 [fe80::1] [fd00:ec2::254] 10.0.0.1 192.168.0.1 172.16.0.1 100.64.0.1 \
    224.0.0.1 255.255.255.255";

#[tokio::test]
async fn no_spelling_leads_inside() {
    let elsewhere = Elsewhere::start().await;
    let pictures = pictures(&[]);
    let port = elsewhere.address.port();
    for host in INSIDE.split_whitespace() {
        for place in [host.to_owned(), format!("{host}:{port}")] {
            let Ok(url) = Url::parse(&format!("http://{place}/a.gif")) else {
                continue; // no address at all
            };
            let error = pictures.get(&url).await.unwrap_err();
            let is_name = matches!(url.host(), Some(url::Host::Domain(_)));
            let is_unknown = is_name && matches!(*error, Error::Unreachable(_));
            assert!(is_unknown || *error == Error::Private, "{url}: {error}");
        }
    }
    assert_eq!(elsewhere.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn only_usual_ways_of_asking_are_used() {
    let pictures = pictures(&[]);
    for form in [
        "ftp://1.1.1.1/a.gif",
        "file:///etc/passwd",
        "data:image/gif;base64,R0lGOD==",
        "http://somebody@1.1.1.1/a.gif",
        "https://a:b@1.1.1.1/a.gif",
        "gopher://1.1.1.1/",
    ] {
        let error = pictures.get(&Url::parse(form).unwrap()).await.unwrap_err();
        assert_eq!(*error, Error::Form, "{form}");
    }
    let unusual_port = Url::parse("http://1.1.1.1:25/a.gif").unwrap();
    assert_eq!(
        *pictures.get(&unusual_port).await.unwrap_err(),
        Error::Private
    );
}
