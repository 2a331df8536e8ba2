//! Shares of a whole, in percent.

/// Returns a share as percent with this many digits after the point. Only nothing is 0 %, and only all is 100 %: a part
/// that rounds to one of these is shown as less or as more.
pub(super) fn percent(share: f64, digits: usize) -> String {
    let shown = |share: f64| format!("{:.digits$}%", share * 100.0);
    let (text, none, all) = (shown(share), shown(0.0), shown(1.0));
    let unit = 10_f64.powi(-i32::try_from(digits).unwrap_or(0)) / 100.0;
    match () {
        () if share > 0.0 && text == none => format!("<{}", shown(unit)),
        () if share < 1.0 && text == all => format!(">{}", shown(1.0 - unit)),
        () => text,
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn only_nothing_is_none_and_only_all_is_all() {
        for (share, whole, tenths) in [
            (0.0, "0%", "0.0%"),
            (1e-12, "<1%", "<0.1%"),
            (0.004, "<1%", "0.4%"),
            (0.5, "50%", "50.0%"),
            (0.994, "99%", "99.4%"),
            (0.996, ">99%", "99.6%"),
            (0.999_9, ">99%", ">99.9%"),
            (1.0, "100%", "100.0%"),
        ] {
            assert_eq!((&*percent(share, 0), &*percent(share, 1)), (whole, tenths), "{share}");
        }
    }
}
