//! The page in Chromium: its look, its script, and its content without the script.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use scraper::Html;
use serde_json::{Value, json};
use tempfile::{NamedTempFile, TempDir};
use xtask::needs::{Need, leave_out};

use super::{all, explain, fixture, folder, one, stdout, text};

/// A script that uses the page as a reader would.
const PROBE: &str = include_str!("probe.js");

/// Finds a browser, or skips the running test.
fn browser() -> Option<PathBuf> {
    if leave_out() {
        return None;
    }
    let paths = env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut places =
        env::split_paths(&paths).flat_map(|folder| names.map(|name| folder.join(name)));
    let found = places.find(|path| path.is_file());
    if found.is_none() {
        Need::Browser.skip("there is no Chromium");
    }
    found
}

/// Runs the browser on a page. `address` is empty or begins with `#`.
fn run(browser: &Path, page: &Path, address: &str, arguments: &[OsString]) -> String {
    let profile = TempDir::new().expect("a directory");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--hide-scrollbars", "--timeout=30000"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .arg(format!("file://{}{address}", page.display()))
        .output()
        .expect("it runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn dom(browser: &Path, page: &Path, address: &str) -> Html {
    let dumped = run(browser, page, address, &["--dump-dom".into()]);
    assert!(dumped.contains("</html>"), "no DOM: {dumped}");
    Html::parse_document(&dumped)
}

/// Returns the folder for screenshots.
fn artifacts() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a target folder");
    let folder = target.join("browser");
    fs::create_dir_all(&folder).expect("a directory");
    folder
}

/// Writes the page about a fixture into the folder for screenshots.
fn page(name: &str) -> PathBuf {
    let rules = format!("{name}.rules");
    let directory = folder(&rules, fixture(&rules).as_bytes());
    let page = stdout(&explain(&["--format", "html", &rules], directory.path()));
    let path = artifacts().join(format!("{name}.html"));
    // Atomically, because another test may read it.
    let file = NamedTempFile::new_in(artifacts()).expect("a file");
    fs::write(file.path(), page).expect("a file");
    file.persist(&path).expect("it gets its name");
    path
}

/// Writes a copy of the page with another policy for scripts and with `end` at its end.
fn changed(page: &Path, name: &str, scripts: &str, end: &str) -> PathBuf {
    let text = fs::read_to_string(page).expect("a page");
    let (before, after) = text.split_once("script-src ").expect("a policy");
    let (_, after) = after.split_once("\">").expect("its end");
    let after = after.replace("</body>", &format!("{end}</body>"));
    let path = page.with_file_name(name);
    fs::write(&path, format!("{before}script-src {scripts}\">{after}")).expect("a file");
    path
}

#[test]
fn takes_screenshots() {
    let Some(browser) = browser() else { return };
    for (name, height) in [("containers", 3600), ("stig-like", 3200)] {
        take_screenshots(&browser, &page(name), name, height);
    }
    let log = artifacts().join("log.html");
    fs::write(&log, crate::replay::page_of_a_day()).expect("a file");
    take_screenshots(&browser, &log, "log", 1800);
}

/// Takes pictures of a page in two widths and in both themes.
fn take_screenshots(browser: &Path, page: &Path, name: &str, height: u32) {
    for (width, theme) in [(1280, "light"), (1280, "dark"), (500, "light"), (500, "dark")] {
        let file = artifacts().join(format!("{name}-{width}-{theme}.png"));
        let _ = fs::remove_file(&file);
        let mut arguments: Vec<OsString> = vec![
            format!("--screenshot={}", file.display()).into(),
            format!("--window-size={width},{height}").into(),
        ];
        arguments.extend((theme == "dark").then(|| "--force-dark-mode".into()));
        run(browser, page, "", &arguments);
        let image = fs::read(&file).expect("a screenshot");
        assert!(image.starts_with(b"\x89PNG"), "{}", file.display());
        let size = |at: usize| u32::from_be_bytes(image[at..at + 4].try_into().unwrap());
        assert_eq!((size(16), size(20)), (width, height));
        // A page of one color would be much smaller.
        assert!(image.len() > 50_000, "{}: {} bytes", file.display(), image.len());
    }
}

