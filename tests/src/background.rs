//! Work in a thread of its own, so that it outlives the test that started it and ends with its owner.

use std::{future::Future, io};

use tokio::sync::oneshot;

/// Work that goes on until this is dropped.
pub(crate) struct Background {
    _stop: oneshot::Sender<()>,
}

impl Background {
    /// Does what `work` gives, in a thread with a runtime of its own.
    pub(crate) fn start<F>(work: impl FnOnce() -> F + Send + 'static) -> io::Result<Self>
    where
        F: Future<Output = io::Result<()>>,
    {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => Ok(()),
                    ended = work() => ended,
                }
            })
        });
        Ok(Self { _stop: stop })
    }
}
