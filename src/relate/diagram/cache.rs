//! What the diagrams remember: recent results, and the hash of nodes.

use std::hash::Hasher;

use super::Diagram;

/// Recent results of an operation, at places that their operands choose: a result takes the place of an older one.
#[derive(Default)]
pub(super) struct Recent(Vec<[Diagram; 3]>);

impl Recent {
    const LEAST: usize = 1 << 10;
    const MOST: usize = 1 << 21;
    /// No operand of an operation whose result is stored.
    const FREE: [Diagram; 3] = [Diagram(u32::MAX); 3];

    fn place(&self, one: Diagram, other: Diagram) -> usize {
        let mut mixer = Mixer::default();
        mixer.write_u32(one.0);
        mixer.write_u32(other.0);
        // The number of places is a power of 2.
        usize::try_from(mixer.finish() >> 32).unwrap_or(0) & self.0.len().wrapping_sub(1)
    }

    pub(super) fn get(&self, one: Diagram, other: Diagram) -> Option<Diagram> {
        let [first, second, result] = *self.0.get(self.place(one, other))?;
        (first == one && second == other).then_some(result)
    }

    /// Stores a result; there are as many places as nodes, within limits.
    pub(super) fn insert(&mut self, one: Diagram, other: Diagram, result: Diagram, nodes: usize) {
        if self.0.len() < nodes.clamp(Self::LEAST, Self::MOST) {
            let size = nodes.clamp(Self::LEAST, Self::MOST).next_power_of_two();
            let old = std::mem::replace(&mut self.0, vec![Self::FREE; size]);
            for [one, other, result] in old.into_iter().filter(|known| *known != Self::FREE) {
                self.put([one, other, result]);
            }
        }
        self.put([one, other, result]);
    }

    fn put(&mut self, known: [Diagram; 3]) {
        let [one, other, _] = known;
        let place = self.place(one, other);
        if let Some(slot) = self.0.get_mut(place) {
            *slot = known;
        }
    }
}

/// A fast hash of small numbers that nobody can choose: those of nodes.
#[derive(Default)]
pub(super) struct Mixer(u64);

impl Mixer {
    /// An odd number near 2^64 divided by the golden ratio.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0.rotate_left(23) ^ u64::from(number)).wrapping_mul(Self::FACTOR);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}
