//! The list of words in `words.txt`.

use super::text::Text;

pub(super) struct Word {
    pub(super) phrase: String,
    pub(super) instead: String,
    /// Phrases in which it may stay.
    contexts: Vec<String>,
}

pub(super) fn read() -> Vec<Word> {
    let path = xtask::root().join("tests/it/words.txt");
    parse(&std::fs::read_to_string(path).expect("the list"))
}

pub(super) fn parse(text: &str) -> Vec<Word> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let columns: Vec<&str> = line.split('|').map(str::trim).collect();
            let (phrase, instead, contexts) = match columns.as_slice() {
                [phrase, instead] => (phrase, instead, ""),
                [phrase, instead, contexts] => (phrase, instead, *contexts),
                _ => panic!("not two or three columns: {line}"),
            };
            assert!(!phrase.is_empty() && !instead.is_empty(), "{line}");
            assert_eq!(*phrase, phrase.to_lowercase(), "{line}");
            let contexts = contexts.split(';').map(str::trim).filter(|context| !context.is_empty());
            Word {
                phrase: (*phrase).to_owned(),
                instead: (*instead).to_owned(),
                contexts: contexts.map(str::to_lowercase).collect(),
            }
        })
        .collect()
}

impl Word {
    /// The lines, counted from 1, on which the phrase begins and no context excuses it.
    pub(super) fn lines(&self, text: &Text) -> Vec<usize> {
        let excused: Vec<_> =
            self.contexts.iter().flat_map(|context| text.places(context)).collect();
        let places = text.words(&self.phrase).into_iter();
        let unwanted = places.filter(|place| {
            !excused.iter().any(|wide| wide.start <= place.start && place.end <= wide.end)
        });
        unwanted.map(|place| text.line(place.start)).collect()
    }
}
