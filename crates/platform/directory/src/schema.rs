//! The tables of the directory.

use store::{Class, Migration, Rebuild, Schema, Statement, Table};

use crate::{appointment, figure, organisation, outline, person, place};

/// The tables of the directory.
pub const SCHEMA: Schema = Schema {
    component: "directory",
    tables: TABLES,
    records: &[
        &place::PLACE_VERSION,
        &place::PLACE_LINK,
        &place::PLACE_CHANGE,
        &outline::PLACE_OUTLINE,
        &organisation::ORGANISATION_VERSION,
        &person::PERSON_FACT,
        &appointment::APPOINTMENT_VERSION,
        &figure::FIGURE,
    ],
    migrations: MIGRATIONS,
};

/// Every statement of this crate.
pub const STATEMENTS: &[&[&Statement]] = &[
    place::STATEMENTS[0],
    place::STATEMENTS[1],
    place::STATEMENTS[2],
    place::STATEMENTS[3],
    organisation::STATEMENTS,
    outline::STATEMENTS,
    person::STATEMENTS,
    appointment::STATEMENTS,
    figure::STATEMENTS,
];

/// How each derived table is rebuilt: the tables, then the function that builds them.
pub const REBUILDS: &[Rebuild] = &[
    Rebuild {
        tables: &[
            "place_current",
            "place_ancestor",
            "place_succession",
            "place_search",
        ],
        run: place::rebuild,
    },
    Rebuild {
        tables: &["organisation_current"],
        run: organisation::rebuild,
    },
    Rebuild {
        tables: &["appointment_current"],
        run: appointment::rebuild,
    },
    Rebuild {
        tables: &["figure_current"],
        run: figure::rebuild,
    },
];

const fn table(name: &'static str, class: Class, note: &'static str) -> Table {
    Table { name, class, note }
}

const TABLES: &[Table] = &[
    table(
        "place_version",
        Class::Record,
        "every version of every place",
    ),
    table("place_link", Class::Record, "predecessors and successors"),
    table(
        "place_change",
        Class::Record,
        "why places began, merged, split, moved, ended or came back, and by which document",
    ),
    table(
        "place_outline",
        Class::Record,
        "every outline of every place, simplified, in millionths of a degree",
    ),
    table(
        "place_current",
        Class::Derived,
        "highest version of each place",
    ),
    table(
        "place_ancestor",
        Class::Derived,
        "closure of the present tree, with itself at depth 0",
    ),
    table(
        "place_succession",
        Class::Derived,
        "every place that stands in the stead of one that ceased, in any number of steps, and whether it took the whole of it",
    ),
    table(
        "place_search",
        Class::Derived,
        "codes and pinyin initials of places, and names they had before",
    ),
    table(
        "organisation_version",
        Class::Record,
        "every version of every organisation",
    ),
    table(
        "organisation_current",
        Class::Derived,
        "highest version of each organisation",
    ),
    table(
        "person_fact",
        Class::Record,
        "that a value of a person was set, with a commitment",
    ),
    table(
        "person_name",
        Class::Working,
        "the one table of names; erasure empties it",
    ),
    table(
        "appointment_version",
        Class::Record,
        "every version of every appointment",
    ),
    table(
        "appointment_current",
        Class::Derived,
        "highest version of each appointment",
    ),
    table("figure", Class::Record, "every figure ever given"),
    table(
        "figure_current",
        Class::Derived,
        "the figure that none supersedes",
    ),
];

const MIGRATIONS: &[Migration] = &[FIRST, SUCCESSION];

/// Filled with the links between places that are there already; chains of them by the next change,
/// or by `xingcun rebuild`.
const SUCCESSION: Migration = Migration {
    version: 2,
    sql: &[
        "CREATE TABLE place_succession (tenant {int} NOT NULL, predecessor {blob} NOT NULL, \
         successor {blob} NOT NULL, whole {int} NOT NULL, \
         PRIMARY KEY (tenant, predecessor, successor)) {table_end}",
        "INSERT INTO place_succession (tenant, predecessor, successor, whole) \
         SELECT l.tenant, l.predecessor, l.successor, \
         MIN(CASE WHEN l.kind = 'merge' THEN 1 ELSE 0 END) FROM place_link l \
         JOIN place_current p ON p.tenant = l.tenant AND p.place = l.predecessor \
         WHERE p.valid_to IS NOT NULL GROUP BY l.tenant, l.predecessor, l.successor",
    ],
};

