//! One picture by HTTP: the address is looked up once, every address it has must be allowed, and that very one is
//! connected to; the same at every place it leads on to. Sends nothing that tells one reader from another.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Empty};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use tokio_util::task::AbortOnDropHandle;
use url::{Host, Url};

use super::{Error, Picture, address};
use crate::{config::network::Network, message::picture, tls::TlsClient};

/// For one address to answer at all.
const TO_CONNECT: Duration = Duration::from_secs(4);
/// Addresses after the first.
const MOST_REDIRECTS: usize = 5;
/// Bytes of a picture.
const MOST_BYTES: usize = 10 << 20;
/// Bytes of an answer's header.
const MOST_HEADER: usize = 64 << 10;
/// What every picture is asked with. No language, no referrer, no cookie.
const USER_AGENT: &str = "Mozilla/5.0 (compatible; mail picture proxy)";
const ACCEPT: &str = "image/webp,image/png,image/jpeg,image/gif";

/// What an address answered.
enum Answer {
    Picture(Picture),
    Elsewhere(Url),
}

/// The picture at `url`.
pub(super) async fn picture(
    url: &Url,
    networks: &[Network],
    tls: &TlsClient,
) -> Result<Picture, Error> {
    let mut url = url.clone();
    for _ in 0..=MOST_REDIRECTS {
        match ask(&url, networks, tls).await? {
            Answer::Picture(picture) => return Ok(picture),
            Answer::Elsewhere(next) => url = next,
        }
    }
    Err(Error::Redirects)
}

async fn ask(url: &Url, networks: &[Network], tls: &TlsClient) -> Result<Answer, Error> {
    let (is_tls, port) = match url.scheme() {
        "https" => (true, 443),
        "http" => (false, 80),
        _ => return Err(Error::Form),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::Form);
    }
    let addresses = look_up(url, port).await?;
    let is_inside = |address: &SocketAddr| {
        let ip = address.ip().to_canonical();
        networks.iter().any(|network| network.contains(ip))
    };
    let is_allowed = |address: &SocketAddr| {
        is_inside(address) || (address.port() == port && address::is_public(address.ip()))
    };
    // One that is not public among others that are is a trick, or a mistake of nobody we need to please.
    if !addresses.iter().all(is_allowed) {
        return Err(Error::Private);
    }
    let stream = connect(&addresses).await?;
    if !is_tls {
        return talk(url, stream).await;
    }
    let host = url.host_str().ok_or(Error::Form)?;
    let name = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let name = ServerName::try_from(name).map_err(|_| Error::Form)?;
    let stream = TlsConnector::from(tls.0.clone())
        .connect(name, stream)
        .await
        .map_err(unreachable)?;
    talk(url, stream).await
}

async fn look_up(url: &Url, usual_port: u16) -> Result<Vec<SocketAddr>, Error> {
    let port = url.port().unwrap_or(usual_port);
    let addresses: Vec<SocketAddr> = match url.host().ok_or(Error::Form)? {
        Host::Ipv4(address) => vec![(address, port).into()],
        Host::Ipv6(address) => vec![(address, port).into()],
        Host::Domain(name) => tokio::net::lookup_host((name, port))
            .await
            .map_err(unreachable)?
            .collect(),
    };
    if addresses.is_empty() {
        return Err(Error::Unreachable("it has no address".to_owned()));
    }
    Ok(addresses)
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, Error> {
    let mut failed = Error::Slow;
    for address in addresses {
        match timeout(TO_CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failed = unreachable(error),
            Err(_) => failed = Error::Slow,
        }
    }
    Err(failed)
}

async fn talk(
    url: &Url,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Result<Answer, Error> {
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MOST_HEADER)
        .handshake::<_, Empty<Bytes>>(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    let _connection = AbortOnDropHandle::new(tokio::spawn(connection));
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let request = Request::get(target)
        .header(header::HOST, authority)
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::ACCEPT, ACCEPT)
        .header(header::CONNECTION, "close")
        .body(Empty::new())
        .map_err(|_| Error::Form)?;
    let response = sender.send_request(request).await.map_err(unreachable)?;
    if response.status().is_redirection() {
        let next = response.headers().get(header::LOCATION);
        let next = next.and_then(|next| next.to_str().ok());
        let next = next.and_then(|next| url.join(next).ok());
        return next.map(Answer::Elsewhere).ok_or(Error::NotAPicture);
    }
    if response.status() != StatusCode::OK {
        return Err(Error::NotAPicture);
    }
    read(response.into_body()).await.map(Answer::Picture)
}

/// Reads to the end, or to where it is seen to be no picture or too large a one.
async fn read(mut body: Incoming) -> Result<Picture, Error> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(unreachable)?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        if bytes.len() + data.len() > MOST_BYTES {
            return Err(Error::Large);
        }
        bytes.extend_from_slice(data);
        if bytes.len() >= picture::TOLD_BY && picture::media_type(&bytes).is_none() {
            return Err(Error::NotAPicture);
        }
    }
    let media_type = picture::media_type(&bytes).ok_or(Error::NotAPicture)?;
    if !picture::is_bounded(&bytes) {
        return Err(Error::Large);
    }
    bytes.shrink_to_fit();
    Ok(Picture {
        media_type,
        bytes: bytes.into(),
    })
}

fn unreachable(error: impl std::fmt::Display) -> Error {
    Error::Unreachable(error.to_string())
}
