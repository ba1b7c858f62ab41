//! What is to be said about a message besides what it says itself.

use std::rc::Rc;

use leptos::prelude::*;
use whimbrel_shared::Message;

use crate::ui::{banner::Banner, icon::IconName};

/// Strips between the head and the text.
#[component]
pub fn MessageNotes(
    /// The message.
    message: Rc<Message>,
) -> impl IntoView {
    let remote = message.has_remote_content.then(|| {
        view! {
            <Banner icon=IconName::Image boxed=true>
                "Pictures and styles from elsewhere were left out, so that the sender does not learn that you read this."
            </Banner>
        }
    });
    let defects = message.defects.clone();
    let damaged = (!defects.is_empty()).then(|| {
        let list = defects.into_iter().map(|defect| view! { <li dir="auto">{defect}</li> }).collect_view();
        view! {
            <Banner icon=IconName::Info boxed=true>
                <details>
                    <summary>"This message is damaged; it is shown as far as it can be read."</summary>
                    <ul>{list}</ul>
                </details>
            </Banner>
        }
    });
    view! {
        {remote}
        {damaged}
    }
}
