//! What may go wrong on the way from the mail server to Whimbrel: cuts, silence, slowness, lies about lengths
//! and words that nobody said. One-time faults strike the first connection that gives them the occasion.

use std::{
    collections::VecDeque,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{io::AsyncWriteExt as _, net::tcp::OwnedWriteHalf, sync::watch, time::sleep};

/// Strikes once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The line is cut after so many bytes.
    CutAfter(usize),
    /// The line is cut in the middle of a literal.
    CutInLiteral,
    /// A literal is some bytes shorter than was announced, and the conversation goes on.
    ShortLiteral(usize),
    /// These bytes come before the next response.
    Say(Vec<u8>),
}

/// Holds until it changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weather {
    /// Nothing listens: new connections are closed at once.
    pub refuses: bool,
    /// Lines stay open, and nothing comes.
    pub silent: bool,
    /// A pause before every piece.
    pub pause: Duration,
    /// Bytes in a piece; 0: no matter how many.
    pub piece: usize,
}

/// The faults of a proxy.
#[derive(Debug)]
pub(super) struct Faults {
    once: Mutex<VecDeque<Fault>>,
    weather: watch::Sender<Weather>,
    cut: watch::Sender<u64>,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            once: Mutex::default(),
            weather: watch::Sender::new(Weather::default()),
            cut: watch::Sender::new(0),
        }
    }
}

impl Faults {
    pub(super) fn add(&self, fault: Fault) {
        self.once().push_back(fault);
    }

    pub(super) fn forget(&self) {
        self.once().clear();
    }

    pub(super) fn turn(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    pub(super) fn weather(&self) -> Weather {
        *self.weather.borrow()
    }

    /// Cuts every line there is.
    pub(super) fn cut_all(&self) {
        self.cut.send_modify(|cuts| *cuts += 1);
    }

    /// Until the next [`Self::cut_all`].
    pub(super) async fn cut(&self) {
        let mut cuts = self.cut.subscribe();
        let _ = cuts.changed().await; // the sender lives as long as `self`
    }

    fn once(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        self.once.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the first fault that `fits`.
    fn take<T>(&self, fits: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        let mut once = self.once();
        let (place, found) = once
            .iter()
            .enumerate()
            .find_map(|(place, fault)| Some((place, fits(fault)?)))?;
        once.remove(place);
        Some(found)
    }

    /// What is said before the next response.
    pub(super) fn words(&self) -> Vec<u8> {
        self.take(|fault| match fault {
            Fault::Say(words) => Some(words.clone()),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// How many bytes of a literal of this length are sent, and whether the line is cut after them.
    pub(super) fn literal(&self, length: usize) -> (usize, bool) {
        let cut = self.take(|fault| (*fault == Fault::CutInLiteral && length > 1).then_some(()));
        if cut.is_some() {
            return (length / 2, true);
        }
        let missing = self.take(|fault| match fault {
            Fault::ShortLiteral(missing) if *missing <= length => Some(*missing),
            _ => None,
        });
        (length - missing.unwrap_or(0), false)
    }

    /// Sends bytes on to Whimbrel, as far as the faults let them.
    pub(super) async fn send(&self, to: &mut OwnedWriteHalf, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let weather = self.calm_enough().await;
            if !weather.pause.is_zero() {
                sleep(weather.pause).await;
            }
            let wanted = if weather.piece == 0 {
                bytes.len()
            } else {
                weather.piece.min(bytes.len())
            };
            let (piece, rest) = bytes.split_at(wanted);
            if let Some(left) = self.cut_within(piece.len()) {
                to.write_all(&piece[..left]).await?;
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            to.write_all(piece).await?;
            bytes = rest;
        }
        Ok(())
    }

    /// Waits while it is silent.
    async fn calm_enough(&self) -> Weather {
        let mut weather = self.weather.subscribe();
        let calm = weather.wait_for(|weather| !weather.silent).await;
        calm.map_or_else(|_| Weather::default(), |weather| *weather)
    }

    /// After how many of the next bytes the line is cut, if it is.
    fn cut_within(&self, length: usize) -> Option<usize> {
        let mut once = self.once();
        let place = once
            .iter()
            .position(|fault| matches!(fault, Fault::CutAfter(_)))?;
        match once.get_mut(place) {
            Some(Fault::CutAfter(left)) if *left > length => {
                *left -= length;
                None
            }
            Some(Fault::CutAfter(left)) => {
                let left = *left;
                once.remove(place);
                Some(left)
            }
            _ => None,
        }
    }
}
