//! The linter of statements: what both databases must understand in the same way.

use std::collections::BTreeMap;

use super::engines::{Described, describe_on_postgres, prepare_on_sqlite, shapes};
use super::sql::{Token, tokens};
use crate::{Class, Schema, Shape, ShapeColumn, Statement};

/// Prepares every statement, and those of every record, on an empty SQLite and (where there is
/// one) PostgreSQL with the tables of `schemas`, and panics with every broken rule.
pub fn check_statements(statements: &[&Statement], schemas: &[Schema]) {
    let findings = lint_statements(statements, schemas);
    assert!(
        findings.is_empty(),
        "statements break the rules of the store:\n{}",
        findings.join("\n")
    );
}

/// Every broken rule, one line each.
pub fn lint_statements(statements: &[&Statement], schemas: &[Schema]) -> Vec<String> {
    let records = schemas.iter().flat_map(|schema| schema.records);
    let own: Vec<&Statement> = records
        .flat_map(|record| {
            [
                &record.insert,
                &record.select_by_command,
                &record.select_all,
            ]
        })
        .collect();
    let all: Vec<&Statement> = own.iter().chain(statements).copied().collect();
    let fresh = super::sqlite(schemas);
    let tables = Tables::new(schemas, &shapes(&fresh, schemas));
    let mut findings = prepare_on_sqlite(&fresh, &all);
    for statement in statements {
        let found = lint_text(statement.sql(), &tables);
        findings.extend(found.into_iter().map(|text| format!("{statement}: {text}")));
    }
    if let Some(fresh) = super::postgres(schemas) {
        for (statement, described) in all.iter().zip(describe_on_postgres(&fresh, &all)) {
            let found = lint_types(described);
            findings.extend(found.into_iter().map(|text| format!("{statement}: {text}")));
        }
    }
    findings
}

/// What the linter knows of the tables.
struct Tables {
    known: BTreeMap<&'static str, (Class, Shape)>,
}

impl Tables {
    fn new(schemas: &[Schema], shapes: &BTreeMap<&'static str, Shape>) -> Tables {
        let classes = schemas.iter().flat_map(|schema| schema.tables);
        let mut known: BTreeMap<_, _> = classes
            .filter_map(|table| {
                let shape = shapes.get(table.name)?.clone();
                Some((table.name, (table.class, shape)))
            })
            .collect();
        known.insert("schema_version", (Class::Catalogue, versions_shape()));
        Tables { known }
    }
}

/// The store's own catalogue of migrations.
fn versions_shape() -> Shape {
    let column = |name: &str, kind: &str| ShapeColumn {
        name: name.to_owned(),
        kind: kind.to_owned(),
        nullable: false,
    };
    Shape {
        columns: vec![
            column("component", "text"),
            column("version", "int8"),
            column("digest", "bytea"),
        ],
        key: vec!["component".to_owned(), "version".to_owned()],
    }
}

/// A table named in `FROM`, `JOIN`, `INTO` or `UPDATE`.
struct Reference<'s> {
    table: &'s str,
    /// The name by which its columns are called.
    name: &'s str,
    /// Right side of an outer join: any column may be null.
    outer: bool,
    /// `INSERT`, `UPDATE` or `DELETE` names it as its target.
    written: bool,
    /// Where the token of the table stands.
    at: usize,
}

const NOT_AN_ALIAS: [&str; 26] = [
    "on",
    "where",
    "set",
    "join",
    "left",
    "inner",
    "cross",
    "group",
    "order",
    "limit",
    "using",
    "union",
    "except",
    "intersect",
    "values",
    "select",
    "default",
    "returning",
    "having",
    "window",
    "right",
    "full",
    "natural",
    "offset",
    "and",
    "from",
];

fn references<'s>(tokens: &[Token<'s>]) -> Vec<Reference<'s>> {
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        let Token::Word(table) = tokens[at] else {
            continue;
        };
        let before = &tokens[at - 1];
        let before_that = at.checked_sub(2).map(|at| &tokens[at]);
        let follows = |word| before_that.is_some_and(|token| token.is(word));
        let upsert = before.is("update") && (follows("do") || follows("for"));
        let named = ["from", "join", "into", "update"]
            .iter()
            .any(|word| before.is(word));
        if !named || upsert || (before.is("from") && follows("distinct")) {
            continue;
        }
        let mut next = at + 1;
        if tokens.get(next).is_some_and(|token| token.is("as")) {
            next += 1;
        }
        let name = match tokens.get(next) {
            Some(Token::Word(word)) if !is_one_of(word, &NOT_AN_ALIAS) => word,
            _ => table,
        };
        found.push(Reference {
            table,
            name,
            outer: before.is("join") && (follows("left") || follows("outer") || follows("full")),
            written: before.is("into")
                || before.is("update")
                || (before.is("from") && follows("delete")),
            at,
        });
    }
    found
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

