//! Asks for one name, such as of a folder. Enter does what the filled button says.

use leptos::{ev, prelude::*};

use crate::ui::{
    button::{Button, ButtonKind, SubmitButton},
    dialog::Dialog,
    field::Field,
};

/// A dialog with one field. Show it with `<When>`; `on_close` must unmount it.
#[component]
pub fn NameDialog(
    /// What is being done.
    #[prop(into)]
    title: Signal<String>,
    /// The label of the field.
    #[prop(default = "Name")]
    label: &'static str,
    /// What stands in the field at first.
    #[prop(optional, into)]
    initial: String,
    /// The word of the filled button: what it does.
    #[prop(into)]
    confirm: Signal<String>,
    /// What is wrong with the name last given; empty if nothing. It goes when one types on.
    #[prop(optional)]
    error: Option<RwSignal<String>>,
    /// The name, trimmed, not empty.
    #[prop(into)]
    on_name: UnsyncCallback<String>,
    /// Cancelled, or Escape.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
) -> impl IntoView {
    let name = RwSignal::new(initial);
    let error = error.unwrap_or_else(|| RwSignal::new(String::new()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let name = name.get_untracked().trim().to_owned();
        if name.is_empty() {
            error.set("Type a name.".to_owned());
        } else {
            on_name.run(name);
        }
    };
    view! {
        <Dialog title=title on_close=on_close>
            <form on:submit=submit on:input=move |_| error.set(String::new())>
                <Field label=label value=name error=error autofocus=true />
                <div class="buttons">
                    <Button on_click=on_close>"Cancel"</Button>
                    <SubmitButton kind=ButtonKind::Primary>{confirm}</SubmitButton>
                </div>
            </form>
        </Dialog>
    }
}
