//! Words for files on their way into a letter.

use whimbrel_shared::{ApiError, ErrorCode};

use crate::account::uploads::Error;

use super::AppError;

pub(super) fn upload_error(error: &Error) -> ApiError {
    match error {
        Error::TooLarge(limit) => ApiError::new(
            ErrorCode::TooLarge,
            format!(
                "The files of one message may have {} MB together.",
                limit >> 20
            ),
            "Send it in several messages, or share the file another way.",
        ),
        Error::TooMany => ApiError::new(
            ErrorCode::TooLarge,
            "There are too many files that were never sent.",
            "Send or discard what you are writing, then attach the file again.",
        ),
        Error::Broken => ApiError::new(
            ErrorCode::BadRequest,
            "The file did not arrive whole.",
            "Attach it again.",
        ),
        Error::Gone | Error::Altered => ApiError::new(
            ErrorCode::NotFound,
            "The attached file is not there any more.",
            "Remove it and attach it again.",
        ),
        Error::Disk(cause) => AppError::internal(cause).body().clone(),
    }
}
