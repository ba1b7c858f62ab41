//! Whimbrel itself in the test world: in process for the API suites, or listening for browsers and the demo.
//! Each has a data folder of its own, which goes with it.

use std::{net::SocketAddr, path::Path, sync::Arc};

use axum::Router;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use whimbrel_server::{
    config::Config,
    router, serve,
    state::{self, AppState},
};

use crate::{child::WorldError, client::TestClient, elsewhere, provider::Provider, world::World};

/// Where the API suites think it can be reached.
pub const PUBLIC_URL: &str = "https://mail.whimbrel.example";

/// Whimbrel in process: requests go to its router, without a socket between.
pub struct TestApp {
    state: AppState,
    router: Router,
    data: Arc<TempDir>,
}

/// What differs from app to app.
struct Wiring<'a> {
    world: &'a World,
    imap_url: String,
    smtp_url: String,
    trusts_world: bool,
    public_url: &'a str,
    /// Further settings, as lines of the file.
    settings: &'a str,
}

impl TestApp {
    /// One that talks to the world over TLS (IMAP) and STARTTLS (submission).
    pub async fn start(world: &World) -> Self {
        Self::wired(&Wiring::usual(world)).await
    }

    /// One whose mail is to be read from this loopback port in clear, such as a scripted peer's.
    pub async fn with_imap_port(world: &World, port: u16) -> Self {
        let imap_url = format!("imap://127.0.0.1:{port}");
        Self::wired(&Wiring {
            imap_url,
            ..Wiring::usual(world)
        })
        .await
    }

    /// One for the mail of this provider.
    pub async fn at_provider(world: &World, provider: &Provider) -> Self {
        Self::wired(&Wiring {
            imap_url: format!("imap://127.0.0.1:{}", provider.imap_port()),
            smtp_url: format!("smtp://127.0.0.1:{}", provider.submission_port()),
            ..Wiring::usual(world)
        })
        .await
    }

    /// One whose mail is read over STARTTLS.
    pub async fn with_starttls(world: &World) -> Self {
        let imap_url = format!("imap+starttls://localhost:{}", world.dovecot.ports.imap);
        Self::wired(&Wiring {
            imap_url,
            ..Wiring::usual(world)
        })
        .await
    }

    /// One with further settings, as lines of the file.
    pub async fn with_settings(world: &World, settings: &str) -> Self {
        let usual = Wiring::usual(world);
        Self::wired(&Wiring { settings, ..usual }).await
    }

    /// One that does not trust the world's certificates.
    pub async fn without_ca(world: &World) -> Self {
        Self::wired(&Wiring {
            imap_url: world.imaps_url(),
            trusts_world: false,
            ..Wiring::usual(world)
        })
        .await
    }

    async fn wired(wiring: &Wiring<'_>) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        Self::on(wiring, Arc::new(data)).await
    }

    /// One more on the same data, as after a crash: nobody told this one to end.
    pub async fn after_a_crash(&self, world: &World) -> Self {
        Self::on(&Wiring::usual(world), Arc::clone(&self.data)).await
    }

    /// The same with further settings, as lines of the file.
    pub async fn after_a_crash_with(&self, world: &World, settings: &str) -> Self {
        let usual = Wiring::usual(world);
        let wiring = Wiring { settings, ..usual };
        Self::on(&wiring, Arc::clone(&self.data)).await
    }

    async fn on(wiring: &Wiring<'_>, data: Arc<TempDir>) -> Self {
        let state = started(wiring, data.path()).await.expect("the app starts");
        Self {
            router: router::router(AppState::clone(&state)),
            state,
            data,
        }
    }

    /// A browser that has never been here.
    #[must_use]
    pub fn client(&self) -> TestClient {
        TestClient::new(self.router.clone())
    }

    /// The browser of `client`, which finds this one at the address it knows.
    #[must_use]
    pub fn client_like(&self, client: &TestClient) -> TestClient {
        client.at(self.router.clone())
    }

