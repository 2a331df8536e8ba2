//! The names that a source file uses, each as a path from the root of a crate.
//!
//! Paths are resolved as the compiler resolves them if they name stages or crates: `self`, `super`
//! and `crate`, names bound by `use` (also with `as`), re-exports at the root of the crate, and paths inside macro
//! calls. Only items behind `#[cfg(test)]` are left out.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{
    Attribute, File, Item, ItemExternCrate, ItemMod, ItemUse, Macro, MetaList, UseTree, Visibility,
};

/// A path, one element per segment.
type Path = Vec<String>;

/// The `use` bindings of each module: name to absolute path.
type Bindings = BTreeMap<Path, BTreeMap<String, Path>>;

/// Returns every path that the file uses, absolute: the first segment is `crate` or the name of another crate.
///
/// `module` is the path of the file's module below `crate`. `root` has the names bound at the root of the crate.
pub(super) fn names(file: &File, module: &[&str], root: &BTreeMap<String, Path>) -> BTreeSet<Path> {
    let mut module: Path = module.iter().map(|name| (*name).to_owned()).collect();
    module.insert(0, "crate".into());
    let mut collector = Collector { module: module.clone(), ..Collector::default() };
    collector.visit_file(file);
    let mut bindings = collector.bindings;
    for (name, path) in root {
        bindings.entry(vec!["crate".into()]).or_default().insert(name.clone(), path.clone());
    }
    let resolved = collector.used.iter().map(|(at, path)| resolve(&bindings, at, path, 0));
    // A single name that no `use` binds is an item of the file, or one of the prelude.
    let foreign =
        resolved.filter(|path| path.len() > 1 || path.iter().any(|name| is_foreign(name)));
    foreign.chain(collector.crates).collect()
}

/// Whether a single name identifies its crate without a path.
fn is_foreign(name: &str) -> bool {
    name == "crate" || name.ends_with('!')
}

/// Returns the names that `use` binds at the top of a file.
pub(super) fn bound_at_root(file: &File) -> BTreeMap<String, Path> {
    let mut collector = Collector { module: vec!["crate".into()], ..Collector::default() };
    collector.visit_file(file);
    collector.bindings.remove(&vec!["crate".to_owned()]).unwrap_or_default()
}

/// Nested `use` bindings that are followed: a limit stops names that are bound to each other.
const MAX_DEPTH: usize = 16;

/// Returns `path`, as used in the module `at`, from the root of its crate.
fn resolve(bindings: &Bindings, at: &[String], path: &[String], depth: usize) -> Path {
    let Some((first, rest)) = path.split_first() else { return Path::new() };
    let joined = |base: &[String]| [base, rest].concat();
    if depth > MAX_DEPTH {
        return path.to_vec();
    }
    match first.as_str() {
        "crate" => match rest.split_first() {
            // A name bound at the root of the crate, such as a re-export.
            Some((name, more)) => match bindings.get(&at[..1]).and_then(|root| root.get(name)) {
                Some(bound) if bound.as_slice() != path => {
                    resolve(bindings, &at[..1], &[bound.as_slice(), more].concat(), depth + 1)
                }
                _ => path.to_vec(),
            },
            None => path.to_vec(),
        },
        "self" if rest.first().is_some_and(|next| next == "super") => {
            resolve(bindings, at, rest, depth + 1)
        }
        "self" => match rest.first().and_then(|name| bindings.get(at)?.get(name)) {
            Some(_) => resolve(bindings, at, rest, depth + 1),
            None => resolve(bindings, at, &joined(at), depth + 1),
        },
        "super" => {
            let parent = &at[..at.len().saturating_sub(1).max(1)];
            let path = if rest.first().is_some_and(|next| next == "super") {
                return resolve(bindings, parent, rest, depth + 1);
            } else {
                joined(parent)
            };
            resolve(bindings, parent, &path, depth + 1)
        }
        _ => match bindings.get(at).and_then(|names| names.get(first)) {
            Some(bound) if bound.first() != Some(first) || bound.len() > 1 => {
                resolve(bindings, at, &joined(bound), depth + 1)
            }
            _ => path.to_vec(),
        },
    }
}

/// Collects the paths of one file with the module that each is used in.
#[derive(Default)]
struct Collector {
    module: Path,
    bindings: Bindings,
    used: Vec<(Path, Path)>,
    /// Crates that are imported as a whole.
    crates: Vec<Path>,
}

