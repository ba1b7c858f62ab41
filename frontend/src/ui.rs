//! Parts that know no mail: buttons, menus, dialogs and the like. They say what was clicked and
//! decide nothing.

pub mod banner;
pub mod button;
pub mod dialog;
pub mod each;
pub mod effects;
pub mod empty_state;
pub mod field;
pub mod icon;
pub mod menu;
pub mod skeleton;
pub mod tick;
pub mod toast;
pub mod toolbar;
pub mod when;
