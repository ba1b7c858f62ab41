//! Work that can be stopped: dropping its future stops what it does.

use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::Pin,
    rc::Rc,
    task::Poll,
};

use super::timers;

type Slot = Rc<RefCell<Option<Pin<Box<dyn Future<Output = ()>>>>>>;

/// Stops a piece of work. Dropping it stops nothing.
#[derive(Clone)]
pub struct Stop(Slot);

impl Stop {
    /// Drops the work, unless it is done.
    pub fn stop(&self) {
        // Dropped after the borrow ends, since dropping may run anything.
        let work = self
            .0
            .try_borrow_mut()
            .ok()
            .and_then(|mut slot| slot.take());
        drop(work);
    }
}

/// Begins a piece of work that can be stopped.
pub fn spawn(work: impl Future<Output = ()> + 'static) -> Stop {
    let slot: Slot = Rc::new(RefCell::new(Some(Box::pin(work))));
    let running = Rc::clone(&slot);
    timers::spawn(poll_fn(move |context| {
        let mut slot = running.borrow_mut();
        let Some(work) = slot.as_mut() else {
            return Poll::Ready(());
        };
        let done = work.as_mut().poll(context);
        if done.is_ready() {
            *slot = None;
        }
        done
    }));
    Stop(slot)
}
