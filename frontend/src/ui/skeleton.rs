//! Grey shapes where something will be in a moment. Screen readers are told in words.

use leptos::prelude::*;

/// Rows of a list that are on their way.
#[component]
pub fn SkeletonRows(
    /// How many.
    count: usize,
) -> impl IntoView {
    (0..count)
        .map(|_| {
            view! {
                <div class="row skeleton-row" aria-hidden="true">
                    <span class="skeleton a"></span>
                    <span class="skeleton b"></span>
                    <span class="skeleton c"></span>
                </div>
            }
        })
        .collect_view()
}

/// A message, or another text, that is on its way.
#[component]
pub fn SkeletonMessage(
    /// What is on its way, in words.
    #[prop(default = "The message is loading")]
    label: &'static str,
) -> impl IntoView {
    view! {
        <div class="skeleton-message" role="status">
            <span class="visually-hidden">{label}</span>
            <span class="skeleton t"></span>
            <span class="skeleton f"></span>
            <span class="skeleton"></span>
            <span class="skeleton"></span>
            <span class="skeleton"></span>
        </div>
    }
}
