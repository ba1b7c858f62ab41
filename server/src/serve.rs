//! Serves HTTP/1.1: a deadline for the head of a request, and an orderly end.
//! TLS is a reverse proxy's business.

use std::{future::Future, io, net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use tower_http::timeout::TimeoutBody;

use crate::{auth, router::router, state::AppState};

/// Somebody who takes longer to send the head of a request holds the connection for nothing.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// A body of which nothing arrives for so long is given up.
const BODY_STALL: Duration = Duration::from_secs(30);
/// How long requests under way may take to end when the server stops.
const STOP_DEADLINE: Duration = Duration::from_secs(30);
/// The head of a request, bytes.
const HEAD_LIMIT: usize = 64 * 1024;

/// Serves until `shutdown` is ready and what was under way has ended.
///
/// # Errors
/// If the listener's address cannot be told. A connection that cannot be accepted is only logged.
pub async fn serve(
    app: AppState,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    tracing::info!(address = %listener.local_addr()?, public_url = app.config.public_url, "serving");
    let routes = router(AppState::clone(&app));
    let sweeper = tokio::spawn(auth::sweep(AppState::clone(&app)));
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let stopping = app.stopping.clone();
                    connections.spawn(serve_connection(routes.clone(), stream, peer, stopping));
                }
                Err(error) => wait_after(&error).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    tracing::info!("stopping");
    app.stopping.cancel();
    sweeper.abort();
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(STOP_DEADLINE, all_ended)
        .await
        .is_err()
    {
        tracing::warn!("requests under way were cut off");
    }
    drop(connections);
    app.store.close().await;
    Ok(())
}

async fn serve_connection(
    routes: Router,
    stream: TcpStream,
    peer: SocketAddr,
    stopping: CancellationToken,
) {
    // Answers are written whole; waiting for more to send costs up to 40 ms.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(routes.map_request(
        move |mut request: http::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request.map(|body| axum::body::Body::new(TimeoutBody::new(BODY_STALL, body)))
        },
    ));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_buf_size(HEAD_LIMIT)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// A client that went away is nothing; no free file descriptors is a reason to wait.
async fn wait_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    ) {
        tracing::error!(%error, "a connection cannot be accepted");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
