//! Files that a person chose, dropped or pasted.

use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, Event, FileList, HtmlInputElement};

use super::upload::LocalFile;

/// The files chosen in an `<input type=file>`. The input forgets them, so that the same file can be
/// chosen again.
#[must_use]
pub fn chosen(event: &Event) -> Vec<LocalFile> {
    let input = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else {
        return Vec::new();
    };
    let files = list(input.files());
    input.set_value("");
    files
}

/// The files dropped.
#[must_use]
pub fn dropped(event: &DragEvent) -> Vec<LocalFile> {
    list(event.data_transfer().and_then(|transfer| transfer.files()))
}

/// The files pasted, such as a picture of the screen.
#[must_use]
pub fn pasted(event: &ClipboardEvent) -> Vec<LocalFile> {
    list(event.clipboard_data().and_then(|transfer| transfer.files()))
}

/// The text pasted.
#[must_use]
pub fn pasted_text(event: &ClipboardEvent) -> String {
    event
        .clipboard_data()
        .and_then(|transfer| transfer.get_data("text/plain").ok())
        .unwrap_or_default()
}

/// Whether files are being dragged, rather than messages or text.
#[must_use]
pub fn are_dragged(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|transfer| {
        transfer
            .types()
            .iter()
            .any(|kind| kind.as_string().as_deref() == Some("Files"))
    })
}

fn list(files: Option<FileList>) -> Vec<LocalFile> {
    let Some(files) = files else {
        return Vec::new();
    };
    (0..files.length())
        .filter_map(|i| files.item(i))
        .map(LocalFile::new)
        .collect()
}
