//! Theme and density: attributes of the root element, remembered in this browser unless the
//! computer is shared.

use leptos::prelude::*;

use crate::browser::{dom, storage};

const THEME: &str = "theme";
const DENSITY: &str = "density";

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them, in the order of the interface.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// What it is called in storage and in `data-theme`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What it is called on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

/// How close rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Density {
    /// Three lines a message.
    Comfortable,
    /// One line a message.
    Compact,
}

impl Density {
    /// All of them, in the order of the interface.
    pub const ALL: [Self; 2] = [Self::Comfortable, Self::Compact];

    /// What it is called in storage and in `data-density`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Compact => "compact",
        }
    }

    /// What it is called on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Comfortable => "Comfortable",
            Self::Compact => "Compact",
        }
    }
}

/// Theme and density.
#[derive(Clone, Copy)]
pub struct Appearance {
    theme: RwSignal<Theme>,
    density: RwSignal<Density>,
    remember: StoredValue<bool>,
}

impl Appearance {
    /// As remembered, else as the system says and comfortable.
    #[must_use]
    pub fn new() -> Self {
        let read = |name| storage::read(name).unwrap_or_default();
        let theme = Theme::ALL
            .into_iter()
            .find(|theme| theme.name() == read(THEME));
        let density = Density::ALL
            .into_iter()
            .find(|density| density.name() == read(DENSITY));
        let appearance = Self {
            theme: RwSignal::new(theme.unwrap_or(Theme::System)),
            density: RwSignal::new(density.unwrap_or(Density::Comfortable)),
            // Until the session says whether the computer is shared, nothing is stored.
            remember: StoredValue::new(false),
        };
        appearance.show();
        appearance
    }

    /// Light or dark.
    #[must_use]
    pub fn theme(&self) -> Theme {
        self.theme.get()
    }

    /// Whether it is dark now. Tracks what was chosen, not the system.
    #[must_use]
    pub fn is_dark(&self) -> bool {
        match self.theme() {
            Theme::Dark => true,
            Theme::Light => false,
            Theme::System => dom::matches_media("(prefers-color-scheme: dark)"),
        }
    }

    /// How close rows stand.
    #[must_use]
    pub fn density(&self) -> Density {
        self.density.get()
    }

    /// Chooses light or dark.
    pub fn set_theme(&self, theme: Theme) {
        self.theme.set(theme);
        self.show();
        self.store();
    }

    /// Chooses how close rows stand.
    pub fn set_density(&self, density: Density) {
        // The attribute first: the list measures its rows when the signal changes.
        dom::set_root_attribute("data-density", Some(density.name()));
        self.density.set(density);
        self.store();
    }

    /// Whether choices are remembered in this browser: not on a shared computer.
    pub fn remember(&self, remember: bool) {
        self.remember.set_value(remember);
        if !remember {
            storage::remove(THEME);
            storage::remove(DENSITY);
        }
    }

    fn show(&self) {
        let theme = self.theme.get_untracked();
        let attribute = (theme != Theme::System).then(|| theme.name());
        dom::set_root_attribute("data-theme", attribute);
        let density = self.density.get_untracked();
        dom::set_root_attribute("data-density", Some(density.name()));
    }

    fn store(&self) {
        if self.remember.get_value() {
            storage::write(THEME, self.theme.get_untracked().name());
            storage::write(DENSITY, self.density.get_untracked().name());
        }
    }
}

impl Default for Appearance {
    fn default() -> Self {
        Self::new()
    }
}
