//! Showing something only while something holds. Leptos' own `Show` is compiled anew for every use;
//! this is compiled once, which the first visit notices.

use leptos::prelude::*;

/// Shows its children while `test` holds, else `fallback`.
#[component]
pub fn When(
    /// Whether to show them.
    #[prop(into)]
    test: Signal<bool>,
    /// Shown otherwise.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// Made anew whenever `test` begins to hold.
    children: ChildrenFn,
) -> impl IntoView {
    let holds = Memo::new(move |_| test.get());
    move || {
        if holds.get() {
            children()
        } else {
            fallback.run()
        }
    }
}
