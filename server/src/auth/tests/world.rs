//! A running Whimbrel with a mail server of a few lines, and a browser that keeps cookies.

use axum::{Router, body::Body};
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tower::ServiceExt as _;
use whimbrel_shared::{ApiError, ErrorCode, SessionInfo, path};

use crate::{
    config::Config,
    router::router,
    state::{self, AppState},
    store::temporary::TemporaryFolder,
};

/// A running Whimbrel whose mail server knows the password `right`.
pub(super) struct World {
    pub(super) app: AppState,
    pub(super) router: Router,
    pub(super) folder: TemporaryFolder,
}

/// One browser: keeps cookies as a browser does.
#[derive(Default, Clone)]
pub(super) struct Browser {
    pub(super) cookies: Vec<(String, String)>,
}

impl World {
    pub(super) async fn new() -> Self {
        Self::in_folder(TemporaryFolder::new(), "").await
    }

    pub(super) async fn in_folder(folder: TemporaryFolder, more: &str) -> Self {
        let port = mail_server().await;
        let config = Config::parse(&format!(
            "imap_url = \"imap://127.0.0.1:{port}\"\nsmtp_url = \"smtp://127.0.0.1:1\"\n\
             mail_domain = \"example.org\"\ndata_dir = \"{}\"\n{more}",
            folder.path().display()
        ))
        .unwrap();
        let app = state::start(config).await.unwrap();
        let router = router(AppState::clone(&app));
        Self {
            app,
            router,
            folder,
        }
    }

    pub(super) async fn send(
        &self,
        browser: &mut Browser,
        mut request: Request<Body>,
    ) -> Response<Body> {
        let cookies: Vec<_> = browser
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let headers = request.headers_mut();
        headers.insert(header::HOST, "127.0.0.1:8080".parse().unwrap());
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        for line in response.headers().get_all(header::SET_COOKIE) {
            browser.take(line.to_str().unwrap());
        }
        response
    }

    pub(super) async fn get(&self, browser: &mut Browser, path: &str) -> Response<Body> {
        self.send(browser, Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub(super) async fn json(
        &self,
        browser: &mut Browser,
        method: Method,
        body: &str,
    ) -> Response<Body> {
        let known = self.get(&mut browser.clone(), path::SESSION).await;
        let known = serde_json::from_str::<SessionInfo>(&text(known).await);
        let account = known.map_or_else(|_| "unknown".to_owned(), |info| info.account_id);
        let request = Request::builder()
            .method(method)
            .uri(path::SESSION)
            .header("sec-fetch-site", "same-origin")
            .header(path::ACCOUNT_HEADER, account)
            .header(path::CSRF_HEADER, "1")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.send(browser, request).await
    }

    /// Opens the sign-in page and sends its form.
    pub(super) async fn sign_in(&self, browser: &mut Browser, more: &str) -> Response<Body> {
        let page = text(self.get(browser, path::SIGN_IN).await).await;
        let token = page
            .split("name=\"token\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let form = format!("token={token}&{more}");
        self.post_form(browser, &form).await
    }

    pub(super) async fn post_form(&self, browser: &mut Browser, form: &str) -> Response<Body> {
        let request = Request::post(path::SIGN_IN)
            .header("sec-fetch-site", "same-origin")
            .header(header::ORIGIN, "null")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(browser, request).await
    }

    pub(super) async fn signed_in(&self, more: &str) -> Browser {
        let mut browser = Browser::default();
        let answer = self.sign_in(&mut browser, more).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        browser
    }

    pub(super) async fn status(&self, browser: &Browser) -> u16 {
        self.get(&mut browser.clone(), path::SESSION)
            .await
            .status()
            .as_u16()
    }
}

impl Browser {
    fn take(&mut self, line: &str) {
        assert!(
            line.starts_with("__Host-") && line.contains("; Secure") && line.contains("; HttpOnly")
        );
        let (pair, rest) = line.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        self.cookies.retain(|(known, _)| known != name);
        if !rest.contains("Max-Age=0") {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    pub(super) fn cookie(&mut self, name: &str) -> &mut String {
        &mut self
            .cookies
            .iter_mut()
            .find(|(known, _)| known == name)
            .unwrap()
            .1
    }
}

pub(super) const ANNA: &str = "address=anna%40example.org&password=right";

pub(super) async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(super) async fn error(response: Response<Body>) -> (u16, ErrorCode) {
    let status = response.status().as_u16();
    let error: ApiError = serde_json::from_str(&text(response).await).unwrap();
    (status, error.code)
}

/// Speaks just enough IMAP to say whether a password is `right`.
async fn mail_server() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let _ = stream
                    .write_all(b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
                    .await;
                let mut line = String::new();
                while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                    let (tag, command) = line.trim_end().split_once(' ').unwrap_or_default();
                    let answer = match command.to_uppercase() {
                        c if c.starts_with("CAPABILITY") => {
                            format!("* CAPABILITY IMAP4rev1\r\n{tag} OK\r\n")
                        }
                        c if c.starts_with("LOGIN") && !c.ends_with("\"RIGHT\"") => {
                            format!("{tag} NO [AUTHENTICATIONFAILED] no\r\n")
                        }
                        _ => format!("{tag} OK done\r\n"),
                    };
                    let _ = stream.write_all(answer.as_bytes()).await;
                    line.clear();
                }
            });
        }
    });
    port
}
