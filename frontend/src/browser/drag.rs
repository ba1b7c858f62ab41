//! Dragging messages onto folders, by HTML5 drag and drop.

use web_sys::DragEvent;

/// What a drag of messages is known by, for as long as it lasts. Other pages cannot make it.
const KIND: &str = "application/x-whimbrel-messages";

/// Begins a drag; `words` is what another program gets that takes text.
pub fn begin(event: &DragEvent, words: &str) {
    if let Some(data) = event.data_transfer() {
        let _ = data.set_data(KIND, "1");
        let _ = data.set_data("text/plain", words);
        data.set_effect_allowed("move");
    }
}

/// Whether messages are being dragged.
#[must_use]
pub fn is_ours(event: &DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|data| data.types().includes(&KIND.into(), 0))
}

/// Lets what is dragged be dropped here.
pub fn accept(event: &DragEvent) {
    event.prevent_default();
    if let Some(data) = event.data_transfer() {
        data.set_drop_effect("move");
    }
}
