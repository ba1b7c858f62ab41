//! One request by HTTP and the beginning of its answer: the address is looked up once, every address it has must be
//! allowed, and that very one is connected to. Follows nothing, and adds nothing that tells one reader from another.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{Response, header, request};
use http_body_util::Full;
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

use super::{Error, address};
use crate::{config::network::Network, tls::TlsClient};

/// For one address to answer at all.
const TO_CONNECT: Duration = Duration::from_secs(4);
/// Bytes of an answer's header.
const MOST_HEADER: usize = 64 << 10;
/// What everybody asks with. No language, no referrer, no cookie.
const USER_AGENT: &str = "Mozilla/5.0 (compatible; mail picture proxy)";

/// An answer, whose body can be read as long as this lives.
pub(super) struct Answer {
    pub(super) response: Response<Incoming>,
    _connection: AbortOnDropHandle<hyper::Result<()>>,
}

/// Sends `request`, which needs a method, to `url`.
pub(super) async fn exchange(
    url: &Url,
    (networks, tls): (&[Network], &TlsClient),
    request: request::Builder,
    body: Bytes,
) -> Result<Answer, Error> {
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
        return talk(url, stream, request, body).await;
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
    talk(url, stream, request, body).await
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
    request: request::Builder,
    body: Bytes,
) -> Result<Answer, Error> {
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MOST_HEADER)
        .handshake::<_, Full<Bytes>>(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    let connection = AbortOnDropHandle::new(tokio::spawn(connection));
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let request = request
        .uri(target)
        .header(header::HOST, authority)
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::CONNECTION, "close")
        .body(Full::new(body))
        .map_err(|_| Error::Form)?;
    let response = sender.send_request(request).await.map_err(unreachable)?;
    Ok(Answer {
        response,
        _connection: connection,
    })
}

pub(super) fn unreachable(error: impl std::fmt::Display) -> Error {
    Error::Unreachable(error.to_string())
}
