//! The objects of SARIF, as far as we write them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::report::lint::relative;

/// What stays as it is in a path: the unreserved characters of RFC 3986, and the slash. A colon does not:
/// in a first segment it would end a scheme.
const IN_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// 3.13
#[derive(Serialize)]
pub(super) struct Log<'a, R: Serialize> {
    #[serde(rename = "$schema")]
    pub(super) schema: &'static str,
    pub(super) version: &'static str,
    pub(super) runs: [Run<'a, R>; 1],
}

/// 3.14
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Run<'a, R: Serialize> {
    pub(super) tool: Tool<'a>,
    pub(super) column_kind: &'static str,
    pub(super) results: R,
}

/// 3.18
#[derive(Serialize)]
pub(super) struct Tool<'a> {
    pub(super) driver: Driver<'a>,
}

/// 3.19
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Driver<'a> {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) semantic_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) information_uri: Option<&'static str>,
    pub(super) rules: Vec<Rule<'a>>,
}

/// 3.49
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule<'a> {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) short_description: Text<'a>,
    pub(super) full_description: Text<'a>,
    pub(super) help: Help,
    pub(super) default_configuration: Configuration,
    pub(super) properties: Tags,
}

/// 3.12
#[derive(Serialize)]
pub(super) struct Help {
    pub(super) text: String,
    pub(super) markdown: String,
}

/// 3.50
#[derive(Serialize)]
pub(super) struct Configuration {
    pub(super) level: &'static str,
}

/// 3.8.2
#[derive(Serialize)]
pub(super) struct Tags {
    pub(super) tags: [&'static str; 2],
}

/// 3.11
#[derive(Serialize)]
pub(super) struct Text<'a> {
    pub(super) text: Cow<'a, str>,
}

/// 3.27
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultView<'a> {
    pub(super) rule_id: &'static str,
    pub(super) rule_index: usize,
    pub(super) level: &'static str,
    pub(super) message: Text<'a>,
    pub(super) locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_locations: Vec<Location<'a>>,
    pub(super) partial_fingerprints: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) fixes: Vec<FixView<'a>>,
}

/// 3.28
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<Text<'a>>,
    pub(super) physical_location: PhysicalLocation,
}

/// 3.29
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub(super) artifact_location: ArtifactLocation,
    pub(super) region: RegionView,
}

/// 3.4
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    pub(super) uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uri_base_id: Option<&'static str>,
}

impl ArtifactLocation {
    /// A file: below the root of the sources, if its path does not begin at the root of the machine.
    pub(super) fn of(file: &str) -> Self {
        let path = utf8_percent_encode(relative(file), IN_PATH);
        match file.starts_with('/') {
            true => ArtifactLocation { uri: format!("file://{path}"), uri_base_id: None },
            false => ArtifactLocation { uri: path.to_string(), uri_base_id: Some("%SRCROOT%") },
        }
    }
}

/// 3.30
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RegionView {
    pub(super) start_line: usize,
    pub(super) start_column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
    pub(super) byte_offset: usize,
    pub(super) byte_length: usize,
}

/// 3.55
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FixView<'a> {
    pub(super) description: Text<'a>,
    pub(super) artifact_changes: Vec<ArtifactChange<'a>>,
    pub(super) properties: FixWords,
}

/// What else we say of a fix.
#[derive(Serialize)]
pub(super) struct FixWords {
    pub(super) safe: bool,
    pub(super) change: &'static str,
}

/// 3.56
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactChange<'a> {
    pub(super) artifact_location: ArtifactLocation,
    pub(super) replacements: Vec<Replacement<'a>>,
}

/// 3.57
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Replacement<'a> {
    pub(super) deleted_region: RegionView,
    pub(super) inserted_content: Content<'a>,
}

/// 3.3
#[derive(Serialize)]
pub(super) struct Content<'a> {
    pub(super) text: &'a str,
}

#[cfg(test)]
mod tests {
    use super::ArtifactLocation;

    #[test]
    fn paths_are_relative_references_or_file_uris() {
        let uri = |path| ArtifactLocation::of(path).uri;
        assert_eq!(uri("./a b/100%,#1?.rules"), "a%20b/100%25%2C%231%3F.rules");
        assert_eq!(uri("a:b/\u{e9}"), "a%3Ab/%C3%A9");
        assert_eq!(uri("/etc/audit/rules.d/a.rules"), "file:///etc/audit/rules.d/a.rules");
        assert_eq!(ArtifactLocation::of("/etc").uri_base_id, None);
        assert_eq!(ArtifactLocation::of("etc").uri_base_id, Some("%SRCROOT%"));
    }
}
