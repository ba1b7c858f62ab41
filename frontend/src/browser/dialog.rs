//! Native modal dialogs: the browser keeps the focus inside and the rest of the page still.

use web_sys::HtmlDialogElement;

/// Shows `dialog` over the page, unless it is shown already.
pub fn show(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
}

/// Closes `dialog`; the browser gives the focus back to where it was before.
pub fn close(dialog: &HtmlDialogElement) {
    if dialog.open() {
        dialog.close();
    }
}
