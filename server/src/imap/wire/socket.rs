//! The TCP socket, without the two delays that make a dialogue slow: Nagle's algorithm on our side,
//! and on the server's side its wait for an acknowledgement that our kernel would put off by 40 ms.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// A TCP stream that acknowledges at once what it has read, when there is no more to read.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    /// Whether anything was read that was not acknowledged so.
    owes: bool,
}

impl Socket {
    /// Takes over a connected stream.
    pub(crate) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            owes: false,
        })
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let socket = self.get_mut();
        let read = Pin::new(&mut socket.stream).poll_read(cx, buf);
        socket.owes |= read.is_ready();
        #[cfg(target_os = "linux")]
        if read.is_pending() && std::mem::take(&mut socket.owes) {
            // The kernel forgets this setting again and again. Failing to set it costs only time.
            let _ = socket.stream.set_quickack(true);
        }
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
