//! Icons, by name, out of the sprite that stands in the page (`frontend/assets/icons.svg`).
//! An icon is decoration: what it means is said by the words of whatever holds it.

use leptos::prelude::*;

/// The names of the sprite. `Icon` draws `#i-` and the name in kebab case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the documentation")]
pub enum IconName {
    Archive,
    Attach,
    Check,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    ChevronUp,
    Close,
    Cloud,
    CloudCheck,
    CloudOff,
    CloudUp,
    Compose,
    Computer,
    Download,
    Drafts,
    Expand,
    Flag,
    FlagFilled,
    Folder,
    Forward,
    Image,
    Inbox,
    Info,
    Junk,
    Keyboard,
    Lock,
    Menu,
    Minimise,
    Moon,
    More,
    MoreRows,
    Move,
    Plus,
    Print,
    Read,
    Refresh,
    Reply,
    ReplyAll,
    Search,
    Sent,
    Settings,
    SignOut,
    Sun,
    Trash,
    Undo,
    Unread,
    Warning,
}

impl IconName {
    /// Where it is in the page.
    fn href(self) -> &'static str {
        match self {
            Self::Archive => "#i-archive",
            Self::Attach => "#i-attach",
            Self::Check => "#i-check",
            Self::ChevronDown => "#i-chevron-down",
            Self::ChevronLeft => "#i-chevron-left",
            Self::ChevronRight => "#i-chevron-right",
            Self::ChevronUp => "#i-chevron-up",
            Self::Close => "#i-close",
            Self::Cloud => "#i-cloud",
            Self::CloudCheck => "#i-cloud-check",
            Self::CloudOff => "#i-cloud-off",
            Self::CloudUp => "#i-cloud-up",
            Self::Compose => "#i-compose",
            Self::Computer => "#i-computer",
            Self::Download => "#i-download",
            Self::Drafts => "#i-drafts",
            Self::Expand => "#i-expand",
            Self::Flag => "#i-flag",
            Self::FlagFilled => "#i-flag-filled",
            Self::Folder => "#i-folder",
            Self::Forward => "#i-forward",
            Self::Image => "#i-image",
            Self::Inbox => "#i-inbox",
            Self::Info => "#i-info",
            Self::Junk => "#i-junk",
            Self::Keyboard => "#i-keyboard",
            Self::Lock => "#i-lock",
            Self::Menu => "#i-menu",
            Self::Minimise => "#i-minimise",
            Self::Moon => "#i-moon",
            Self::More => "#i-more",
            Self::MoreRows => "#i-more-rows",
            Self::Move => "#i-move",
            Self::Plus => "#i-plus",
            Self::Print => "#i-print",
            Self::Read => "#i-read",
            Self::Refresh => "#i-refresh",
            Self::Reply => "#i-reply",
            Self::ReplyAll => "#i-reply-all",
            Self::Search => "#i-search",
            Self::Sent => "#i-sent",
            Self::Settings => "#i-settings",
            Self::SignOut => "#i-sign-out",
            Self::Sun => "#i-sun",
            Self::Trash => "#i-trash",
            Self::Undo => "#i-undo",
            Self::Unread => "#i-unread",
            Self::Warning => "#i-warning",
        }
    }

    /// It points along the line of text, so it turns where text runs from right to left.
    fn turns(self) -> bool {
        matches!(
            self,
            Self::ChevronLeft
                | Self::ChevronRight
                | Self::Forward
                | Self::Move
                | Self::Reply
                | Self::ReplyAll
                | Self::Sent
                | Self::SignOut
                | Self::Undo
        )
    }
}

/// One icon, hidden from screen readers.
#[component]
pub fn Icon(
    /// Which.
    #[prop(into)]
    name: Signal<IconName>,
    /// 16 px instead of 20.
    #[prop(optional)]
    small: bool,
    /// Further classes, for the place it stands in.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = move || {
        let turns = if name.get().turns() { " turns" } else { "" };
        let small = if small { " small" } else { "" };
        let gap = if class.is_empty() { "" } else { " " };
        format!("icon{small}{turns}{gap}{class}")
    };
    view! {
        <svg class=class aria-hidden="true">
            <use href=move || name.get().href()></use>
        </svg>
    }
}

/// The flying whimbrel, the mark of the product.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" aria-hidden="true">
            <use href="#i-whimbrel"></use>
        </svg>
    }
}
