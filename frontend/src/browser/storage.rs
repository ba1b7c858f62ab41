//! What the browser remembers of the interface itself: theme and density.
//! Never mail, never an address, never a password.

use web_sys::Storage;

/// What was stored under `name`; `None` if nothing was, or if the browser forbids storage.
#[must_use]
pub fn read(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Stores `value` under `name`. A browser that forbids storage forgets it; that is no failure.
pub fn write(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Forgets what was stored under `name`.
pub fn remove(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

/// Forgets everything.
pub fn clear() {
    if let Some(storage) = storage() {
        let _ = storage.clear();
    }
}

fn storage() -> Option<Storage> {
    super::dom::window()?.local_storage().ok().flatten()
}
