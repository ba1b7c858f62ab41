//! Which messages are being dragged, for as long as the drag lasts.

use leptos::prelude::*;

use super::targets::Targets;

/// The messages that are being dragged.
#[derive(Clone, Copy)]
pub struct Dragging {
    targets: RwSignal<Option<Targets>>,
}

impl Dragging {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self {
            targets: RwSignal::new(None),
        }
    }

    /// What is being dragged.
    #[must_use]
    pub fn targets(&self) -> Option<Targets> {
        self.targets.get()
    }

    /// A drag begins.
    pub fn begin(&self, targets: Targets) {
        self.targets.set(Some(targets));
    }

    /// The drag is over, dropped or not; what was dragged.
    pub fn end(&self) -> Option<Targets> {
        let targets = self.targets.get_untracked();
        if targets.is_some() {
            self.targets.set(None);
        }
        targets
    }
}

impl Default for Dragging {
    fn default() -> Self {
        Self::new()
    }
}
