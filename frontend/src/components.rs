//! Parts that know mail. They read from the replica and change through `state/actions`.

pub mod account_menu;
pub mod appearance;
pub mod confirm_dialog;
pub mod dialog_host;
pub mod folder_item;
pub mod folder_menu;
pub mod folder_tree;
pub mod list_head;
pub mod list_pane;
pub mod message_list;
pub mod message_row;
pub mod move_menu;
pub mod name_dialog;
pub mod offline_banner;
pub mod row_actions;
pub mod search_box;
pub mod selection_bar;
pub mod sidebar;
pub mod sync_status;
pub mod toast_region;