const FIRST: Migration = Migration {
    version: 1,
    sql: &[
        "CREATE TABLE place_version (tenant {int} NOT NULL, place {blob} NOT NULL, \
         version {int} NOT NULL, command {blob} NOT NULL, level {text} NOT NULL, \
         kind {text} NOT NULL, name {text} NOT NULL, alias {text}, code {text}, parent {blob}, \
         valid_from {text} NOT NULL, valid_to {text}, \
         PRIMARY KEY (tenant, place, version)) {table_end}",
        "CREATE INDEX place_version_code ON place_version (tenant, code)",
        "CREATE INDEX place_version_parent ON place_version (tenant, parent)",
        "CREATE INDEX place_version_command ON place_version (tenant, command)",
        "CREATE TABLE place_link (tenant {int} NOT NULL, predecessor {blob} NOT NULL, \
         successor {blob} NOT NULL, day {text} NOT NULL, command {blob} NOT NULL, \
         kind {text} NOT NULL, share {text}, \
         PRIMARY KEY (tenant, predecessor, successor, day)) {table_end}",
        "CREATE INDEX place_link_successor ON place_link (tenant, successor)",
        "CREATE TABLE place_change (tenant {int} NOT NULL, command {blob} NOT NULL, \
         kind {text} NOT NULL, day {text} NOT NULL, reason {text} NOT NULL, \
         document {text} NOT NULL, at {int} NOT NULL, PRIMARY KEY (tenant, command)) {table_end}",
        "CREATE TABLE place_outline (tenant {int} NOT NULL, place {blob} NOT NULL, \
         version {int} NOT NULL, command {blob} NOT NULL, datum {text} NOT NULL, \
         shape {text} NOT NULL, at {int} NOT NULL, \
         PRIMARY KEY (tenant, place, version)) {table_end}",
        "CREATE TABLE place_current (tenant {int} NOT NULL, place {blob} NOT NULL, \
         version {int} NOT NULL, level {text} NOT NULL, kind {text} NOT NULL, \
         name {text} NOT NULL, alias {text}, code {text}, parent {blob}, \
         valid_from {text} NOT NULL, valid_to {text}, PRIMARY KEY (tenant, place)) {table_end}",
        "CREATE INDEX place_current_code ON place_current (tenant, code)",
        "CREATE INDEX place_current_parent ON place_current (tenant, parent)",
        "CREATE TABLE place_ancestor (tenant {int} NOT NULL, place {blob} NOT NULL, \
         ancestor {blob} NOT NULL, depth {int} NOT NULL, \
         PRIMARY KEY (tenant, place, ancestor)) {table_end}",
        "CREATE INDEX place_ancestor_below ON place_ancestor (tenant, ancestor, place, depth)",
        "CREATE TABLE place_search (tenant {int} NOT NULL, search_key {text} NOT NULL, \
         place {blob} NOT NULL, PRIMARY KEY (tenant, search_key, place)) {table_end}",
        "CREATE INDEX place_search_place ON place_search (tenant, place)",
        "CREATE TABLE organisation_version (tenant {int} NOT NULL, organisation {blob} NOT NULL, \
         version {int} NOT NULL, command {blob} NOT NULL, kind {text} NOT NULL, \
         name {text} NOT NULL, place {blob} NOT NULL, parent {blob}, credit_code {text}, \
         valid_from {text} NOT NULL, valid_to {text}, \
         PRIMARY KEY (tenant, organisation, version)) {table_end}",
        "CREATE TABLE organisation_current (tenant {int} NOT NULL, organisation {blob} NOT NULL, \
         version {int} NOT NULL, kind {text} NOT NULL, name {text} NOT NULL, \
         place {blob} NOT NULL, parent {blob}, credit_code {text}, valid_from {text} NOT NULL, \
         valid_to {text}, PRIMARY KEY (tenant, organisation)) {table_end}",
        "CREATE INDEX organisation_current_place ON organisation_current (tenant, place)",
        "CREATE TABLE person_fact (tenant {int} NOT NULL, person {blob} NOT NULL, \
         version {int} NOT NULL, command {blob} NOT NULL, field {text} NOT NULL, \
         commitment {blob}, at {int} NOT NULL, PRIMARY KEY (tenant, person, version)) {table_end}",
        "CREATE TABLE person_name (tenant {int} NOT NULL, person {blob} NOT NULL, \
         name {text} NOT NULL, initials {text} NOT NULL, salt {blob} NOT NULL, \
         PRIMARY KEY (tenant, person)) {table_end}",
        "CREATE INDEX person_name_name ON person_name (tenant, name)",
        "CREATE INDEX person_name_initials ON person_name (tenant, initials)",
        "CREATE TABLE appointment_version (tenant {int} NOT NULL, appointment {blob} NOT NULL, \
         version {int} NOT NULL, command {blob} NOT NULL, post {text} NOT NULL, \
         place {blob} NOT NULL, organisation {blob}, person {blob} NOT NULL, \
         valid_from {text} NOT NULL, valid_until {text}, \
         PRIMARY KEY (tenant, appointment, version)) {table_end}",
        "CREATE TABLE appointment_current (tenant {int} NOT NULL, appointment {blob} NOT NULL, \
         version {int} NOT NULL, post {text} NOT NULL, place {blob} NOT NULL, \
         organisation {blob}, person {blob} NOT NULL, valid_from {text} NOT NULL, \
         valid_until {text}, PRIMARY KEY (tenant, appointment)) {table_end}",
        "CREATE INDEX appointment_current_place ON appointment_current (tenant, place)",
        "CREATE INDEX appointment_current_person ON appointment_current (tenant, person)",
        "CREATE TABLE figure (tenant {int} NOT NULL, figure {blob} NOT NULL, \
         command {blob} NOT NULL, item {text} NOT NULL, subject {blob} NOT NULL, \
         period {text} NOT NULL, value {text}, missing {text}, unit {text} NOT NULL, \
         source {text} NOT NULL, as_of {text}, observed_at {int}, recorded_at {int} NOT NULL, \
         supersedes {blob}, PRIMARY KEY (tenant, figure), \
         CHECK ((value IS NULL) <> (missing IS NULL))) {table_end}",
        "CREATE INDEX figure_item ON figure (tenant, item, period, subject)",
        "CREATE TABLE figure_current (tenant {int} NOT NULL, item {text} NOT NULL, \
         period {text} NOT NULL, subject {blob} NOT NULL, figure {blob} NOT NULL, \
         PRIMARY KEY (tenant, item, period, subject)) {table_end}",
        "CREATE INDEX figure_current_subject ON figure_current (tenant, subject)",
    ],
};
