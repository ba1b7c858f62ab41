//! Who can sign in, shared by a mail server of the world and whoever checks passwords for it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::dovecot::Person;

/// Who can sign in. A clone is the same list.
#[derive(Debug, Clone)]
pub(crate) struct People(Arc<Mutex<BTreeMap<String, Person>>>);

impl People {
    pub(crate) fn of(people: &[Person]) -> Self {
        let people = people.iter().map(|p| (p.address.to_lowercase(), p.clone()));
        Self(Arc::new(Mutex::new(people.collect())))
    }

    /// Adds somebody, or takes over what changed of them.
    pub(crate) fn set(&self, person: Person) {
        self.list().insert(person.address.to_lowercase(), person);
    }

    /// Whose name and password these are.
    pub(crate) fn find(&self, address: &str, password: &str) -> Option<Person> {
        let found = self.list().get(&address.to_lowercase()).cloned();
        found.filter(|person| person.password == password)
    }

    fn list(&self) -> MutexGuard<'_, BTreeMap<String, Person>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
