//! A place where one future waits for a value that other code of the same thread brings.

use std::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

/// The side that brings the value.
pub(crate) struct Bring<V>(Rc<RefCell<Slot<V>>>);

/// The side that waits; for ever, if the other side is dropped without a value.
pub(crate) struct Wait<V>(Rc<RefCell<Slot<V>>>);

struct Slot<V> {
    value: Option<V>,
    waker: Option<Waker>,
}

/// Both sides.
pub(crate) fn wait<V>() -> (Bring<V>, Wait<V>) {
    let slot = Rc::new(RefCell::new(Slot {
        value: None,
        waker: None,
    }));
    (Bring(Rc::clone(&slot)), Wait(slot))
}

impl<V> Bring<V> {
    /// Brings the value.
    pub(crate) fn bring(self, value: V) {
        let waker = {
            let mut slot = self.0.borrow_mut();
            slot.value = Some(value);
            slot.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<V> Future for Wait<V> {
    type Output = V;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<V> {
        let mut slot = self.0.borrow_mut();
        if let Some(value) = slot.value.take() {
            return Poll::Ready(value);
        }
        slot.waker = Some(context.waker().clone());
        Poll::Pending
    }
}
