//! The event stream of one tab.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{self, KeepAlive, Sse},
    },
};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use tokio::{sync::broadcast::error::RecvError, time::interval};
use whimbrel_shared::{Event, MailboxId, SessionEnd};

use crate::{
    account::{
        blocked,
        watch::{Listener, News, listeners::Sight},
    },
    auth::{self, SessionRef, signed_in::SignedIn},
    state::AppState,
};

/// A session that ended by itself is noticed within this.
const SESSION_CHECK: Duration = Duration::from_secs(5);
/// Within this of its end, a session's tabs are told how it ended.
const WORD_OF_HOW: Duration = Duration::from_millis(500);
/// Proxies cut what is silent for longer.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Folders on screen that are looked at; more tabs than that nobody looks at.
const MAX_OPEN: usize = 8;

/// See [`events`].
#[derive(Deserialize)]
pub struct EventsQuery {
    /// The folders on screen, with commas between.
    #[serde(default)]
    open: String,
    /// Nobody can see them.
    #[serde(default)]
    hidden: bool,
}

impl EventsQuery {
    fn sight(&self) -> Sight {
        let open = self.open.split(',').filter(|id| !id.is_empty());
        let open = open.take(MAX_OPEN).map(|id| MailboxId(id.to_owned()));
        Sight {
            open: open.collect(),
            is_hidden: self.hidden,
        }
    }
}

/// News, until the session ends. Listening does not keep a session alive.
pub async fn events(
    signed_in: SignedIn,
    State(app): State<AppState>,
    Query(query): Query<EventsQuery>,
) -> Response {
    let listener = signed_in.account.watch().listen(query.sight());
    blocked::keep_out(&app, &signed_in.account);
    let stream = news(app, signed_in.session, listener);
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    // nginx would hold news back to fill its buffer.
    let unbuffered = [(
        header::HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    )];
    (unbuffered, Sse::new(stream).keep_alive(keep_alive)).into_response()
}

struct Tab {
    app: AppState,
    session: SessionRef,
    listener: Listener,
    check: tokio::time::Interval,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Greeting,
    /// Greeted: how the line to the mail server is, comes next.
    Greeted,
    /// Then how full the account is.
    Placed,
    Listening,
    Ended,
}

fn news(
    app: AppState,
    session: SessionRef,
    listener: Listener,
) -> impl Stream<Item = Result<sse::Event, Infallible>> {
    let tab = Tab {
        app,
        session,
        listener,
        check: interval(SESSION_CHECK),
        stage: Stage::Greeting,
    };
    stream::unfold(tab, |mut tab| async move {
        let event = tab.next().await?;
        Some((Ok(encode(&event)), tab))
    })
}

impl Tab {
    async fn next(&mut self) -> Option<Event> {
        if self.stage == Stage::Ended {
            return None;
        }
        if self.stage == Stage::Greeting {
            return Some(self.greet());
        }
        if self.stage == Stage::Greeted {
            self.stage = Stage::Placed;
            if self.listener.is_mail_server_lost() {
                return Some(Event::MailServerLost);
            }
        }
        if self.stage == Stage::Placed {
            self.stage = Stage::Listening;
            if let Some(quota) = self.listener.quota() {
                return Some(Event::Quota { quota: Some(quota) });
            }
        }
        loop {
            tokio::select! {
                news = self.listener.news.recv() => match news {
                    Ok(News::Event(event)) => return Some(event),
                    Ok(News::SessionEnded(id, how)) if id == self.session.id => {
                        return how.map(|reason| self.end(reason));
                    }
                    Ok(News::SessionEnded(..)) => {}
                    // Too slow a tab lost some news: it starts over.
                    Err(RecvError::Lagged(_)) => return Some(self.greet()),
                    Err(RecvError::Closed) => return None,
                },
                () = self.app.stopping.cancelled() => return None,
                _ = self.check.tick() => {
                    if !auth::session_alive(&self.app, &self.session).await {
                        return self.how_it_ended().await.map(|reason| self.end(reason));
                    }
                }
            }
        }
    }

    fn greet(&mut self) -> Event {
        self.stage = Stage::Greeted;
        Event::Hello
    }

    /// The session is gone from the database; the word of how may be on its way still.
    async fn how_it_ended(&mut self) -> Option<SessionEnd> {
        let told = async {
            loop {
                match self.listener.news.recv().await {
                    Ok(News::SessionEnded(id, how)) if id == self.session.id => return how,
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return Some(SessionEnd::Expired),
                }
            }
        };
        let told = tokio::time::timeout(WORD_OF_HOW, told).await;
        told.unwrap_or(Some(SessionEnd::Expired))
    }

    fn end(&mut self, reason: SessionEnd) -> Event {
        self.stage = Stage::Ended;
        Event::SessionEnded { reason }
    }
}

fn encode(event: &Event) -> sse::Event {
    // The event types hold nothing that cannot be JSON.
    sse::Event::default().json_data(event).unwrap_or_default()
}
