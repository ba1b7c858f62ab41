//! Parts that know mail.
