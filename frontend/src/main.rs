//! Starts the app in the page that the server sent.

fn main() {
    leptos::mount::mount_to_body(whimbrel_frontend::app::App);
}
