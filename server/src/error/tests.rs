//! Failures as people and browsers get them.

use whimbrel_shared::RefusedRecipient;

use super::*;

#[track_caller]
fn check(error: impl Into<AppError>, expected_status: u16, expected_code: ErrorCode) {
    let error = error.into();
    let body = error.body();
    assert_eq!(
        (error.status().as_u16(), body.code),
        (expected_status, expected_code)
    );
    assert!(
        body.message.ends_with(['.', '”']) && body.remedy.ends_with('.'),
        "{body}"
    );
}

#[test]
fn each_failure_of_a_mail_server_has_a_way_forward() {
    let no = |code: &str| imap::Error::No {
        code: Some(code.to_owned()),
        text: "no".to_owned(),
    };
    check(
        imap::Error::WrongPassword("x".to_owned()),
        401,
        ErrorCode::WrongPassword,
    );
    check(
        imap::Error::Lost("eof".to_owned()),
        503,
        ErrorCode::MailServerDown,
    );
    check(
        imap::Error::Untrusted("x".to_owned()),
        502,
        ErrorCode::MailServerWrong,
    );
    check(
        imap::Error::AccountUnavailable("locked".to_owned()),
        503,
        ErrorCode::MailServerDown,
    );
    // Not "down": the browser would ask for it again and again.
    check(imap::Error::TooSlow, 422, ErrorCode::MailServerRefused);
    check(imap::Error::MessageGone, 404, ErrorCode::MessageGone);
    check(no("OVERQUOTA"), 507, ErrorCode::OverQuota);
    let says = |code: Option<&str>, text: &str| imap::Error::No {
        code: code.map(str::to_owned),
        text: text.to_owned(),
    };
    let full = says(Some("ALERT"), "You exceeded your mail quota.");
    check(full, 507, ErrorCode::OverQuota);
    check(says(None, "Mailbox is full"), 507, ErrorCode::OverQuota);
    let may_not = says(Some("NOPERM"), "No quota for you");
    check(may_not, 403, ErrorCode::NotPermitted);
    check(no("ALREADYEXISTS"), 409, ErrorCode::AlreadyExists);
    check(no("INUSE"), 503, ErrorCode::MailServerDown);
    check(no("EXPUNGEISSUED"), 404, ErrorCode::MessageGone);
    check(no("SOMETHING"), 422, ErrorCode::MailServerRefused);
    check(smtp::Error::MaybeSent, 502, ErrorCode::MaybeSent);
    let refused = vec![RefusedRecipient {
        email: "nobody@example.org".to_owned(),
        reason: "550 no such user".to_owned(),
    }];
    check(
        smtp::Error::RecipientsRefused(refused),
        422,
        ErrorCode::RecipientsRefused,
    );
    check(
        AppError::too_many_attempts(300),
        429,
        ErrorCode::TooManyAttempts,
    );
}

#[test]
fn words_of_a_server_are_quoted_short_and_on_one_line() {
    let text = format!("locked\r\n\u{7}{}", "x".repeat(5000));
    let message = api_error(&imap::Error::AccountUnavailable(text)).message;
    assert!(
        message.contains("“locked   xxx") && message.len() < 400,
        "{message}"
    );
}
