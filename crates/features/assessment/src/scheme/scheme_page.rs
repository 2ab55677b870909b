//! Schemes for reading: the list of published versions, and each as a tree with marks, weights
//! and rules. What the county has yet to confirm is marked.

use std::collections::BTreeMap;

use access::{Action, Scope};
use askama::Template;
use score::Scheme;
use store::{Connection, StoreError, values};
use web::{
    Context, Head, Locale, MenuEntry, MenuGroup, Page, PageError, Params, Policy, Route, Samples,
    Target,
};

use crate::scheme::{self, SchemeVersion};
use crate::{SchemeId, sample, view};

store::statements! {
    /// The versions that lie in a scope, newest first.
    SELECT_IN_SCOPE = concat!(
        "SELECT v.scheme, v.version FROM scheme_version v WHERE v.tenant = $1 AND ",
        access::around_scope!("v.place", "$1", "$2", "$3", "$4"),
        " ORDER BY v.published_at DESC, v.code, v.version DESC LIMIT 200"
    );
}

/// The published versions that lie in a scope, newest first, at most 200.
pub fn in_scope(
    connection: &mut dyn Connection,
    scope: &Scope,
) -> Result<Vec<SchemeVersion>, StoreError> {
    let key = values![scope.tenant, scope.person, scope.roles.0, scope.day];
    let ids: Vec<(SchemeId, i64)> =
        connection.all(&SELECT_IN_SCOPE, &key, |row| Ok((row.id(0)?, row.int(1)?)))?;
    let mut versions = Vec::with_capacity(ids.len());
    for (id, version) in ids {
        versions.extend(scheme::version(connection, scope.tenant, id, version)?);
    }
    Ok(versions)
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its page.
    pub href: String,
    /// Its name.
    pub title: String,
    /// The county's own version word and the number of the publication.
    pub version: String,
    /// The pack that it came from.
    pub pack: String,
    /// When it was published.
    pub at: String,
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "scheme/scheme_list.html")]
pub struct SchemeList {
    l: Locale,
    lines: Vec<Line>,
    may_publish: bool,
}

/// A node for reading.
#[derive(Clone, Debug)]
pub struct NodeText {
    /// How deep, the root at 0.
    pub depth: usize,
    /// Its name.
    pub title: String,
    /// Full mark.
    pub full: String,
    /// Weight, where its parent has weights.
    pub weight: String,
    /// Its rule, one line for each answer that is not the ordinary one.
    pub rule: Vec<String>,
    /// Whether the county has yet to confirm its figures.
    pub ours: bool,
}

/// One scheme version.
#[derive(Debug, Template)]
#[template(path = "scheme/scheme_page.html")]
pub struct SchemePage {
    l: Locale,
    title: String,
    facts: Vec<(String, String)>,
    /// Rules that most nodes have word for word: said once.
    ordinary: Vec<String>,
    nodes: Vec<NodeText>,
    grades: Vec<(String, String, bool)>,
    digest: String,
    text: String,
}

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/schemes", Policy::Holds(Action::SchemeRead), list).menu(MenuEntry {
            group: MenuGroup::Foundation,
            order: 1,
            icon: "form",
            text: "schemes-title",
        }),
        Route::page(
            "/schemes/{scheme}",
            Policy::On(Action::SchemeRead, target),
            page,
        ),
    ]
}

