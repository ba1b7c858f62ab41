//! What the browser suite stands on: a mail world with many people, Whimbrel with the built app, and a small
//! control desk over HTTP by which the JavaScript of a spec delivers letters, acts as a second mail program,
//! and stops the mail server.

use std::{
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, process::Command};

use crate::{
    app::ServedApp,
    child::{self, WorldError},
    dovecot::Person,
    imap_client::ImapClient,
    imap_proxy::{ImapProxy, hiding::Extension},
    letters::{Plan, Spread},
    world::{PASSWORD, World},
};

/// More than there are tests in the suite.
const PEOPLE: usize = 250;

/// What the poorer mail server lacks.
const LACKING: [Extension; 2] = [Extension::Notify, Extension::Move];
/// What the operator of the Whimbrel before it has switched off.
const SWITCHED_OFF: &str = "imap_disable = \"PREVIEW\"\n";

/// Stops the mail server that all specs share.
const OUTAGE: &str = "outage.spec.mjs";

/// A stage for specs.
pub struct Stage {
    world: Arc<World>,
    app: ServedApp,
    /// The same mail behind a poorer mail server.
    poorer: ServedApp,
    _proxy: ImapProxy,
    desk: String,
}

#[derive(Clone)]
struct Desk {
    world: Arc<World>,
    next: Arc<AtomicUsize>,
}

impl Stage {
    /// Starts everything.
    pub async fn start() -> Result<Self, WorldError> {
        require_built_app()?;
        let people: Vec<Person> = (0..PEOPLE)
            .map(|number| Person::new(&address_of(number), PASSWORD))
            .collect();
        let world = Arc::new(World::of(&people).await?);
        let app = ServedApp::start(&world, 0).await?;
        let proxy = ImapProxy::hiding(world.dovecot.ports.imap, &LACKING)?;
        let poorer = ServedApp::with_imap_port(&world, proxy.port, SWITCHED_OFF).await?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let desk = format!("http://{}", listener.local_addr()?);
        let router = control_desk(Arc::clone(&world));
        tokio::spawn(async move {
            let _ = axum::serve(listener, router).await; // ends with the process
        });
        Ok(Self {
            world,
            app,
            poorer,
            _proxy: proxy,
            desk,
        })
    }

    /// Runs these spec files in Node, those that stop the mail server after all others.
    pub async fn run(&self, specs: &[PathBuf]) -> Result<ExitStatus, WorldError> {
        let stops_the_server = |spec: &&PathBuf| spec.ends_with(OUTAGE);
        let (last, first): (Vec<_>, Vec<_>) = specs.iter().partition(stops_the_server);
        let mut ended = ExitStatus::default();
        for specs in [first, last] {
            if ended.success() && !specs.is_empty() {
                ended = self.run_at_once(&specs).await?;
            }
        }
        Ok(ended)
    }

    /// The address of Whimbrel, the control desk and the browser go by environment.
    async fn run_at_once(&self, specs: &[&PathBuf]) -> Result<ExitStatus, WorldError> {
        let browser = browser_program()?;
        let shots = target_dir().join("browser");
        std::fs::create_dir_all(&shots)?;
        let status = Command::new("node")
            .args([
                "--experimental-websocket",
                "--test",
                "--test-concurrency=2",
                "--test-reporter=spec",
            ])
            .args(specs)
            .current_dir(project())
            // Browsers write file names in the encoding of the locale.
            .env("LC_ALL", "C.UTF-8")
            .env("WHIMBREL_URL", &self.app.url)
            .env("WHIMBREL_POORER_URL", &self.poorer.url)
            .env("WHIMBREL_DESK", &self.desk)
            .env("WHIMBREL_PASSWORD", PASSWORD)
            .env("WHIMBREL_BROWSER", browser)
            .env("WHIMBREL_SHOTS", &shots)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .status()
            .await?;
        if !status.success() {
            let log = shots.join("dovecot.log");
            std::fs::write(&log, self.world.dovecot.log())?;
            std::fs::write(shots.join("postfix.log"), self.world.postfix.log())?;
        }
        Ok(status)
    }
}

/// The spec files whose names contain one of `wanted`, or all of them; sorted.
pub fn specs(wanted: &[String]) -> Result<Vec<PathBuf>, WorldError> {
    let dir = project().join("tests/browser");
    let mut specs: Vec<PathBuf> = std::fs::read_dir(dir)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_wanted = wanted.is_empty() || wanted.iter().any(|part| name.contains(part));
            name.ends_with(".spec.mjs") && is_wanted
        })
        .collect();
    specs.sort();
    Ok(specs)
}

fn address_of(number: usize) -> String {
    format!("visitor{number}@whimbrel.example")
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the project")
}

fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project().join("target"), PathBuf::from)
}

