//! Ids for operations.

use std::fmt::Write as _;

use whimbrel_shared::OperationId;

/// An id that no other operation of any tab has: the time, and 100 random bits.
#[must_use]
pub fn operation_id() -> OperationId {
    let mut id = format!("{:x}", js_sys::Date::now() as u64);
    for _ in 0..2 {
        // 50 of the 52 random bits that one call gives.
        let random = (js_sys::Math::random() * (1_u64 << 50) as f64) as u64;
        let _ = write!(id, "-{random:x}");
    }
    OperationId(id)
}
