//! One story: some devices of one account, a second mail program, and a line that breaks.

use std::{rc::Rc, time::Duration};

use tokio::time::{Instant, sleep};
use whimbrel_replica::list::ListKey;
use whimbrel_shared::MailboxId;
use whimbrel_tests::{
    app::TestApp,
    imap_proxy::{
        ImapProxy,
        faults::{Fault, Weather},
    },
    world::{PASSWORD, World},
};

use crate::{
    dice::Dice,
    ledger::Ledger,
    outsider::Outsider,
    person::Device,
    truth::{self, Letter, Truth},
};

/// Steps of a story.
const STEPS: u32 = 80;
/// Within this after the storm all agree.
const CALM: Duration = Duration::from_secs(90);
/// Within this a folder that was put on screen shows its rows.
const LOOKING: Duration = Duration::from_secs(2);

/// What happens to folders themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folders {
    /// They are made, renamed, deleted and made again by everybody.
    Change,
    /// Only what is in them changes.
    Stay,
}

/// What happened in a story.
pub(crate) struct Figures {
    pub(crate) operations: usize,
    pub(crate) elsewhere: usize,
    pub(crate) faults: usize,
    pub(crate) folders: usize,
}

pub(crate) async fn tell(world: &World, seed: u64, address: String, folders: Folders) -> Figures {
    let dice = Dice::new(seed);
    let ledger = Rc::new(Ledger::default());
    let proxy = ImapProxy::before(world.dovecot.ports.imap).expect("a proxy");
    let app = TestApp::with_imap_port(world, proxy.port).await;
    let mut outsider = Outsider::new(world, &address, dice.clone(), Rc::clone(&ledger)).await;
    outsider.folders = folders;
    let mut devices = Vec::new();
    for i in 0..2 + dice.below(3) {
        let mut client = app.client();
        client.sign_in(&address, PASSWORD).await;
        let name = format!("story-{seed}-{i}");
        let mut device = Device::start(&name, client, dice.clone(), Rc::clone(&ledger));
        device.folders = folders;
        devices.push(device);
    }
    sleep(Duration::from_millis(500)).await;
    for step in 0..STEPS {
        if step % 8 == 4 {
            strike(&proxy, &devices, &dice);
            ledger.faults.set(ledger.faults.get() + 1);
        }
        if dice.one_in(3) {
            outsider.act().await;
        } else if let Some(device) = dice.pick(&devices) {
            device.act();
        }
        sleep(Duration::from_millis(10 + dice.below(90))).await;
    }
    proxy.calm();
    for device in &devices {
        device.bad(false);
    }
    let truth = agreement(seed, &devices, &mut outsider).await;
    let mut complaints: Vec<String> = devices.iter().flat_map(Device::settle).collect();
    complaints.extend(ledger.complaints(&truth));
    assert!(complaints.is_empty(), "seed {seed}: {complaints:#?}");
    eprintln!("seed {seed}: {} operations", ledger.operations.get());
    Figures {
        operations: ledger.operations.get(),
        elsewhere: ledger.elsewhere.get(),
        faults: ledger.faults.get(),
        folders: truth.0.len(),
    }
}

/// Something goes wrong.
fn strike(proxy: &ImapProxy, devices: &[Device], dice: &Dice) {
    let calm = Weather::default();
    match dice.below(9) {
        0 => proxy.cut_all(),
        1 => proxy.fault(Fault::CutAfter(
            10_usize.pow(u32::try_from(dice.below(5)).unwrap_or(0)),
        )),
        2 => proxy.fault(Fault::CutInLiteral),
        3 => proxy.fault(Fault::ShortLiteral(3)),
        4 => proxy.fault(Fault::Say(b"* X-NOBODY asked (for this)\r\n".to_vec())),
        5 => proxy.weather(Weather {
            silent: true,
            ..calm
        }),
        6 => proxy.weather(Weather {
            refuses: true,
            ..calm
        }),
        7 => proxy.weather(Weather {
            pause: Duration::from_millis(2),
            piece: 200,
            ..calm
        }),
        _ => proxy.weather(calm),
    }
    for device in devices {
        device.bad(dice.one_in(3));
    }
}

/// Waits until every device shows what the mail server has.
async fn agreement(seed: u64, devices: &[Device], outsider: &mut Outsider) -> Truth {
    let deadline = Instant::now() + CALM;
    loop {
        sleep(Duration::from_millis(300)).await;
        let truth = outsider.look().await;
        let mut differences = Vec::new();
        for (i, device) in devices.iter().enumerate() {
            differences.extend(
                differences_of(device, &truth)
                    .await
                    .map(|what| format!("device {i}: {what}")),
            );
        }
        if differences.is_empty() && outsider.look().await == truth {
            return truth;
        }
        assert!(Instant::now() < deadline, "seed {seed}: {differences:#?}");
    }
}

/// The first thing that a device shows otherwise than it is.
async fn differences_of(device: &Device, truth: &Truth) -> Option<String> {
    let replica = &device.replica;
    if replica.queue_len() > 0 {
        return Some(format!("{} operations wait", replica.queue_len()));
    }
    let shown = replica.mailboxes();
    for mailbox in &shown.mailboxes {
        let Some(letters) = truth.0.get(&truth::path(&shown, mailbox)) else {
            return Some(format!("{} is no more", mailbox.name));
        };
        let unread = letters
            .values()
            .filter(|letter| !letter.keywords.contains("$seen"));
        let counts = (
            mailbox.total_emails as usize,
            mailbox.unread_emails as usize,
        );
        let real = (letters.len(), unread.count());
        if counts != real {
            return Some(format!("{}: counts {counts:?}, not {real:?}", mailbox.name));
        }
    }
    if shown.mailboxes.len() != truth.0.len() {
        return Some(format!(
            "{} folders, not {}",
            shown.mailboxes.len(),
            truth.0.len()
        ));
    }
    for mailbox in &shown.mailboxes {
        let letters = truth.0.get(&truth::path(&shown, mailbox))?;
        let mailbox = &mailbox.id;
        device.open(mailbox);
        let opened = Instant::now();
        while let Some(difference) = other_rows(device, mailbox, letters) {
            // A busy machine may take its time to answer.
            let is_asking = !replica.is_fresh(&ListKey::whole(mailbox.clone()));
            let patience = if is_asking { LOOKING * 5 } else { LOOKING };
            if opened.elapsed() > patience {
                return Some(difference);
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
    None
}

fn other_rows(
    device: &Device,
    mailbox: &MailboxId,
    letters: &std::collections::BTreeMap<u32, Letter>,
) -> Option<String> {
    let list = ListKey::whole(mailbox.clone());
    let replica = &device.replica;
    let rows = (0..replica.list(&list).total).filter_map(|i| replica.row(&list, i));
    let shown = rows.map(|row| {
        let letter = row.envelope.map(|envelope| Letter {
            subject: envelope.subject.clone(),
            keywords: envelope.keywords.iter().map(ToString::to_string).collect(),
        });
        (row.key.uid, letter)
    });
    let shown: std::collections::BTreeMap<_, _> = shown.collect();
    let real = letters
        .iter()
        .map(|(uid, letter)| (*uid, Some(letter.clone())));
    let real: std::collections::BTreeMap<_, _> = real.collect();
    (shown != real).then(|| format!("{mailbox:?} shows {shown:?}, not {real:?}"))
}