fn target(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<Target, PageError> {
    let found = find(context, params, connection)?;
    Target::at_place(connection, context.tenant, found.place)
}

fn find(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<SchemeVersion, PageError> {
    let id: SchemeId = params.parse("scheme")?;
    let found = match params.query_as::<i64>("version") {
        Some(version) => scheme::version(connection, context.tenant, id, version)?,
        None => scheme::latest(connection, context.tenant, id)?,
    };
    found.ok_or(PageError::NotFound)
}

fn list(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<SchemeList, PageError> {
    let l = &context.l;
    let scope = Scope::new(&context.subject, Action::SchemeRead, context.today());
    let line = |found: SchemeVersion| Line {
        pack: pack_name(context, &found),
        href: format!("/schemes/{}?version={}", found.scheme, found.version),
        title: l.choose(&found.title_zh, &found.title_en).to_owned(),
        version: found.version.to_string(),
        at: l.minute(found.published_at),
    };
    Ok(SchemeList {
        lines: in_scope(connection, &scope)?
            .into_iter()
            .map(line)
            .collect(),
        may_publish: context.holds(Action::SchemePublish),
        l: l.clone(),
    })
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<SchemePage, PageError> {
    let l = &context.l;
    let found = find(context, params, connection)?;
    let plan = scheme::plan(&found)?;
    let content = plan.scheme();
    let facts = [
        ("scheme-code", found.code.clone()),
        (
            "scheme-version",
            format!("{} · {}", content.version, found.version),
        ),
        ("scheme-pack", pack_name(context, &found)),
        ("scheme-published", l.minute(found.published_at)),
    ];
    let (ordinary, nodes) = nodes(l, content);
    Ok(SchemePage {
        title: l.choose(&found.title_zh, &found.title_en).to_owned(),
        facts: facts
            .map(|(key, value)| (l.text(key).to_string(), value))
            .to_vec(),
        ordinary,
        nodes,
        grades: grades(l, content),
        digest: app::FileHash(found.digest).to_string(),
        text: found.text,
        l: l.clone(),
    })
}

/// The pack that a version came from, by its name; or the file, where somebody typed it.
fn pack_name(context: &Context, found: &SchemeVersion) -> String {
    let Some(code) = &found.pack else {
        return found.path.clone();
    };
    match context.app().packs().pack(code) {
        Some((pack, _)) => view::title(&context.l, pack.title()),
        None => code.clone(),
    }
}

/// The lines that are ordinary, and the nodes with what differs.
fn nodes(l: &Locale, scheme: &Scheme) -> (Vec<String>, Vec<NodeText>) {
    let tree = view::tree(scheme);
    let rules: Vec<Vec<Answer>> = tree
        .iter()
        .map(|(_, node)| view::rule_answers(l, scheme, *node))
        .collect();
    let ordinary = ordinary(&rules);
    let text = |((depth, node), rule): ((usize, usize), Vec<Answer>)| {
        let definition = &scheme.nodes[node];
        let own = by_topic(&rule);
        let differs =
            |(code, _): &&Answer| !ordinary.contains(&(topic(code), own[topic(code)].clone()));
        NodeText {
            depth,
            title: view::title(l, &definition.title),
            full: view::full(l, definition),
            weight: definition
                .weight
                .map(|weight| weight.to_string())
                .unwrap_or_default(),
            rule: rule
                .iter()
                .filter(differs)
                .map(|(_, text)| text.clone())
                .collect(),
            ours: definition.ours,
        }
    };
    let nodes = tree.iter().copied().zip(rules.clone()).map(text).collect();
    let lines = ordinary.iter().flat_map(|(_, lines)| lines);
    (lines.map(|text| (*text).to_owned()).collect(), nodes)
}

/// What a rule answers and how (`missing-zero`), and the same in words.
type Answer = (String, String);

/// What an answer is about: `missing` of `missing-zero`.
fn topic(code: &str) -> &str {
    code.split('-').next().unwrap_or(code)
}

/// Everything that a rule says of each topic.
fn by_topic(rule: &[Answer]) -> BTreeMap<&str, Vec<&str>> {
    let mut said: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (code, text) in rule {
        said.entry(topic(code)).or_default().push(text);
    }
    said
}

/// So many nodes at least make an answer ordinary.
const ORDINARY_LEAST: usize = 3;

/// Of each topic what more than half of the nodes that speak of it say word for word. What a node is about (its kind of rule, its tiers) is never ordinary.
fn ordinary(rules: &[Vec<Answer>]) -> Vec<(&str, Vec<&str>)> {
    let mut counted: Vec<(&str, Vec<&str>, usize)> = Vec::new();
    let mut speaking: BTreeMap<&str, usize> = BTreeMap::new();
    for (topic, said) in rules.iter().flat_map(|rule| by_topic(rule)) {
        *speaking.entry(topic).or_default() += 1;
        match counted
            .iter_mut()
            .find(|(of, lines, _)| *of == topic && *lines == said)
        {
            Some((_, _, count)) => *count += 1,
            None => counted.push((topic, said, 1)),
        }
    }
    let is_ordinary = |(topic, _, count): &(&str, Vec<&str>, usize)| {
        let about = matches!(*topic, "rule" | "tier");
        !about && *count >= ORDINARY_LEAST && count * 2 > speaking[topic]
    };
    let ordinary = counted.into_iter().filter(is_ordinary);
    ordinary.map(|(topic, lines, _)| (topic, lines)).collect()
}

fn grades(l: &Locale, scheme: &Scheme) -> Vec<(String, String, bool)> {
    let Some(grades) = &scheme.grade else {
        return Vec::new();
    };
    let band = |band: &score::Band| {
        (
            view::title(l, &band.title),
            band.range.to_string(),
            grades.ours,
        )
    };
    grades.bands.iter().map(band).collect()
}

impl Page for SchemeList {
    fn head(&self) -> Head {
        Head::new(self.l.text("schemes-title"))
    }

    fn samples(l: &Locale) -> Samples<SchemeList> {
        let list = |title: &str, count: usize| SchemeList {
            l: l.clone(),
            lines: vec![
                Line {
                    href: "/schemes/1".to_owned(),
                    title: title.to_owned(),
                    version: "2".to_owned(),
                    pack: "demo".to_owned(),
                    at: l.minute(sample::now()),
                };
                count
            ],
            may_publish: true,
        };
        Samples {
            ordinary: list("强基振兴指数", 2),
            longest: list(&sample::LONGEST_PLACE.repeat(2), 1),
            empty: Some(list("", 0)),
            with_error: None,
        }
    }
}

impl Page for SchemePage {
    fn head(&self) -> Head {
        Head::new(&self.title)
    }

    fn samples(l: &Locale) -> Samples<SchemePage> {
        let page = |title: &str| SchemePage {
            l: l.clone(),
            title: title.to_owned(),
            facts: vec![(l.text("scheme-code").to_string(), "demo_quarter".to_owned())],
            ordinary: vec![l.text("score-better-higher").to_string()],
            nodes: vec![NodeText {
                depth: 1,
                title: title.to_owned(),
                full: "30".to_owned(),
                weight: "0.3".to_owned(),
                rule: vec![l.text("score-better-higher").to_string()],
                ours: true,
            }],
            grades: vec![(
                l.choose("示范", "Model").to_owned(),
                "[90, none)".to_owned(),
                true,
            )],
            digest: "ab".repeat(32),
            text: "[scheme]\ncode = \"demo_quarter\"\n".to_owned(),
        };
        Samples {
            ordinary: page("强基振兴指数"),
            longest: page(&sample::LONGEST_PLACE.repeat(3)),
            empty: None,
            with_error: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, ordinary};

    fn line(code: &str, text: &str) -> Answer {
        (code.to_owned(), text.to_owned())
    }

    #[test]
    fn what_most_nodes_answer_alike_is_ordinary_and_what_they_are_about_never() {
        let node = |missing: &str| {
            vec![
                line("rule-tier-table", "by steps"),
                line("tier", "90 and more: 5"),
                line("round-places", "two places"),
                line(&format!("missing-{missing}"), missing),
            ]
        };
        let mut rules = vec![node("zero"), node("zero")];
        assert_eq!(ordinary(&rules), [], "two are too few");
        rules.push(node("zero"));
        rules.push(node("block"));
        rules.push(vec![line("rule-roll-up", "the sum")]);
        let round = ("round", vec!["two places"]);
        assert_eq!(ordinary(&rules), [("missing", vec!["zero"]), round.clone()]);
        rules.extend([node("block"), node("block")]);
        assert_eq!(ordinary(&rules), [round], "half of them differ");
    }
}
