//! A view for each thing of a list, kept while the thing stays. Leptos' own `For` is compiled anew
//! for every use; this is compiled once, which the first visit notices.

use std::sync::Arc;

use leptos::prelude::*;

/// One thing of a list: what it is known by, and how it is shown.
#[derive(Clone)]
struct Item {
    key: String,
    show: Arc<dyn Fn() -> AnyView + Send + Sync>,
}

type Items = Box<dyn Fn() -> Vec<Item> + Send + Sync>;

/// Shows each of `things`, which differ by what `key` says.
pub fn each<T, V>(
    things: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: impl Fn(&T) -> String + Send + Sync + 'static,
    show: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let items = move || {
        let item = |thing: T| {
            let key = key(&thing);
            let show = show.clone();
            let show = Arc::new(move || show(thing.clone()).into_any());
            Item { key, show }
        };
        things().into_iter().map(item).collect()
    };
    each_item(Box::new(items))
}

fn each_item(items: Items) -> AnyView {
    view! { <For each=items key=|item| item.key.clone() children=|item: Item| (item.show)() /> }
        .into_any()
}
