//! One picture by HTTP, from wherever its address leads on to: every such place is allowed anew.

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use url::Url;

use super::{
    Error, Picture,
    exchange::{exchange, unreachable},
};
use crate::{config::network::Network, message::picture, tls::TlsClient};

/// Addresses after the first.
const MOST_REDIRECTS: usize = 5;
/// Bytes of a picture.
const MOST_BYTES: usize = 10 << 20;
/// What a picture may be.
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
    let request = Request::get("/").header(header::ACCEPT, ACCEPT);
    // What keeps the line open stays until the picture is read.
    let mut answer = exchange(url, (networks, tls), request, Bytes::new()).await?;
    let response = &mut answer.response;
    if response.status().is_redirection() {
        let next = response.headers().get(header::LOCATION);
        let next = next.and_then(|next| next.to_str().ok());
        let next = next.and_then(|next| url.join(next).ok());
        return next.map(Answer::Elsewhere).ok_or(Error::NotAPicture);
    }
    if response.status() != StatusCode::OK {
        return Err(Error::NotAPicture);
    }
    read(response.body_mut()).await.map(Answer::Picture)
}

/// Reads to the end, or to where it is seen to be no picture or too large a one.
async fn read(body: &mut Incoming) -> Result<Picture, Error> {
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
