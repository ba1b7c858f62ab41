//! What the mail server can do, as a page: asked for when it is shown.

use leptos::prelude::*;
use whimbrel_shared::{ReportItem, ReportSection, ReportTone, ServerReport};

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
pub fn ServerReportView() -> impl IntoView {
    let app = App::current();
    app.ask_mail_server();
    move || match app.mail_server.answer() {
        None => view! { <SkeletonMessage label="Asking your mail server" /> }.into_any(),
        Some(Ok(report)) => found(report).into_any(),
        Some(Err(error)) => {
            let again = ViewFn::from(move || {
                view! { <Button on_click=move |()| app.ask_mail_server()>"Try again"</Button> }
            });
            view! {
                <EmptyState
                    icon=IconName::Warning
                    title="Your mail server could not be asked"
                    text=error.to_string()
                    alert=true
                    actions=again
                />
            }
            .into_any()
        }
    }
}

fn found(report: ServerReport) -> impl IntoView {
    view! {
        <div class="column">
            <p role="status">{report.summary}</p>
            {report.sections.into_iter().map(section).collect_view()}
        </div>
    }
}

fn section(section: ReportSection) -> impl IntoView {
    let icon = match section.tone {
        ReportTone::Good => IconName::Check,
        ReportTone::Less => IconName::Warning,
        ReportTone::Off => IconName::Minimise,
        ReportTone::Fact => IconName::Info,
    };
    let item = move |item: ReportItem| {
        view! {
            <li>
                <Icon name=icon />
                <span class="words">
                    <span class="name">{item.title}</span>
                    <span class="hint" dir="auto">{item.text}</span>
                </span>
            </li>
        }
    };
    view! {
        <section>
            <h2>{section.title}</h2>
            <ul data-tone=(section.tone == ReportTone::Less).then_some("less")>
                {section.items.into_iter().map(item).collect_view()}
            </ul>
        </section>
    }
}