fn require_built_app() -> Result<(), WorldError> {
    if project().join("frontend/dist/index.html").exists() {
        return Ok(());
    }
    Err(WorldError::new(
        "The app is not built: `make app` does that.",
    ))
}

fn browser_program() -> Result<String, WorldError> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(child::find_program)
        .ok_or_else(|| {
            WorldError::new("There is no Chromium: `scripts/setup.sh browser` gets one.")
        })
}

type Answer<T> = Result<Json<T>, (StatusCode, String)>;

fn control_desk(world: Arc<World>) -> Router {
    let desk = Desk {
        world,
        next: Arc::default(),
    };
    Router::new()
        .route("/person", post(person))
        .route("/room", post(room))
        .route("/fill", post(fill))
        .route("/deliver", post(deliver))
        .route("/imap", post(imap))
        .route("/mail-server", post(mail_server))
        .with_state(desk)
}

/// Somebody nobody else uses.
async fn person(State(desk): State<Desk>) -> Answer<String> {
    let number = desk.next.fetch_add(1, Ordering::Relaxed);
    match number < PEOPLE {
        true => Ok(Json(address_of(number))),
        false => Err((StatusCode::GONE, "make PEOPLE larger".to_owned())),
    }
}

#[derive(Deserialize)]
struct Room {
    address: String,
    bytes: u64,
}

/// Sets a limit to somebody who has not signed in yet. Dovecot looks at its file of people once a second.
async fn room(State(desk): State<Desk>, Json(room): Json<Room>) -> Answer<()> {
    let person = Person {
        quota: room.bytes,
        ..Person::new(&room.address, PASSWORD)
    };
    let set = desk.world.dovecot.set_person(person);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    set.map(Json).map_err(failed)
}

#[derive(Deserialize)]
struct Filling {
    address: String,
    count: u32,
    #[serde(default)]
    folders: bool,
}

/// Fills a mailbox before its first sign-in.
async fn fill(State(desk): State<Desk>, Json(filling): Json<Filling>) -> Answer<()> {
    let owner = filling.address.split('@').next().unwrap_or_default();
    let plan = Plan {
        seed: 3,
        count: filling.count,
        owner: owner.to_owned(),
        until: 1_795_000_000,
        days: 1500,
        spread: if filling.folders {
            Spread::Folders
        } else {
            Spread::Inbox
        },
    };
    let world = Arc::clone(&desk.world);
    let filled = tokio::task::spawn_blocking(move || world.fill(plan)).await;
    filled.expect("no panic").map(Json).map_err(failed)
}

#[derive(Deserialize)]
struct Delivery {
    address: String,
    message: String,
}

/// Delivers a letter from outside.
async fn deliver(State(desk): State<Desk>, Json(delivery): Json<Delivery>) -> Answer<()> {
    let message = delivery.message.as_bytes();
    let delivered = desk.world.deliver(&delivery.address, message).await;
    delivered.map(Json).map_err(failed)
}

#[derive(Deserialize)]
struct Conversation {
    address: String,
    commands: Vec<String>,
    #[serde(default)]
    append: Option<Append>,
}

#[derive(Deserialize)]
struct Append {
    folder: String,
    flags: String,
    message: String,
}

#[derive(Serialize)]
struct Said {
    tagged: String,
    untagged: Vec<String>,
}

/// A second mail program: signs in, says these commands, and tells the answers.
async fn imap(State(desk): State<Desk>, Json(wish): Json<Conversation>) -> Answer<Vec<Said>> {
    let port = desk.world.dovecot.ports.imap;
    let mut client = ImapClient::signed_in(port, &wish.address, PASSWORD).await;
    let mut answers = Vec::new();
    if let Some(append) = wish.append {
        let message = append.message.replace("\r\n", "\n").replace('\n', "\r\n");
        answers.push(
            client
                .append(&append.folder, &append.flags, message.as_bytes())
                .await,
        );
    }
    for command in wish.commands {
        answers.push(client.command(&command).await);
    }
    client.logout().await;
    let said = answers.into_iter().map(|answer| Said {
        untagged: answer.lines().collect(),
        tagged: answer.tagged,
    });
    Ok(Json(said.collect()))
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum MailServer {
    Stop,
    Start,
    Restart,
}

/// Stops and starts the mail server that all specs share: for specs that run alone.
async fn mail_server(State(desk): State<Desk>, Json(wish): Json<MailServer>) -> Answer<()> {
    let dovecot = &desk.world.dovecot;
    let done = match wish {
        MailServer::Stop => {
            dovecot.stop();
            Ok(())
        }
        MailServer::Start => dovecot.start_again().await,
        MailServer::Restart => dovecot.restart().await,
    };
    done.map(Json).map_err(failed)
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn failed(error: WorldError) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}