fn lint_text(sql: &str, tables: &Tables) -> Vec<String> {
    let tokens = tokens(sql);
    let references = references(&tokens);
    let mut findings = Vec::new();
    lint_parameters(&tokens, &mut findings);
    lint_words(&tokens, &mut findings);
    lint_functions(&tokens, tables, &mut findings);
    lint_tenant(&tokens, &references, tables, &mut findings);
    lint_order(&tokens, &references, tables, &mut findings);
    for reference in &references {
        let class = tables.known.get(reference.table).map(|(class, _)| *class);
        if reference.written && class == Some(Class::Record) {
            findings.push(format!(
                "{} is a record table: rows are only added, through its `Record`",
                reference.table
            ));
        }
        if class.is_some() && follows_comma(&tokens, reference) {
            findings.push("tables are joined by JOIN, not by a comma".to_owned());
        }
    }
    findings
}

/// SQLite numbers `$n` by first use, whatever `n` says.
fn lint_parameters(tokens: &[Token<'_>], findings: &mut Vec<String>) {
    let mut highest = 0;
    for token in tokens {
        let Token::Parameter(number) = token else {
            continue;
        };
        if *number == highest + 1 {
            highest += 1;
        } else if *number == 0 || *number > highest {
            findings.push(format!("${number} is first used before ${}", highest + 1));
            return;
        }
    }
}

/// Words and signs that only one of the databases knows, or that they understand differently.
const FORBIDDEN_WORDS: [&str; 41] = [
    "ilike",
    "glob",
    "regexp",
    "match",
    "similar",
    "isnull",
    "notnull",
    "true",
    "false",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtime",
    "localtimestamp",
    "rowid",
    "oid",
    "ctid",
    "merge",
    "lateral",
    "skip",
    "rollup",
    "cube",
    "grouping",
    "indexed",
    "pragma",
    "attach",
    "notify",
    "listen",
    "for",
    "collate",
    "interval",
    "array",
    "any",
    "truncate",
    "create",
    "alter",
    "drop",
    "begin",
    "commit",
    "rollback",
    "natural",
];
const FORBIDDEN_SIGNS: [&str; 14] = [
    "::", "->", "==", "--", "?", "~", "\"", "`", "[", ";", "@", "#", ":", "{",
];

fn lint_words(tokens: &[Token<'_>], findings: &mut Vec<String>) {
    let starts = ["select", "insert", "update", "delete", "with"];
    if !starts
        .iter()
        .any(|word| tokens.first().is_some_and(|token| token.is(word)))
    {
        findings.push("is none of SELECT, INSERT, UPDATE, DELETE, WITH".to_owned());
    }
    let like = tokens.iter().filter(|token| token.is("like")).count();
    let escape = tokens.iter().filter(|token| token.is("escape")).count();
    if escape < like {
        findings.push("LIKE needs ESCAPE: only PostgreSQL has one by itself".to_owned());
    }
    for (at, token) in tokens.iter().enumerate() {
        let next_is = |word: &str| tokens.get(at + 1).is_some_and(|next| next.is(word));
        match token {
            Token::Word(word) if is_one_of(word, &FORBIDDEN_WORDS) => {
                findings.push(format!("{word} is not the same on both databases"));
            }
            Token::Word(_) if token.is("insert") && !next_is("into") => {
                findings.push("INSERT OR … is SQLite's; write ON CONFLICT".to_owned());
            }
            Token::Word(_) if token.is("distinct") && next_is("on") => {
                findings.push("DISTINCT ON is PostgreSQL's".to_owned());
            }
            Token::Sign(sign) if FORBIDDEN_SIGNS.contains(sign) => {
                findings.push(format!("{sign} is not the same on both databases"));
            }
            Token::Number(number) if !number.bytes().all(|c| c.is_ascii_digit()) => {
                findings.push(format!(
                    "{number} is no integer: there is no floating point here"
                ));
            }
            _ => {}
        }
    }
}

/// Functions that both databases have and that give the same on both.
const FUNCTIONS: [&str; 23] = [
    "count",
    "sum",
    "min",
    "max",
    "coalesce",
    "nullif",
    "abs",
    "lower",
    "upper",
    "length",
    "substr",
    "replace",
    "trim",
    "ltrim",
    "rtrim",
    "row_number",
    "rank",
    "dense_rank",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "ntile",
];
/// Keywords after which a parenthesis opens.
const BEFORE_PARENTHESIS: [&str; 36] = [
    "in",
    "as",
    "values",
    "on",
    "and",
    "or",
    "not",
    "where",
    "from",
    "join",
    "using",
    "exists",
    "cast",
    "over",
    "select",
    "case",
    "when",
    "then",
    "else",
    "by",
    "conflict",
    "set",
    "union",
    "all",
    "limit",
    "offset",
    "partition",
    "filter",
    "having",
    "distinct",
    "except",
    "intersect",
    "between",
    "is",
    "like",
    "materialized",
];

fn lint_functions(tokens: &[Token<'_>], tables: &Tables, findings: &mut Vec<String>) {
    for at in 0..tokens.len().saturating_sub(1) {
        let (Token::Word(word), true) = (&tokens[at], tokens[at + 1].is_sign("(")) else {
            continue;
        };
        let inserts = at > 0 && tokens[at - 1].is("into") && tables.known.contains_key(word);
        let alias = at > 0 && (tokens[at - 1].is("as") || tokens[at - 1].is("recursive"));
        let with = at > 0
            && (tokens[at - 1].is("with") || tokens[at - 1].is_sign(","))
            && names_a_cte(tokens, at);
        if inserts || alias || with || is_one_of(word, &BEFORE_PARENTHESIS) {
            if word.eq_ignore_ascii_case("cast") {
                lint_cast(tokens, at + 1, findings);
            }
            continue;
        }
        if !is_one_of(word, &FUNCTIONS) {
            findings.push(format!(
                "{word}() is not among the functions of both databases"
            ));
        }
        if is_one_of(word, &["min", "max"]) && arguments(tokens, at + 1) > 1 {
            findings.push(format!("{word}() of several values is SQLite's"));
        }
    }
}

/// `name (a, b) AS (`.
fn names_a_cte(tokens: &[Token<'_>], at: usize) -> bool {
    let end = closing(tokens, at + 1);
    tokens.get(end + 1).is_some_and(|token| token.is("as"))
}

fn lint_cast(tokens: &[Token<'_>], open: usize, findings: &mut Vec<String>) {
    let end = closing(tokens, open);
    let kind = end.checked_sub(1).and_then(|at| tokens.get(at));
    if !kind.is_some_and(|kind| kind.is("bigint") || kind.is("text")) {
        findings.push("CAST is to bigint or text; both databases know these".to_owned());
    }
}

/// Where the parenthesis opened at `open` closes.
fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is_sign("(") {
            depth += 1;
        } else if token.is_sign(")") {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
}

fn arguments(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0;
    let mut commas = 0;
    for token in &tokens[open..closing(tokens, open)] {
        match token {
            Token::Sign("(") => depth += 1,
            Token::Sign(")") => depth -= 1,
            Token::Sign(",") if depth == 1 => commas += 1,
            _ => {}
        }
    }
    commas + 1
}

/// `FROM a, b` and `FROM a x, b`.
fn follows_comma(tokens: &[Token<'_>], reference: &Reference<'_>) -> bool {
    if reference.written || tokens[reference.at - 1].is("into") {
        return false;
    }
    let next = |distance| tokens.get(reference.at + distance);
    let comma = |distance| next(distance).is_some_and(|token: &Token<'_>| token.is_sign(","));
    // `WITH a AS (…FROM t), b AS` closes its parenthesis first, so a comma here is a join.
    comma(1) || (reference.name != reference.table && (comma(2) || comma(3)))
}

/// Every reference to a table that has tenants must be held to one tenant: by a comparison of its
/// column, by a join that uses it, or by the list of columns of an `INSERT`.
fn lint_tenant(
    tokens: &[Token<'_>],
    references: &[Reference<'_>],
    tables: &Tables,
    findings: &mut Vec<String>,
) {
    let mut bare = bare_tenant_comparisons(tokens);
    let uses = uses_tenant(tokens);
    for reference in references {
        let class = tables.known.get(reference.table).map(|(class, _)| *class);
        if matches!(class, None | Some(Class::Catalogue)) {
            continue;
        }
        let inserts = tokens[reference.at - 1].is("into");
        let held = if inserts {
            lists_tenant(tokens, reference.at)
        } else if compares_tenant_of(tokens, reference.name) || uses {
            true
        } else {
            let any = bare > 0;
            bare = bare.saturating_sub(1);
            any
        };
        if !held {
            findings.push(format!("{} is not held to one tenant", reference.name));
        }
    }
}

fn is_compared(tokens: &[Token<'_>], first: usize, last: usize) -> bool {
    let after = tokens.get(last + 1);
    let before = first.checked_sub(1).and_then(|at| tokens.get(at));
    after.is_some_and(|token| token.is_sign("=") || token.is("in"))
        || before.is_some_and(|token| token.is_sign("="))
}

fn bare_tenant_comparisons(tokens: &[Token<'_>]) -> usize {
    let bare = |at: usize| tokens[at].is("tenant") && (at == 0 || !tokens[at - 1].is_sign("."));
    (0..tokens.len())
        .filter(|&at| bare(at) && is_compared(tokens, at, at))
        .count()
}

fn compares_tenant_of(tokens: &[Token<'_>], name: &str) -> bool {
    (0..tokens.len().saturating_sub(2)).any(|at| {
        tokens[at].is(name)
            && tokens[at + 1].is_sign(".")
            && tokens[at + 2].is("tenant")
            && is_compared(tokens, at, at + 2)
    })
}

fn uses_tenant(tokens: &[Token<'_>]) -> bool {
    tokens.iter().enumerate().any(|(at, token)| {
        token.is("using")
            && tokens[at..closing(tokens, at)]
                .iter()
                .any(|t| t.is("tenant"))
    })
}

/// `INTO table (tenant, …)`, the table standing at `at`.
fn lists_tenant(tokens: &[Token<'_>], at: usize) -> bool {
    let Some(open) = (at..tokens.len()).find(|&at| tokens[at].is_sign("(")) else {
        return false;
    };
    tokens[open..closing(tokens, open)]
        .iter()
        .any(|token| token.is("tenant"))
}

const AFTER_ORDER: [&str; 10] = [
    "limit",
    "offset",
    "rows",
    "range",
    "groups",
    "union",
    "returning",
    "except",
    "intersect",
    "where",
];

/// SQLite puts nulls first and PostgreSQL last, unless told.
fn lint_order(
    tokens: &[Token<'_>],
    references: &[Reference<'_>],
    tables: &Tables,
    findings: &mut Vec<String>,
) {
    for at in 1..tokens.len() {
        if !(tokens[at - 1].is("order") && tokens[at].is("by")) {
            continue;
        }
        for term in order_terms(&tokens[at + 1..]) {
            if let Some(finding) = lint_term(term, references, tables) {
                findings.push(finding);
            }
        }
    }
}

/// The terms of an `ORDER BY`, whose first token is the first here.
fn order_terms<'t, 's>(tokens: &'t [Token<'s>]) -> Vec<&'t [Token<'s>]> {
    let mut terms = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    let mut end = tokens.len();
    for (at, token) in tokens.iter().enumerate() {
        let over = token.is_sign(")") && depth == 0;
        if over || (depth == 0 && AFTER_ORDER.iter().any(|word| token.is(word))) {
            end = at;
            break;
        }
        match token {
            Token::Sign("(") => depth += 1,
            Token::Sign(")") => depth -= 1,
            Token::Sign(",") if depth == 0 => {
                terms.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    terms.push(&tokens[start..end]);
    terms
}

fn lint_term(term: &[Token<'_>], references: &[Reference<'_>], tables: &Tables) -> Option<String> {
    if term.iter().any(|token| token.is("nulls")) {
        return None;
    }
    let term: Vec<_> = term
        .iter()
        .filter(|token| !token.is("asc") && !token.is("desc"))
        .collect();
    let (qualifier, column) = match term.as_slice() {
        [Token::Number(_)] => return Some("ORDER BY names columns, not positions".to_owned()),
        [Token::Word(column)] => (None, *column),
        [Token::Word(name), Token::Sign("."), Token::Word(column)] => (Some(*name), *column),
        _ => return Some("ORDER BY of an expression needs NULLS FIRST or NULLS LAST".to_owned()),
    };
    let candidates = references
        .iter()
        .filter(|reference| qualifier.is_none_or(|name| name.eq_ignore_ascii_case(reference.name)));
    let mut known = false;
    for reference in candidates {
        let Some((_, shape)) = tables.known.get(reference.table) else {
            continue;
        };
        for found in shape.columns.iter().filter(|found| found.name == column) {
            known = true;
            if found.nullable || reference.outer {
                return Some(format!("ORDER BY {column} needs NULLS FIRST or NULLS LAST"));
            }
        }
    }
    (!known).then(|| {
        format!("ORDER BY {column} is no column of a table here: add NULLS FIRST or NULLS LAST")
    })
}

fn lint_types(described: Result<Described, String>) -> Vec<String> {
    let described = match described {
        Ok(described) => described,
        Err(error) => return vec![error],
    };
    let portable = |kind: &String| matches!(kind.as_str(), "int8" | "text" | "bytea");
    let parameters = described.parameters.iter().enumerate();
    let mut findings: Vec<_> = parameters
        .filter(|(_, kind)| !portable(kind))
        .map(|(at, kind)| format!("${} is {kind} on PostgreSQL: CAST it", at + 1))
        .collect();
    for (at, kind) in described.columns.iter().enumerate() {
        if !portable(kind) {
            findings.push(format!(
                "column {at} is {kind} on PostgreSQL: CAST it to bigint or text"
            ));
        }
    }
    findings
}
