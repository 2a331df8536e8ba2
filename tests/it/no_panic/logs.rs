//! Reads logs. `fuzz/` runs the same code.

use rauditctl::catalog::{Arch, KernelVersion, field};
use rauditctl::ingest::{Fault, Lines, MOST_BYTES};
use rauditctl::model::{KernelModel, Profile};
use rauditctl::replay::{Against, By, Makers, Table, Threads, Window};
use rauditctl::rule::{Action, Field, FieldId, FilterList, Op, Rule, TextId};

/// Rules that look at most of what a record has.
fn rules() -> KernelModel {
    let mut kernel = KernelModel::new(Profile::newest(Arch::X86_64));
    let text = |id, text: &[u8]| Field::Text { id, op: Op::EQUAL, text: text.into() };
    for (path, key) in [("/etc/shadow", "one"), ("/tmp", "two"), ("/w", "two")] {
        let mut rule = Rule::new(FilterList::Exit, Action::Always);
        (0..400).for_each(|number| assert!(rule.mask.insert(number)));
        rule.fields.push(text(TextId::PATH, path.as_bytes()));
        rule.fields.push(text(TextId::KEY, key.as_bytes()));
        kernel.add(&rule).expect("a rule");
    }
    kernel
}

/// What the rows of a table can be by.
const ALL: [By; 7] = [By::Rule, By::Exe, By::User, By::Path, By::Key, By::Syscall, By::Node];

/// Reads a log in any form. Every byte and every event is counted once. The length of the log decides what the rows are by.
pub(super) fn log(input: &[u8]) {
    let by = ALL[input.len() % ALL.len()];
    let makers = Makers::new(&rules(), KernelVersion::NEWEST);
    let mut table = Table::new(makers, Window::default(), by);
    let mut lines = Lines::of(input);
    let (mut read, mut faults) = (0, 0);
    lines
        .each(|line| {
            match line {
                Ok(line) => {
                    assert!(line.len() <= MOST_BYTES);
                    read += line.len() as u64 + 1;
                }
                Err(fault) => {
                    assert_eq!(fault, Fault::TooLong);
                    faults += 1;
                }
            }
            table.add(line);
        })
        .expect("bytes can be read");
    lines.end(|fault| {
        faults += 1;
        table.add(Err(fault));
    });
    table.finish();
    assert_eq!(table.log.bytes, read);
    assert!(table.log.faults.values().sum::<u64>() >= faults);
    let mut all = table.rare();
    for (_, row) in table.rows() {
        all.events += row.total.events;
        all.bytes += row.total.bytes;
    }
    let events: u64 = table.totals().map(|(_, total)| total.events).sum();
    assert_eq!(all.events, events);
    assert_eq!(events, table.log.events);
    assert!(events <= table.log.records);
    let bytes: u64 = table.totals().map(|(_, total)| total.bytes).sum();
    assert_eq!(all.bytes, bytes);
    assert!(bytes <= read);
    threads(input, &table);
    others(input, (events, bytes));
}

/// Two threads count what one counts.
fn threads(input: &[u8], expected: &Table) {
    let makers = Makers::new(&rules(), KernelVersion::NEWEST);
    let mut table = Table::new(makers, Window::default(), expected.by());
    table.read(&mut Lines::of(input), Threads::Two).expect("bytes can be read");
    table.finish();
    assert_eq!(format!("{:?}", table.log), format!("{:?}", expected.log));
    assert!(table.totals().eq(expected.totals()));
    let most = |table: &Table| {
        let rows = table.rows().into_iter().map(|(of, row)| {
            let tops = [&row.exe, &row.auid, &row.path].map(|top| format!("{:?}", top.most(9)));
            format!("{of:?} {:?} {:?} {tops:?}", row.total, row.times)
        });
        let mut rows: Vec<String> = rows.collect();
        rows.sort();
        rows
    };
    assert_eq!(most(&table), most(expected));
    assert_eq!(table.repeated(), expected.repeated());
}

/// Asks what other rules would do, and which programs make the events: each event has one answer.
fn others(input: &[u8], all: (u64, u64)) {
    let makers = || Makers::new(&rules(), KernelVersion::NEWEST);
    let read = |mut table: Table| {
        let mut lines = Lines::of(input);
        lines.each(|line| table.add(line)).expect("bytes can be read");
        lines.end(|fault| table.add(Err(fault)));
        table.finish();
        table
    };
    let mut other = KernelModel::new(Profile::newest(Arch::X86_64));
    let mut drop = Rule::new(FilterList::Exclude, Action::Always);
    let FieldId::Number(id) = FieldId::of(field::AUID) else { panic!("auid is a number") };
    drop.fields.push(Field::Number { id, op: Op::EQUAL, value: 0 });
    other.add(&drop).expect("a rule");
    let table = || Table::new(makers(), Window::default(), By::Rule);
    let against = Against::new(&other, &rules(), KernelVersion::NEWEST);
    let asked = read(table().with_against(against));
    let cells = asked.against().expect("it was asked").cells();
    let sum = cells.fold((0, 0), |sum, (.., cell)| {
        assert!(cell.left_out <= cell.bytes);
        (sum.0 + cell.events, sum.1 + cell.bytes)
    });
    assert_eq!(sum, all);
    let counted = read(table().with_combinations());
    let combinations = counted.combinations().expect("they were counted").largest();
    let sum = combinations.iter().fold((0, 0), |sum, one| (sum.0 + one.events, sum.1 + one.bytes));
    assert!(sum.0 <= all.0 && sum.1 <= all.1);
}
