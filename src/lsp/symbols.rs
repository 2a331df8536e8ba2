//! Document symbols: the rules of a document by their keys.

use gen_lsp_types::{DocumentSymbol, SymbolKind};

use super::buffer::{Buffer, Encoding};
use super::context::key;
use crate::syntax::{Content, lines, parse_line};

/// Returns one symbol for each line with a key: the key is its name, the line its detail.
pub(super) fn symbols(buffer: &Buffer, encoding: Encoding) -> Vec<DocumentSymbol> {
    let all = lines(buffer.text()).filter_map(|line| {
        let Content::Command(command) = parse_line(&line) else { return None };
        let key = command.options.iter().find_map(|item| key(&item.directive))?;
        let name = String::from_utf8_lossy(key.bytes()).into_owned();
        let range = buffer.range(line.span, encoding);
        let selection = buffer.range(key.span(), encoding);
        let detail = String::from_utf8_lossy(line.bytes).trim().to_owned();
        // Editors reject a symbol without a name.
        let symbol = |name| {
            let kind = SymbolKind::Key;
            DocumentSymbol::new(name, Some(detail), kind, None, None, range, selection, None)
        };
        (!name.is_empty()).then(|| symbol(name))
    });
    all.collect()
}
