//! The side navigation, from the routes that a person may visit.

use crate::{Context, Policy, Route};

/// The three parts of the side navigation; at most twelve entries in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MenuGroup {
    /// 工作台: what I have to do.
    Workbench,
    /// 业务: what the county works on.
    Business,
    /// 基础: registers, schemes, settings.
    Foundation,
}

impl MenuGroup {
    /// The key of its heading.
    pub const fn text(self) -> &'static str {
        match self {
            MenuGroup::Workbench => "menu-workbench",
            MenuGroup::Business => "menu-business",
            MenuGroup::Foundation => "menu-foundation",
        }
    }
}

/// An entry of the side navigation, given to a route with [`Route::menu`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MenuEntry {
    /// Part.
    pub group: MenuGroup,
    /// Order within the part.
    pub order: u8,
    /// Name of a symbol in `assets/img/icons.svg`.
    pub icon: &'static str,
    /// Key of its text.
    pub text: &'static str,
}

/// An entry as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuLink {
    /// Key of its text.
    pub text: &'static str,
    /// Symbol.
    pub icon: &'static str,
    /// Path.
    pub href: &'static str,
    /// Whether the page shown belongs to it.
    pub current: bool,
}

/// A part as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuPart {
    /// Key of its heading.
    pub heading: &'static str,
    /// Entries, never empty.
    pub links: Vec<MenuLink>,
}

/// The menu of a person on a page.
pub(crate) fn menu(routes: &[Route], context: &Context) -> Vec<MenuPart> {
    let path = context.address.split('?').next().unwrap_or_default();
    let mut entries: Vec<(MenuEntry, &'static str)> = routes
        .iter()
        .filter(|route| may_visit(route.policy(), context))
        .filter_map(|route| Some((route.menu_entry()?, route.path())))
        .collect();
    entries.sort_by_key(|(entry, path)| (entry.group, entry.order, *path));
    let nearest = entries
        .iter()
        .map(|(_, href)| *href)
        .filter(|href| belongs(path, href))
        .max_by_key(|href| href.len());
    let mut parts: Vec<MenuPart> = Vec::new();
    for (entry, href) in entries {
        let link = MenuLink {
            text: entry.text,
            icon: entry.icon,
            href,
            current: nearest == Some(href),
        };
        let heading = entry.group.text();
        match parts.last_mut().filter(|part| part.heading == heading) {
            Some(part) => part.links.push(link),
            None => parts.push(MenuPart {
                heading,
                links: vec![link],
            }),
        }
    }
    parts
}

fn may_visit(policy: &Policy, context: &Context) -> bool {
    match policy {
        Policy::Public | Policy::SignedIn => true,
        Policy::Holds(action) | Policy::On(action, _) => context.holds(*action),
        Policy::Whole(action) => context.holds_whole(*action),
    }
}

/// `/rounds/7` belongs to `/rounds`, `/` only to itself.
fn belongs(path: &str, href: &str) -> bool {
    path == href
        || (href != "/"
            && path
                .strip_prefix(href)
                .is_some_and(|rest| rest.starts_with('/')))
}
