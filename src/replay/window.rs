//! The time of the events that count.

/// A time, with its ends. Milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    since: Option<i64>,
    until: Option<i64>,
}

/// Where an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before the window.
    Before,
    /// In the window.
    Within,
    /// After the window.
    After,
}

impl Window {
    /// Returns the window between two times, either of which can be missing; `None` if the first is after the second.
    ///
    /// ```
    /// use rauditctl::replay::{Side, Window};
    ///
    /// let window = Window::new(Some(5), None).unwrap();
    /// assert_eq!([4, 5, 6].map(|millis| window.side(millis)), [Side::Before, Side::Within, Side::Within]);
    /// assert_eq!(Window::new(Some(6), Some(5)), None);
    /// ```
    pub fn new(since: Option<i64>, until: Option<i64>) -> Option<Self> {
        let is_reversed = since.zip(until).is_some_and(|(since, until)| since > until);
        (!is_reversed).then_some(Window { since, until })
    }

    /// Returns the first millisecond.
    pub fn since(self) -> Option<i64> {
        self.since
    }

    /// Returns the last millisecond.
    pub fn until(self) -> Option<i64> {
        self.until
    }

    /// Returns where a time is.
    pub fn side(self, millis: i64) -> Side {
        if self.since.is_some_and(|since| millis < since) {
            Side::Before
        } else if self.until.is_some_and(|until| millis > until) {
            Side::After
        } else {
            Side::Within
        }
    }
}
