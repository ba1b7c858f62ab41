//! Asks before something is lost. The safe answer has the focus.

use leptos::prelude::*;

use crate::ui::{
    button::{Button, ButtonKind},
    dialog::Dialog,
};

/// A question with two answers. Show it with `<When>`; either callback must unmount it.
#[component]
pub fn ConfirmDialog(
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What happens if one says yes.
    #[prop(into)]
    text: Signal<String>,
    /// The word for yes: what it does.
    #[prop(into)]
    confirm: Signal<String>,
    /// The word for no.
    #[prop(default = "Cancel")]
    cancel: &'static str,
    /// Saying yes loses something.
    #[prop(default = true)]
    destructive: bool,
    /// Yes.
    #[prop(into)]
    on_confirm: UnsyncCallback<()>,
    /// No, or Escape.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
) -> impl IntoView {
    let kind = if destructive {
        ButtonKind::Destructive
    } else {
        ButtonKind::Primary
    };
    view! {
        <Dialog title=title alert=destructive on_close=on_close>
            <p dir="auto">{text}</p>
            <div class="buttons">
                <Button on_click=on_close autofocus=true>
                    {cancel}
                </Button>
                <Button kind=kind on_click=on_confirm>
                    {confirm}
                </Button>
            </div>
        </Dialog>
    }
}