impl Collector {
    fn uses(&mut self, path: Path) {
        self.used.push((self.module.clone(), path));
    }

    /// Flattens a `use` tree into paths and bindings.
    fn import(&mut self, tree: &UseTree, prefix: &[String]) {
        let extended = |name: &str| [prefix, &[name.to_owned()]].concat();
        match tree {
            UseTree::Path(path) => {
                self.import(&path.tree, &extended(&path.ident.unraw().to_string()))
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, prefix);
                }
            }
            UseTree::Glob(_) => self.uses(prefix.to_vec()),
            UseTree::Name(name) => self.bind(&name.ident.unraw().to_string(), prefix, None),
            UseTree::Rename(rename) => {
                self.bind(
                    &rename.ident.unraw().to_string(),
                    prefix,
                    Some(rename.rename.unraw().to_string()),
                );
            }
        }
    }

    fn bind(&mut self, name: &str, prefix: &[String], alias: Option<String>) {
        let path = match name {
            "self" => prefix.to_vec(),
            _ => [prefix, &[name.to_owned()]].concat(),
        };
        let bound = alias.unwrap_or_else(|| path.last().cloned().unwrap_or_default());
        if let [_] = path.as_slice() {
            self.crates.push(path.clone());
        }
        self.uses(path.clone());
        self.bindings.entry(self.module.clone()).or_default().insert(bound, path);
    }

    /// A string that is a path, as in an attribute of serde.
    fn uses_of_literal(&mut self, literal: &str) {
        let text = literal.trim_matches('"');
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || char == '_')
        };
        if text.contains("::") && text.split("::").all(is_name) {
            self.uses(text.split("::").map(str::to_owned).collect());
        }
    }

    /// Collects the paths in the tokens of a macro call, and its own names such as `println!`.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path = Path::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) if path.is_empty() || colons == 2 => {
                    path.push(name.unraw().to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                TokenTree::Punct(punct) if punct.as_char() == '!' && !path.is_empty() => {
                    self.uses(macro_path(std::mem::take(&mut path)));
                }
                TokenTree::Ident(name) => {
                    self.uses(std::mem::replace(&mut path, vec![name.unraw().to_string()]));
                    colons = 0;
                    continue;
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => self.uses_of_literal(&literal.to_string()),
                TokenTree::Punct(_) => {}
            }
            if !path.is_empty() {
                self.uses(std::mem::take(&mut path));
            }
            colons = 0;
        }
        if !path.is_empty() {
            self.uses(path);
        }
    }
}

/// A macro of the standard library is known by its name and an exclamation mark, with or without a path.
fn macro_path(mut path: Path) -> Path {
    if let Some(last) = path.last_mut() {
        last.push('!');
    }
    match path.first().is_some_and(|first| ["std", "core", "alloc"].contains(&first.as_str())) {
        true => path.split_off(path.len().saturating_sub(1)),
        false => path,
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast Item) {
        if !attributes(item).iter().any(is_test_only) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.module.push(module.ident.unraw().to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.import(&item.tree, &[]);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        let alias = item.rename.as_ref().map(|(_, alias)| alias.to_string());
        match item.ident == "self" {
            true => self.bind("crate", &[], alias),
            false => self.bind(&item.ident.unraw().to_string(), &[], alias),
        }
    }

    /// `pub(crate)` and `pub(in …)` restrict a name and use none.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.uses(path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect());
        visit::visit_path(self, path);
    }

    /// Attributes such as `#[derive(clap::Parser)]` and `#[serde(with = "crate::lint")]` use paths too.
    fn visit_meta_list(&mut self, list: &'ast MetaList) {
        self.tokens(list.tokens.clone());
        visit::visit_meta_list(self, list);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let path =
            call.path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect();
        self.uses(macro_path(path));
        self.tokens(call.tokens.clone());
    }
}

/// Whether an item is compiled for tests only. Its name does not matter.
fn is_test_only(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Returns the modules of a file that are compiled for tests only and have a file of their own.
pub(super) fn test_only_modules(file: &File) -> impl Iterator<Item = String> {
    file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.content.is_none() && module.attrs.iter().any(is_test_only) => {
            Some(module.ident.unraw().to_string())
        }
        _ => None,
    })
}
