//! The contrast of the colors, by WCAG 2.

use std::collections::HashMap;

use rauditctl::report::html::STYLE;

/// Colors by name.
type Theme = HashMap<String, [f64; 3]>;

/// Returns the colors of each `:root`: light, dark by the system, dark by choice.
fn themes() -> Vec<Theme> {
    let blocks = STYLE.split(":root").skip(1).filter_map(|after| {
        let block = after.split_once('{')?.1.split_once('}')?.0;
        block.contains("--paper").then(|| colors(block))
    });
    blocks.collect()
}

fn colors(block: &str) -> Theme {
    let named =
        block.split(';').filter_map(|part| part.trim().strip_prefix("--")?.split_once(": #"));
    named.map(|(name, hex)| (name.to_owned(), channels(hex))).collect()
}

fn channels(hex: &str) -> [f64; 3] {
    let step = hex.len() / 3;
    [0, 1, 2].map(|at| {
        let digits = hex[at * step..(at + 1) * step].repeat(3 - step);
        f64::from(u8::from_str_radix(&digits, 16).expect("two digits")) / 255.0
    })
}

fn luminance(color: [f64; 3]) -> f64 {
    let [r, g, b] = color.map(|c| match c <= 0.04045 {
        true => c / 12.92,
        false => ((c + 0.055) / 1.055).powf(2.4),
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(theme: &Theme, a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(theme[a]), luminance(theme[b]));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_has_enough_contrast() {
    let themes = themes();
    assert_eq!(themes.len(), 3);
    assert_eq!(themes[1], themes[2]);
    for theme in &themes {
        for ground in ["paper", "panel"] {
            for ink in ["ink", "quiet", "link", "alert", "good"] {
                let found = contrast(theme, ink, ground);
                assert!(found >= 4.5, "{ink} on {ground}: {found:.2}");
            }
        }
        for level in 1..=6 {
            let found = contrast(theme, &format!("li{level}"), &format!("l{level}"));
            assert!(found >= 4.5, "level {level}: {found:.2}");
        }
    }
}

/// The colors of a chart, which is a picture: WCAG 2.1, 1.4.11.
#[test]
fn parts_of_a_chart_have_enough_contrast() {
    for theme in themes() {
        for series in 0..=8 {
            let found = contrast(&theme, &format!("s{series}"), "paper");
            assert!(found >= 3.0, "series {series}: {found:.2}");
        }
    }
}

#[test]
fn levels_differ_in_lightness() {
    // A color-blind reader can tell them apart: each is darker, or lighter, than the one before.
    for theme in themes() {
        let levels: Vec<f64> =
            (1..=6).map(|level| luminance(theme[&format!("l{level}")])).collect();
        let is_up = levels[5] > levels[0];
        assert!(levels.is_sorted_by(|a, b| if is_up { a < b } else { a > b }), "{levels:?}");
        for (level, _) in (1..6).zip(&levels) {
            let found = contrast(&theme, &format!("l{level}"), &format!("l{}", level + 1));
            assert!(found >= 1.2, "levels {level} and {}: {found:.2}", level + 1);
        }
    }
}
