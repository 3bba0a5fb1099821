//! Every path that a Rust file names outside its unit tests, written out from the crate's root.
//!
//! Nested `use` groups, names that a `use` brought in, `self::` and `super::` are followed, and so are the words inside
//! macros. What hides behind a method call (`path.exists()`) has no path and is not seen.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

use crate::Source;

/// A path and the line it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Such as `crate::seams::Now` or `std::fs::read`; a glob ends in `*`.
    pub path: String,
    /// Counted from 1.
    pub line: usize,
}

/// The paths of a file. Panics if it is not Rust.
pub fn named(source: &Source) -> Vec<Named> {
    let file = parse(source);
    let mut walker = Walker { module: module(&source.path), aliases: BTreeMap::new(), found: Vec::new() };
    walker.scope(&file.items);
    walker.found
}

/// The file's items. Panics if it is not Rust.
pub fn parse(source: &Source) -> syn::File {
    syn::parse_file(&source.text).unwrap_or_else(|err| panic!("{} is not Rust: {err}", source.path))
}

/// Whether a path is `outer` or lies in it.
pub fn lies_in(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Whether a path lies in `wanted`, or is a glob of something above it and so brings it in too.
pub fn reaches(path: &str, wanted: &str) -> bool {
    lies_in(path, wanted) || path.strip_suffix("::*").is_some_and(|above| lies_in(wanted, above))
}

/// `broker-core/src/log/read.rs` is `crate::log::read`.
fn module(path: &str) -> Vec<String> {
    let below = path.split_once("/src/").map_or(path, |(_, below)| below);
    let stem = below.strip_suffix(".rs").unwrap_or(below);
    let names = stem.split('/').filter(|name| !matches!(*name, "lib" | "main" | "mod"));
    std::iter::once("crate").chain(names).map(str::to_owned).collect()
}

fn only_in_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let condition = attribute.path().is_ident("cfg").then(|| attribute.parse_args::<syn::Path>());
        matches!(condition, Some(Ok(path)) if path.is_ident("test"))
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::ExternCrate(_)
        | Item::ForeignMod(_)
        | Item::TraitAlias(_)
        | Item::Union(_)
        | Item::Verbatim(_)
        | _ => &[],
    }
}

/// One module at a time: its names first, then what it says.
struct Walker {
    module: Vec<String>,
    aliases: BTreeMap<String, Vec<String>>,
    found: Vec<Named>,
}

impl Walker {
    fn scope(&mut self, items: &[Item]) {
        let mut names = Names { module: &self.module, found: Vec::new() };
        items.iter().for_each(|item| names.visit_item(item));
        for (alias, path, line) in names.found {
            self.found.push(Named { path: path.join("::"), line });
            self.aliases.insert(alias, path);
        }
        for item in items {
            if let Item::Mod(item) = item {
                let path = [&self.module[..], &[item.ident.to_string()]].concat();
                self.aliases.insert(item.ident.to_string(), path);
            }
        }
        items.iter().for_each(|item| self.visit_item(item));
    }

    fn name(&mut self, segments: Vec<String>, span: Span) {
        let alias = segments.first().and_then(|first| self.aliases.get(first));
        let path = match alias {
            Some(alias) => [alias, segments.get(1..).unwrap_or_default()].concat(),
            None if segments.len() > 1 => from_the_root(&self.module, segments),
            None => return,
        };
        self.found.push(Named { path: path.join("::"), line: span.start().line });
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        let mut at = Span::call_site();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.name(std::mem::take(&mut path), at);
                    }
                    at = ident.span();
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.name(std::mem::take(&mut path), at);
                    colons = 0;
                }
                TokenTree::Group(group) => {
                    self.name(std::mem::take(&mut path), at);
                    colons = 0;
                    self.tokens(group.stream());
                }
            }
        }
        self.name(path, at);
    }
}

impl<'ast> Visit<'ast> for Walker {
    fn visit_item(&mut self, item: &'ast Item) {
        if !only_in_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !only_in_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if let Some((_, items)) = &item.content {
            let module = [&self.module[..], &[item.ident.to_string()]].concat();
            let mut inner = Walker { module, aliases: BTreeMap::new(), found: Vec::new() };
            inner.scope(items);
            self.found.append(&mut inner.found);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let Some(first) = path.segments.first() {
            self.name(segments, first.ident.span());
        }
        visit::visit_path(self, path);
    }

    // `pub(in crate::server)` names who may see, not what is used.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        visit::visit_macro(self, called);
        self.tokens(called.tokens.clone());
    }
}

/// The names that the `use`s of one module bring in, wherever in it they stand.
struct Names<'a> {
    module: &'a [String],
    found: Vec<(String, Vec<String>, usize)>,
}

impl Names<'_> {
    fn tree(&mut self, above: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [above, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(above, tree)),
            UseTree::Glob(glob) => {
                let path = [above, &["*".to_owned()]].concat();
                self.add("*", path, glob.star_token.spans[0]);
            }
            UseTree::Name(name) if name.ident == "self" => {
                self.add(above.last().map_or("", String::as_str), above.to_vec(), name.ident.span());
            }
            UseTree::Name(name) => self.add(&name.ident.to_string(), with(&name.ident), name.ident.span()),
            UseTree::Rename(rename) => {
                let path = if rename.ident == "self" { above.to_vec() } else { with(&rename.ident) };
                self.add(&rename.rename.to_string(), path, rename.ident.span());
            }
        }
    }

    fn add(&mut self, alias: &str, path: Vec<String>, span: Span) {
        self.found.push((alias.to_owned(), from_the_root(self.module, path), span.start().line));
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !only_in_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, _: &'ast syn::ItemMod) {}

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }
}

/// Follows `self` and `super` at the head of a path.
fn from_the_root(module: &[String], path: Vec<String>) -> Vec<String> {
    let ups = path.iter().take_while(|segment| *segment == "super" || *segment == "self").count();
    if ups == 0 {
        return path;
    }
    let supers = path.iter().take(ups).filter(|segment| *segment == "super").count();
    let above = &module[..module.len().saturating_sub(supers).max(1)];
    [above, path.get(ups..).unwrap_or_default()].concat()
}