    /// Where it keeps its files.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        self.data.path()
    }

    /// Its parts.
    #[must_use]
    pub fn state(&self) -> &AppState {
        &self.state
    }
}

/// Whimbrel listening on a loopback port, with the built browser app.
pub struct ServedApp {
    /// Its address for browsers, without a path.
    pub url: String,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
    _data: TempDir,
}

impl ServedApp {
    /// Listens on `port`, or on a free one when it is taken or 0.
    pub async fn start(world: &World, port: u16) -> Result<Self, WorldError> {
        let local = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
        let listener = match TcpListener::bind(local(port)).await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind(local(0)).await?,
        };
        Self::listening(listener, Wiring::usual(world)).await
    }

    /// The same on a free port, with mail from this loopback port in clear, such as a proxy's, and with
    /// further settings as lines of the file.
    pub async fn with_imap_port(
        world: &World,
        port: u16,
        settings: &str,
    ) -> Result<Self, WorldError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let wiring = Wiring {
            imap_url: format!("imap://127.0.0.1:{port}"),
            settings,
            ..Wiring::usual(world)
        };
        Self::listening(listener, wiring).await
    }

    async fn listening(listener: TcpListener, wiring: Wiring<'_>) -> Result<Self, WorldError> {
        let url = format!("http://localhost:{}", listener.local_addr()?.port());
        let data = tempfile::tempdir()?;
        let wiring = Wiring {
            public_url: &url,
            ..wiring
        };
        let state = started(&wiring, data.path()).await?;
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let shutdown = async move {
                let _ = stopped.await; // a dropped sender stops as well
            };
            if let Err(error) = serve::serve(state, listener, shutdown).await {
                panic!("the app stopped serving: {error}");
            }
        });
        Ok(Self {
            url,
            stop: Some(stop),
            task,
            _data: data,
        })
    }

    /// Ends it in good order.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        let _ = (&mut self.task).await;
    }
}

impl Drop for ServedApp {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

impl<'a> Wiring<'a> {
    fn usual(world: &'a World) -> Self {
        Self {
            imap_url: world.imap_url(),
            smtp_url: format!(
                "smtp+starttls://localhost:{}",
                world.postfix.ports.submission
            ),
            trusts_world: true,
            public_url: PUBLIC_URL,
            settings: "",
            world,
        }
    }

    fn toml(&self, data_dir: &Path) -> Result<String, WorldError> {
        let authority = &self.world.certificates.authority;
        std::fs::write(data_dir.join("authority.pem"), authority)?;
        let data_dir = data_dir.display();
        let mut text = format!(
            "imap_url = \"{}\"\nsmtp_url = \"{}\"\npublic_url = \"{}\"\n\
             data_dir = \"{data_dir}\"\npicture_networks = \"{}\"\n",
            self.imap_url,
            self.smtp_url,
            self.public_url,
            elsewhere::ADDRESS,
        );
        if self.trusts_world {
            text += &format!("ca_file = \"{data_dir}/authority.pem\"\n");
        }
        Ok(text + self.settings)
    }
}

/// The configuration of a Whimbrel at `public_url` for this world, as an operator would write it.
/// The world's certificate authority is laid into `data_dir`.
pub fn configuration(
    world: &World,
    public_url: &str,
    data_dir: &Path,
) -> Result<String, WorldError> {
    let usual = Wiring::usual(world);
    Wiring {
        public_url,
        ..usual
    }
    .toml(data_dir)
}

async fn started(wiring: &Wiring<'_>, data_dir: &Path) -> Result<AppState, WorldError> {
    let config = Config::parse(&wiring.toml(data_dir)?)
        .map_err(|error| WorldError::new(format!("the configuration is refused: {error}")))?;
    state::start(config)
        .await
        .map_err(|error| WorldError::new(format!("Whimbrel does not start: {error}")))
}
