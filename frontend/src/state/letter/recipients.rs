//! A field for recipients: those that stand there, and what is being typed after them.

use leptos::prelude::*;
use whimbrel_shared::Address;

use crate::logic::addresses::{self, Recipient};

/// One of the fields for recipients.
#[derive(Clone, Copy)]
pub struct Recipients {
    /// Those that stand there.
    pub list: RwSignal<Vec<Recipient>>,
    /// What is being typed after them.
    pub typed: RwSignal<String>,
}

impl Recipients {
    pub(super) fn new() -> Self {
        Self {
            list: RwSignal::new(Vec::new()),
            typed: RwSignal::new(String::new()),
        }
    }

    /// Puts what was typed to the others.
    pub fn take_typed(&self) {
        let typed = self.typed.get_untracked();
        if !typed.trim().is_empty() {
            self.add(addresses::parse(&typed));
        }
        if !typed.is_empty() {
            self.typed.set(String::new());
        }
    }

    /// Puts recipients to the others; nobody twice.
    pub fn add(&self, recipients: Vec<Recipient>) {
        self.list.update(|list| {
            for recipient in recipients {
                let email = &recipient.address.email;
                if !list
                    .iter()
                    .any(|one| addresses::same(&one.address.email, email))
                {
                    list.push(recipient);
                }
            }
        });
    }

    /// Takes one away.
    pub fn remove(&self, index: usize) {
        self.list.update(|list| {
            if index < list.len() {
                list.remove(index);
            }
        });
    }

    pub(super) fn fill(&self, addresses: &[Address]) {
        self.list
            .set(addresses.iter().cloned().map(Recipient::from).collect());
    }

    /// Everybody, with what is still being typed.
    pub(super) fn all(&self) -> Vec<Recipient> {
        let mut all = self.list.get_untracked();
        all.extend(addresses::parse(&self.typed.get_untracked()));
        all
    }

    pub(super) fn addresses(&self) -> Vec<Address> {
        self.all().into_iter().map(|one| one.address).collect()
    }
}
