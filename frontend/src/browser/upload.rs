//! Sending a file with progress, which fetch cannot tell; hence `XMLHttpRequest`.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ProgressEvent, XmlHttpRequest};
use whimbrel_shared::{ApiError, Upload, path};

use super::{account, fetch};

/// A file on this computer that a person chose or dropped.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalFile(File);

impl LocalFile {
    /// A file as the browser gives it.
    #[must_use]
    pub fn new(file: File) -> Self {
        Self(file)
    }

    /// Its name, without path.
    #[must_use]
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        // Whole numbers far below 2^53.
        self.0.size() as u64
    }

    /// `type/subtype`, as the browser guesses; empty if it cannot.
    #[must_use]
    pub fn media_type(&self) -> String {
        self.0.type_()
    }
}

/// Stops the request when the future that waits for it is dropped.
struct Running(XmlHttpRequest);

impl Drop for Running {
    fn drop(&mut self) {
        // Does nothing to a request that is done.
        let _ = self.0.abort();
    }
}

/// `POST` of the file's bytes, answered by an [`Upload`].
pub(crate) async fn send(
    url: &str,
    file: &LocalFile,
    on_progress: impl Fn(f64) + 'static,
) -> Result<Upload, ApiError> {
    let account = account::shown().ok_or_else(fetch::offline)?;
    let request = XmlHttpRequest::new().map_err(|_| fetch::offline())?;
    let running = Running(request.clone());
    let media_type = match file.media_type() {
        unknown if unknown.is_empty() => "application/octet-stream".to_owned(),
        known => known,
    };
    let opened = request
        .open("POST", url)
        .and_then(|()| request.set_request_header(path::CSRF_HEADER, fetch::PERSON))
        .and_then(|()| request.set_request_header(path::ACCOUNT_HEADER, &account))
        .and_then(|()| request.set_request_header("accept", "application/json"))
        .and_then(|()| request.set_request_header("content-type", &media_type));
    opened.map_err(|_| fetch::offline())?;
    let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            on_progress(event.loaded() / event.total());
        }
    });
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    }
    let done = Promise::new(&mut |resolve: Function, _| {
        request.set_onloadend(Some(&resolve));
    });
    request
        .send_with_opt_blob(Some(&file.0))
        .map_err(|_| fetch::offline())?;
    let _ = JsFuture::from(done).await;
    let status = request.status().unwrap_or(0);
    let body = request.response_text().ok().flatten().unwrap_or_default();
    drop(running);
    match status {
        0 => Err(fetch::offline()),
        200..=299 => fetch::read(&body),
        _ => Err(fetch::error_of(status, &body)),
    }
}
