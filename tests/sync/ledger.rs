//! What everybody did with the letters that are to be kept: how many of each there must be at the end, and
//! which marks must be found. Other letters may be deleted by anybody and are only looked at for agreement.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

use whimbrel_shared::OperationId;

use crate::truth::Truth;

/// Letters that are never deleted, and stay in folders that are never deleted.
pub(crate) const KEPT: &str = "keep-";
/// Folders that stay.
pub(crate) const LASTING: [&str; 4] = ["INBOX", "Archive", "Sent", "Junk"];
/// Marks that are each put on a letter once.
const MARKS: u32 = 6;

#[derive(Default)]
pub(crate) struct Ledger {
    made: Cell<u32>,
    /// By subject: copies that were made for sure, and that may have been made.
    copies: RefCell<BTreeMap<String, (usize, usize)>>,
    /// Moves that devices asked for and heard nothing of yet.
    moving: RefCell<BTreeMap<OperationId, String>>,
    /// By subject, how many moves devices asked for.
    moves: RefCell<BTreeMap<String, u32>>,
    marks: RefCell<BTreeMap<String, u32>>,
    /// Subject and mark.
    must_be_marked: RefCell<BTreeSet<(String, String)>>,
    pub(crate) operations: Cell<usize>,
    pub(crate) elsewhere: Cell<usize>,
    pub(crate) faults: Cell<usize>,
}

impl Ledger {
    /// The subject of another letter to keep.
    pub(crate) fn another_kept(&self) -> String {
        let subject = format!("{KEPT}{}", self.another());
        self.copies.borrow_mut().insert(subject.clone(), (0, 0));
        subject
    }

    /// The subject of another letter that may be deleted.
    pub(crate) fn another_mortal(&self) -> String {
        format!("mortal-{}", self.another())
    }

    /// A number never given before.
    pub(crate) fn another(&self) -> u32 {
        self.made.set(self.made.get() + 1);
        self.made.get()
    }

    pub(crate) fn copied(&self, subject: &str, times: usize) {
        self.copies
            .borrow_mut()
            .entry(subject.to_owned())
            .or_default()
            .0 += times;
    }

    pub(crate) fn perhaps_copied(&self, subject: &str) {
        self.copies
            .borrow_mut()
            .entry(subject.to_owned())
            .or_default()
            .1 += 1;
    }

    /// A device moves a letter.
    pub(crate) fn moves(&self, id: OperationId, subject: &str) {
        *self
            .moves
            .borrow_mut()
            .entry(subject.to_owned())
            .or_default() += 1;
        self.moving.borrow_mut().insert(id, subject.to_owned());
    }

    /// A device heard what became of an operation.
    pub(crate) fn ended(&self, id: &OperationId) {
        self.moving.borrow_mut().remove(id);
    }

    /// How many moves of a letter devices asked for, and whether one is on its way. Two programs that move a
    /// letter at the same moment may both get a copy: of Dovecot 2.3.19, 34 of 200 such pairs did.
    pub(crate) fn moves_of(&self, subject: &str) -> (u32, bool) {
        let moves = self.moves.borrow().get(subject).copied();
        let is_moving = self
            .moving
            .borrow()
            .values()
            .any(|moving| moving == subject);
        (moves.unwrap_or(0), is_moving)
    }

    /// A mark this letter never had.
    pub(crate) fn new_mark(&self, subject: &str) -> Option<String> {
        let mut marks = self.marks.borrow_mut();
        let used = marks.entry(subject.to_owned()).or_default();
        *used += 1;
        (*used <= MARKS).then(|| format!("mark{used}"))
    }

    pub(crate) fn marked(&self, subject: &str, mark: &str) {
        let entry = (subject.to_owned(), mark.to_owned());
        self.must_be_marked.borrow_mut().insert(entry);
    }

    /// What is wrong with the letters at the end.
    pub(crate) fn complaints(&self, truth: &Truth) -> Vec<String> {
        let mut complaints = Vec::new();
        for (subject, (sure, perhaps)) in &*self.copies.borrow() {
            let found = truth.letters(subject).count();
            let (least, most) = (1 + sure, 1 + sure + perhaps);
            if !(least..=most).contains(&found) {
                complaints.push(format!("{subject}: {found} instead of {least} to {most}"));
            }
        }
        for (subject, mark) in &*self.must_be_marked.borrow() {
            if !truth
                .letters(subject)
                .any(|letter| letter.keywords.contains(mark))
            {
                complaints.push(format!("{subject} lacks {mark}"));
            }
        }
        complaints
    }
}
