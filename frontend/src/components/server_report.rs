//! What the mail server can do, as a page: asked for when it is shown.

use leptos::prelude::*;
use whimbrel_shared::{ReportKind, ReportLine};

use crate::{
    state::App,
    ui::{
        button::Button,
        empty_state::EmptyState,
        icon::{Icon, IconName},
        skeleton::SkeletonMessage,
    },
};

/// The report, or why there is none.
#[component]
pub fn ServerReport() -> impl IntoView {
    let app = App::current();
    let server = app.mail_server;
    app.ask_mail_server();
    move || {
        let (lines, failure) = (server.lines(), server.failure());
        if !failure.is_empty() {
            let again = ViewFn::from(move || {
                view! { <Button on_click=move |()| app.ask_mail_server()>"Try again"</Button> }
            });
            let title = "Your mail server could not be asked";
            view! { <EmptyState icon=IconName::Warning title=title text=failure alert=true actions=again /> }
                .into_any()
        } else if lines.is_empty() {
            view! { <SkeletonMessage label="Asking your mail server" /> }.into_any()
        } else {
            view! { <div class="column">{lines.into_iter().map(line).collect_view()}</div> }
                .into_any()
        }
    }
}

fn line(line: ReportLine) -> AnyView {
    let icon = match line.kind {
        ReportKind::Heading if line.title.is_empty() => {
            return view! { <p role="status">{line.text}</p> }.into_any();
        }
        ReportKind::Heading => return view! { <h2>{line.title}</h2> }.into_any(),
        ReportKind::Good => IconName::Check,
        ReportKind::Less => IconName::Warning,
        ReportKind::Off => IconName::Minimise,
        ReportKind::Fact => IconName::Info,
    };
    view! {
        <div class="ability" data-less=(line.kind == ReportKind::Less).then_some("")>
            <Icon name=icon />
            <p>
                <strong>{line.title}</strong>
                <span dir="auto">{line.text}</span>
            </p>
        </div>
    }
    .into_any()
}
