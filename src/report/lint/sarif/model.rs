//! The objects of SARIF that are written.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::report::lint::relative;

/// Characters that are percent-encoded in a path: all except the unreserved characters of RFC 3986 and the slash. A
/// colon is encoded: in the first segment it would end a scheme.
const IN_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// 3.13
#[derive(Serialize)]
pub(super) struct SarifLog<'a, R: Serialize> {
    #[serde(rename = "$schema")]
    pub(super) schema: &'static str,
    pub(super) version: &'static str,
    pub(super) runs: [SarifRun<'a, R>; 1],
}

/// 3.14
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifRun<'a, R: Serialize> {
    pub(super) tool: SarifTool<'a>,
    pub(super) column_kind: &'static str,
    pub(super) results: R,
}

/// 3.18
#[derive(Serialize)]
pub(super) struct SarifTool<'a> {
    pub(super) driver: SarifDriver<'a>,
}

/// 3.19
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifDriver<'a> {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) semantic_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) information_uri: Option<&'static str>,
    pub(super) rules: Vec<SarifRule<'a>>,
}

/// 3.49
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifRule<'a> {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) short_description: SarifText<'a>,
    pub(super) full_description: SarifText<'a>,
    pub(super) help: SarifHelp,
    pub(super) default_configuration: SarifConfiguration,
    pub(super) properties: SarifTags,
}

/// 3.12
#[derive(Serialize)]
pub(super) struct SarifHelp {
    pub(super) text: String,
    pub(super) markdown: String,
}

/// 3.50
#[derive(Serialize)]
pub(super) struct SarifConfiguration {
    pub(super) level: &'static str,
}

/// 3.8.2
#[derive(Serialize)]
pub(super) struct SarifTags {
    pub(super) tags: [&'static str; 2],
}

/// 3.11
#[derive(Serialize)]
pub(super) struct SarifText<'a> {
    pub(super) text: Cow<'a, str>,
}

/// 3.27
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifResult<'a> {
    pub(super) rule_id: &'static str,
    pub(super) rule_index: usize,
    pub(super) level: &'static str,
    pub(super) message: SarifText<'a>,
    pub(super) locations: [SarifLocation<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_locations: Vec<SarifLocation<'a>>,
    pub(super) partial_fingerprints: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) fixes: Vec<SarifFix<'a>>,
}

/// 3.28
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifLocation<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<SarifText<'a>>,
    pub(super) physical_location: PhysicalLocation,
}

/// 3.29
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub(super) artifact_location: ArtifactLocation,
    pub(super) region: SarifRegion,
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
    /// Returns the location of a file. A relative path is relative to the root of the sources.
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
pub(super) struct SarifRegion {
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
pub(super) struct SarifFix<'a> {
    pub(super) description: SarifText<'a>,
    pub(super) artifact_changes: Vec<ArtifactChange<'a>>,
    pub(super) properties: SarifFixProperties,
}

/// Properties of a fix that SARIF does not define.
#[derive(Serialize)]
pub(super) struct SarifFixProperties {
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
    pub(super) deleted_region: SarifRegion,
    pub(super) inserted_content: SarifContent<'a>,
}

/// 3.3
#[derive(Serialize)]
pub(super) struct SarifContent<'a> {
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
