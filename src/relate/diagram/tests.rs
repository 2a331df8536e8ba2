use proptest::prelude::*;

use super::*;

const VARIABLES: u32 = 5;

/// A function of a few variables, written as a formula.
#[derive(Clone, Debug)]
enum Formula {
    Variable(u32),
    Result(u32),
    First(Box<Formula>, Box<Formula>),
    Both(Box<Formula>, Box<Formula>),
    Not(Box<Formula>),
    /// The sum of two results, modulo 4.
    Sum(Box<Formula>, Box<Formula>),
    /// Whether the number of the first three variables is one of these.
    Codes(u8),
}

impl Formula {
    /// Computes the result from the definition of each operation.
    fn result(&self, values: u32) -> u32 {
        match self {
            Formula::Variable(variable) => values >> variable & 1,
            Formula::Result(number) => *number,
            Formula::First(one, other) => match one.result(values) {
                0 => other.result(values),
                result => result,
            },
            Formula::Both(condition, value) => match condition.result(values) {
                0 => 0,
                _ => value.result(values),
            },
            Formula::Not(formula) => u32::from(formula.result(values) == 0),
            Formula::Sum(one, other) => (one.result(values) + other.result(values)) % 4,
            Formula::Codes(codes) => {
                let code = (values & 1) << 2 | (values >> 1 & 1) << 1 | values >> 2 & 1;
                u32::from(codes >> code & 1)
            }
        }
    }

    fn diagram(&self, diagrams: &mut Diagrams) -> Diagram {
        match self {
            Formula::Variable(variable) => {
                diagrams.test(*variable, Diagram::NOTHING, Diagram::ALWAYS)
            }
            Formula::Result(number) => diagrams.result(*number),
            Formula::First(one, other) => {
                let (one, other) = (one.diagram(diagrams), other.diagram(diagrams));
                diagrams.first(one, other)
            }
            Formula::Both(one, other) => {
                let (one, other) = (one.diagram(diagrams), other.diagram(diagrams));
                diagrams.both(one, other)
            }
            Formula::Not(formula) => {
                let formula = formula.diagram(diagrams);
                diagrams.not(formula)
            }
            Formula::Sum(one, other) => {
                let (one, other) = (one.diagram(diagrams), other.diagram(diagrams));
                diagrams.zip(one, other, &mut |one, other| (one + other) % 4)
            }
            Formula::Codes(codes) => diagrams.codes(0, 3, &mut |code| codes >> code & 1 == 1),
        }
    }
}

fn formula() -> impl Strategy<Value = Formula> {
    let leaf = prop_oneof![
        (0..VARIABLES).prop_map(Formula::Variable),
        (0..4u32).prop_map(Formula::Result),
        any::<u8>().prop_map(Formula::Codes),
    ];
    leaf.prop_recursive(5, 40, 2, |inner| {
        let inner = inner.prop_map(Box::new);
        let pair = || (inner.clone(), inner.clone());
        prop_oneof![
            pair().prop_map(|(one, other)| Formula::First(one, other)),
            pair().prop_map(|(one, other)| Formula::Both(one, other)),
            pair().prop_map(|(one, other)| Formula::Sum(one, other)),
            inner.clone().prop_map(Formula::Not),
        ]
    })
}

fn table(formula: &Formula) -> Vec<u32> {
    (0..1 << VARIABLES).map(|values| formula.result(values)).collect()
}

fn evaluated(diagrams: &Diagrams, diagram: Diagram, values: u32) -> u32 {
    let end = (0..VARIABLES).fold(diagram, |diagram, variable| {
        diagrams.given(diagram, variable, values >> variable & 1 == 1)
    });
    diagrams.known(end).unwrap()
}

proptest! {
    #[test]
    fn diagrams_have_the_results_of_their_formulas(formula in formula()) {
        let mut diagrams = Diagrams::new(usize::MAX);
        let diagram = formula.diagram(&mut diagrams);
        let found: Vec<u32> =
            (0..1 << VARIABLES).map(|values| evaluated(&diagrams, diagram, values)).collect();
        prop_assert_eq!(found, table(&formula));
    }

    #[test]
    fn diagrams_are_equal_exactly_for_equal_functions(one in formula(), other in formula()) {
        let mut diagrams = Diagrams::new(usize::MAX);
        let (left, right) = (one.diagram(&mut diagrams), other.diagram(&mut diagrams));
        prop_assert_eq!(left == right, table(&one) == table(&other));
        let again = Formula::Not(Box::new(Formula::Not(Box::new(one.clone()))));
        let twice = again.diagram(&mut diagrams);
        let condition = Formula::Both(Box::new(one), Box::new(Formula::Result(1)));
        let condition = condition.diagram(&mut diagrams);
        prop_assert_eq!(twice, condition);
    }
}

#[test]
fn ranges_are_those_of_codes() {
    let mut diagrams = Diagrams::new(usize::MAX);
    for bits in 0..4 {
        for first in 0..1 << bits {
            for last in 0..1 << bits {
                let range = diagrams.range(2, bits, (first, last));
                let codes = diagrams.codes(2, bits, &mut |code| (first..=last).contains(&code));
                assert_eq!(range, codes, "{bits} {first} {last}");
            }
        }
    }
}

#[test]
fn full_store_is_reported() {
    let mut diagrams = Diagrams::new(4);
    let first = diagrams.test(0, Diagram::NOTHING, Diagram::ALWAYS);
    assert!(!diagrams.is_full());
    let second = diagrams.test(1, Diagram::NOTHING, Diagram::ALWAYS);
    let both = diagrams.both(first, second);
    assert!(diagrams.is_full() && diagrams.len() == 4 && both == Diagram::NOTHING);
}
