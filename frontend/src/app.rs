//! The root.

use leptos::prelude::*;

/// The whole app.
#[component]
pub fn App() -> impl IntoView {}