/// What scrolls sideways is in a region of its own, and the chart has a part for each color.
#[test]
fn page_of_a_log_fits() {
    let Some(browser) = browser() else { return };
    let probe = "<script>document.title = JSON.stringify([
        document.documentElement.scrollWidth <= innerWidth,
        [...document.querySelectorAll('.chart [class^=s]')].filter((part) => part.tagName === 'rect')
          .every((part) => getComputedStyle(part).fill !== 'rgb(0, 0, 0)'),
        document.querySelector('.chart').getBoundingClientRect().height > 100,
    ]);</script>";
    let page = artifacts().join("log-fits.html");
    fs::write(&page, crate::replay::page_of_a_day()).expect("a file");
    let page = changed(&page, "log-probe.html", "'unsafe-inline'", probe);
    for width in [500, 1280] {
        let arguments = ["--dump-dom".into(), format!("--window-size={width},800").into()];
        let html = Html::parse_document(&run(&browser, &page, "", &arguments));
        assert_eq!(text(one(&html, "head title")), "[true,true,true]", "{width}");
    }
}

#[test]
fn script_sorts_by_the_address() {
    let Some(browser) = browser() else { return };
    let page = page("containers");
    let counts = |html: &Html| -> Vec<u32> {
        let cells = all(html, ".sortable tbody td:nth-of-type(3)");
        cells.into_iter().map(|cell| text(cell).parse().unwrap()).collect()
    };
    let html = dom(&browser, &page, "#sort=-rules");
    assert_eq!(text(one(&html, "th[aria-sort=descending]")), "Rules");
    assert!(counts(&html).is_sorted_by(|a, b| a >= b));
    let html = dom(&browser, &page, "");
    assert_eq!(text(one(&html, "th[aria-sort=ascending]")), "Nr");
    assert!(!counts(&html).is_sorted_by(|a, b| a >= b));
    assert_eq!(all(&html, ".sortable th button").len(), 6);
}

#[test]
fn shows_all_content_without_the_script() {
    let Some(browser) = browser() else { return };
    let page = page("containers");
    let silent = changed(&page, "containers-no-script.html", "'none'", "");
    let html = dom(&browser, &silent, "#sort=-rules");
    assert!(all(&html, "[aria-sort], th button, [role=grid]").is_empty());
    let written = Html::parse_document(&fs::read_to_string(&page).unwrap());
    for part in [".sortable tbody tr", ".map tbody td", ".rules li", "#notes li", ".verdict"] {
        let texts = |html| all(html, part).into_iter().map(text).collect::<Vec<_>>();
        assert!(!texts(&html).is_empty());
        assert_eq!(texts(&html), texts(&written));
    }
    for control in all(&html, "#theme, .scripted") {
        assert!(control.attr("hidden").is_some());
    }
}

#[test]
fn keys_and_buttons_work() {
    let Some(browser) = browser() else { return };
    let probe = format!("<script>{PROBE}</script>");
    let page = changed(&page("containers"), "containers-probe.html", "'unsafe-inline'", &probe);
    let html = dom(&browser, &page, "");
    let found: Value = serde_json::from_str(&text(one(&html, "#probe"))).expect("the probe ended");
    let expected = json!({
        "stops": ["c0"],
        "right": "c1", "down": "c21", "end": "c39", "beyond": "c39", "home": "c20", "up": "c0",
        "last": "c450", "first": "c0", "stop": "c0",
        "details": true, "hidden": true, "again": true,
        "enter": "#s0",
        "sorted": ["descending", true], "turned": ["ascending", true], "address": "#sort=rules",
        "names": ["ascending", true],
        "filtered": ["6 of 60 syscalls, 0 of 21 rules", true], "unfiltered": true,
        "theme": ["Light colors", "dark", true],
        "marked": [true, true, true],
        "fits": true,
    });
    assert_eq!(found, expected);
}
