//! Parts that know mail. They read from the replica and change through `state/actions`.

pub mod confirm_dialog;
pub mod name_dialog;
