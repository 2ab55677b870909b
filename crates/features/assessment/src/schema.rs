//! The tables of the assessment. What a round is about (subjects, tree, items, sections) is
//! copied when it opens, so that later edits of the register cannot reach it; values and results
//! are keyed by the round's own numbers.

use store::{Class, Migration, Schema, Table};

store::record! {
    /// Published versions of schemes, with their whole text.
    pub SCHEME_VERSION = scheme_version(
        tenant, scheme, version, command, place, code, pack, pack_version, path, title_zh,
        title_en, text, digest, published_at, person
    ) key(tenant, scheme, version);
    /// Rounds as they were opened.
    pub ROUND = round(
        tenant, round, command, scheme, scheme_version, period, place, place_name, title, pack,
        posting_days, opened_at, person
    ) key(tenant, round);
    /// The last days of a round's steps; `subject_no` 0 speaks for everybody, another number for
    /// one subject that was given more time. The highest `seq` holds.
    pub ROUND_TERM = round_term(
        tenant, round, subject_no, seq, command, declare_until, verify_until, review_until,
        reason, person, at
    ) key(tenant, round, subject_no, seq);
    /// Who is assessed, as named when the round opened.
    pub ROUND_SUBJECT = round_subject(
        tenant, round, subject_no, command, place, code, name, alias, kind, town, town_name,
        group_name
    ) key(tenant, round, subject_no);
    /// The round's own tree: what stood above each subject, itself at depth 0.
    pub ROUND_TREE = round_tree(tenant, round, subject_no, depth, command, ancestor)
        key(tenant, round, subject_no, depth);
    /// The level-1 indices, in which declaration, verification and review move.
    pub ROUND_SECTION = round_section(tenant, round, section_no, command, code, title_zh, title_en)
        key(tenant, round, section_no);
    /// The columns that the scheme's plan reads: an item at a moment.
    pub ROUND_ITEM = round_item(
        tenant, round, item_no, command, section_no, code, moment, source, title_zh, title_en
    ) key(tenant, round, item_no);
    /// Every value that a cell ever had, side by side; nothing is overwritten.
    pub VALUE_EVENT = value_event(
        tenant, round, subject_no, item_no, seq, command, kind, value, missing, reason, person,
        at, source, recorded_at, ref_kind, ref_id, digest
    ) key(tenant, round, subject_no, item_no, seq);
    /// Files shown for a declared value (`seq` is the value's).
    pub EVIDENCE = evidence(
        tenant, round, subject_no, item_no, seq, file, command, name, media_type, size_bytes,
        person, at
    ) key(tenant, round, subject_no, item_no, seq, file);
    /// Every step of every section of every subject.
    pub SECTION_EVENT = section_event(
        tenant, round, subject_no, section_no, seq, command, from_state, to_state, action, person,
        on_behalf_of, at, reason, due
    ) key(tenant, round, subject_no, section_no, seq);
    /// Every step of a round as a whole.
    pub ROUND_EVENT = round_event(
        tenant, round, seq, command, from_state, to_state, action, person, at, posted_until
    ) key(tenant, round, seq);
    /// A result as posted: what it was computed from and what came out.
    pub POSTED_RESULT = posted_result(
        tenant, round, version, command, plan_digest, inputs_digest, results_digest, posted_from,
        posted_until, provisional_calendar, at, person
    ) key(tenant, round, version);
    /// One subject's inputs and results of a posted result, packed.
    pub POSTED_ROW = posted_row(
        tenant, round, version, subject_no, command, score, grade, rank, rank_in_group,
        packed
    ) key(tenant, round, version, subject_no);
    /// What was said in an appeal: lodged once, then decided or taken back once. `item_no` 0
    /// speaks of the result as a whole; `version` is the posted version appealed against.
    pub APPEAL_EVENT = appeal_event(
        tenant, appeal, step, command, round, version, subject_no, item_no, act, claim, reason,
        person, on_behalf_of, at, due, due_provisional
    ) key(tenant, appeal, step);
    /// Files shown with an appeal.
    pub APPEAL_FILE = appeal_file(
        tenant, appeal, file, command, name, media_type, size_bytes
    ) key(tenant, appeal, file);
    /// Corrections of frozen values, or the finding that nothing is to be corrected; `version` is
    /// the posted version that it made, none while nothing was posted.
    pub CORRECTION = correction(
        tenant, round, seq, command, version, subject_no, item_no, because_kind, because_id,
        before, after, reason, person, at
    ) key(tenant, round, seq);
    /// Whose figure, score, grade or rank a posted version moved against the version before.
    pub RESULT_MOVE = result_move(
        tenant, round, version, subject_no, command, own_figure, score_before, score_after,
        grade_before, grade_after, rank_before, rank_after, group_rank_before, group_rank_after
    ) key(tenant, round, version, subject_no);
    /// The draw of a round's sample re-check, with everything that it follows from.
    pub SAMPLE_DRAW = sample_draw(
        tenant, round, command, closing, checkpoint_size, root, seed, percent, person, at
    ) key(tenant, round);
    /// The drawn subjects, in the order of the draw.
    pub SAMPLE_ROW = sample_row(tenant, round, position, command, subject_no)
        key(tenant, round, position);
    /// Bonus and penalty events as they were declared or proposed.
    pub SCORE_EVENT = score_event(
        tenant, event, command, place, item, kind, title_zh, title_en, occurred_on, fact, joint,
        description, person, on_behalf_of, at
    ) key(tenant, event);
    /// Every step of every event, the first one included.
    pub SCORE_EVENT_STEP = score_event_step(
        tenant, event, step, command, act, from_state, to_state, reason, person, on_behalf_of, at
    ) key(tenant, event, step);
    /// Files shown with an event.
    pub SCORE_EVENT_FILE = score_event_file(
        tenant, event, file, command, name, media_type, size_bytes
    ) key(tenant, event, file);
    /// The round into which an event was taken; whether it counts there is the event's state.
    pub SCORE_EVENT_COUNT = score_event_count(tenant, event, round, command, subject_no, at)
        key(tenant, event, round);
}

const TABLES: &[Table] = &[
    Table {
        name: "scheme_version",
        class: Class::Record,
        note: "published schemes",
    },
    Table {
        name: "round",
        class: Class::Record,
        note: "rounds as opened",
    },
    Table {
        name: "round_term",
        class: Class::Record,
        note: "last days of the steps",
    },
    Table {
        name: "round_subject",
        class: Class::Record,
        note: "who is assessed",
    },
    Table {
        name: "round_tree",
        class: Class::Record,
        note: "what stood above each subject",
    },
    Table {
        name: "round_section",
        class: Class::Record,
        note: "level-1 indices",
    },
    Table {
        name: "round_item",
        class: Class::Record,
        note: "columns that the plan reads",
    },
    Table {
        name: "value_event",
        class: Class::Record,
        note: "every value of every cell",
    },
    Table {
        name: "evidence",
        class: Class::Record,
        note: "files behind declared values",
    },
    Table {
        name: "section_event",
        class: Class::Record,
        note: "steps of sections",
    },
    Table {
        name: "round_event",
        class: Class::Record,
        note: "steps of rounds",
    },
    Table {
        name: "posted_result",
        class: Class::Record,
        note: "results as posted",
    },
    Table {
        name: "posted_row",
        class: Class::Record,
        note: "one subject of a posted result",
    },
    Table {
        name: "appeal_event",
        class: Class::Record,
        note: "what was said in appeals",
    },
    Table {
        name: "appeal_file",
        class: Class::Record,
        note: "files shown with appeals",
    },
    Table {
        name: "correction",
        class: Class::Record,
        note: "corrections of frozen values",
    },
    Table {
        name: "result_move",
        class: Class::Record,
        note: "whom a corrected version moved",
    },
    Table {
        name: "sample_draw",
        class: Class::Record,
        note: "draws of sample re-checks",
    },
    Table {
        name: "sample_row",
        class: Class::Record,
        note: "drawn villages",
    },
    Table {
        name: "score_event",
        class: Class::Record,
        note: "bonus and penalty events",
    },
    Table {
        name: "score_event_step",
        class: Class::Record,
        note: "steps of events",
    },
    Table {
        name: "score_event_file",
        class: Class::Record,
        note: "files shown with events",
    },
    Table {
        name: "score_event_count",
        class: Class::Record,
        note: "the rounds into which events were taken",
    },
    Table {
        name: "score_event_current",
        class: Class::Derived,
        note: "where each event stands, from score_event and score_event_step",
    },
    Table {
        name: "appeal_current",
        class: Class::Derived,
        note: "where each appeal stands, from appeal_event",
    },
    Table {
        name: "section_state",
        class: Class::Derived,
        note: "where each section stands, from section_event",
    },
    Table {
        name: "cell",
        class: Class::Derived,
        note: "the values of each cell that hold now, from value_event",
    },
    Table {
        name: "round_state",
        class: Class::Derived,
        note: "where each round stands, from round_event",
    },
    Table {
        name: "provisional_result",
        class: Class::Derived,
        note: "digests of the computed result, from value_event and the scheme",
    },
    Table {
        name: "provisional_row",
        class: Class::Derived,
        note: "one subject of the computed result, from value_event and the scheme",
    },
    Table {
        name: "estimate",
        class: Class::Derived,
        note: "what a subject's values would score by themselves, from cell and the scheme",
    },
    Table {
        name: "draft",
        class: Class::Working,
        note: "values typed and not yet declared; nobody but the village sees them",
    },
    Table {
        name: "draft_file",
        class: Class::Working,
        note: "files uploaded for a value not yet declared",
    },
];

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: &[
            "CREATE TABLE scheme_version (tenant {int} NOT NULL, scheme {blob} NOT NULL, \
         version {int} NOT NULL, command {blob} NOT NULL, place {blob} NOT NULL, \
         code {text} NOT NULL, pack {text}, pack_version {text}, path {text} NOT NULL, title_zh {text} NOT NULL, \
         title_en {text} NOT NULL, text {text} NOT NULL, digest {blob} NOT NULL, \
         published_at {int} NOT NULL, person {blob}, \
         PRIMARY KEY (tenant, scheme, version), UNIQUE (tenant, code, version)) {table_end}",
            "CREATE INDEX scheme_version_command ON scheme_version (tenant, command)",
            "CREATE TABLE round (tenant {int} NOT NULL, round {blob} NOT NULL, \
         command {blob} NOT NULL, scheme {blob} NOT NULL, scheme_version {int} NOT NULL, \
         period {text} NOT NULL, place {blob} NOT NULL, place_name {text} NOT NULL, title {text}, \
         pack {text}, posting_days {int} NOT NULL, opened_at {int} NOT NULL, person {blob}, \
         PRIMARY KEY (tenant, round), UNIQUE (tenant, scheme, period, place)) {table_end}",
            "CREATE INDEX round_command ON round (tenant, command)",
            "CREATE TABLE round_term (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, seq {int} NOT NULL, command {blob} NOT NULL, \
         declare_until {text} NOT NULL, verify_until {text} NOT NULL, \
         review_until {text} NOT NULL, reason {text}, person {blob}, at {int} NOT NULL, \
         PRIMARY KEY (tenant, round, subject_no, seq)) {table_end}",
            "CREATE INDEX round_term_command ON round_term (tenant, command)",
            "CREATE TABLE round_subject (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, command {blob} NOT NULL, place {blob} NOT NULL, code {text}, \
         name {text} NOT NULL, alias {text}, kind {text} NOT NULL, town {blob}, town_name {text}, \
         group_name {text}, PRIMARY KEY (tenant, round, subject_no), \
         UNIQUE (tenant, round, place)) {table_end}",
            "CREATE INDEX round_subject_command ON round_subject (tenant, command)",
            "CREATE INDEX round_subject_place ON round_subject (tenant, place, round)",
            "CREATE TABLE round_tree (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, depth {int} NOT NULL, command {blob} NOT NULL, \
         ancestor {blob} NOT NULL, PRIMARY KEY (tenant, round, subject_no, depth)) {table_end}",
            "CREATE INDEX round_tree_command ON round_tree (tenant, command)",
            "CREATE INDEX round_tree_ancestor ON round_tree (tenant, ancestor, round, subject_no)",
            "CREATE TABLE round_section (tenant {int} NOT NULL, round {blob} NOT NULL, \
         section_no {int} NOT NULL, command {blob} NOT NULL, code {text} NOT NULL, \
         title_zh {text} NOT NULL, title_en {text} NOT NULL, \
         PRIMARY KEY (tenant, round, section_no), UNIQUE (tenant, round, code)) {table_end}",
            "CREATE INDEX round_section_command ON round_section (tenant, command)",
            "CREATE TABLE round_item (tenant {int} NOT NULL, round {blob} NOT NULL, \
         item_no {int} NOT NULL, command {blob} NOT NULL, section_no {int} NOT NULL, \
         code {text} NOT NULL, moment {text} NOT NULL, source {text} NOT NULL, \
         title_zh {text} NOT NULL, title_en {text} NOT NULL, \
         PRIMARY KEY (tenant, round, item_no), UNIQUE (tenant, round, code, moment)) {table_end}",
            "CREATE INDEX round_item_command ON round_item (tenant, command)",
            "CREATE TABLE value_event (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, item_no {int} NOT NULL, seq {int} NOT NULL, \
         command {blob} NOT NULL, kind {text} NOT NULL, value {text}, missing {text}, \
         reason {text}, person {blob}, at {int} NOT NULL, source {text}, recorded_at {int}, \
         ref_kind {text}, ref_id {blob}, digest {blob}, \
         PRIMARY KEY (tenant, round, subject_no, item_no, seq)) {table_end}",
            "CREATE INDEX value_event_command ON value_event (tenant, command)",
            "CREATE TABLE evidence (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, item_no {int} NOT NULL, seq {int} NOT NULL, \
         file {blob} NOT NULL, command {blob} NOT NULL, name {text} NOT NULL, \
         media_type {text} NOT NULL, size_bytes {int} NOT NULL, person {blob}, at {int} NOT NULL, \
         PRIMARY KEY (tenant, round, subject_no, item_no, seq, file)) {table_end}",
            "CREATE INDEX evidence_command ON evidence (tenant, command)",
            "CREATE INDEX evidence_file ON evidence (tenant, file)",
            "CREATE TABLE section_event (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, section_no {int} NOT NULL, seq {int} NOT NULL, \
         command {blob} NOT NULL, from_state {text} NOT NULL, to_state {text} NOT NULL, \
         action {text} NOT NULL, person {blob}, on_behalf_of {blob}, at {int} NOT NULL, \
         reason {text}, due {text}, \
         PRIMARY KEY (tenant, round, subject_no, section_no, seq)) {table_end}",
            "CREATE INDEX section_event_command ON section_event (tenant, command)",
            "CREATE TABLE round_event (tenant {int} NOT NULL, round {blob} NOT NULL, \
         seq {int} NOT NULL, command {blob} NOT NULL, from_state {text} NOT NULL, \
         to_state {text} NOT NULL, action {text} NOT NULL, person {blob}, at {int} NOT NULL, \
         posted_until {text}, PRIMARY KEY (tenant, round, seq)) {table_end}",
            "CREATE INDEX round_event_command ON round_event (tenant, command)",
            "CREATE TABLE posted_result (tenant {int} NOT NULL, round {blob} NOT NULL, \
         version {int} NOT NULL, command {blob} NOT NULL, plan_digest {blob} NOT NULL, \
         inputs_digest {blob} NOT NULL, results_digest {blob} NOT NULL, \
         posted_from {text} NOT NULL, posted_until {text} NOT NULL, \
         provisional_calendar {int} NOT NULL, at {int} NOT NULL, person {blob}, \
         PRIMARY KEY (tenant, round, version)) {table_end}",
            "CREATE INDEX posted_result_command ON posted_result (tenant, command)",
            "CREATE TABLE posted_row (tenant {int} NOT NULL, round {blob} NOT NULL, \
         version {int} NOT NULL, subject_no {int} NOT NULL, command {blob} NOT NULL, \
         score {text}, grade {text}, rank {int}, rank_in_group {int}, \
         packed {blob} NOT NULL, PRIMARY KEY (tenant, round, version, subject_no)) {table_end}",
            "CREATE INDEX posted_row_command ON posted_row (tenant, command)",
            "CREATE TABLE section_state (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, section_no {int} NOT NULL, state {text} NOT NULL, \
         revision {int} NOT NULL, person {blob}, at {int} NOT NULL, reason {text}, due {text}, \
         PRIMARY KEY (tenant, round, subject_no, section_no)) {table_end}",
            "CREATE TABLE cell (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, item_no {int} NOT NULL, revision {int} NOT NULL, \
         counts {text}, counts_kind {text} NOT NULL, brought {text}, \
         declared {text}, verified {text}, reviewed {text}, corrected {text}, \
         PRIMARY KEY (tenant, round, subject_no, item_no)) {table_end}",
            "CREATE TABLE round_state (tenant {int} NOT NULL, round {blob} NOT NULL, \
         state {text} NOT NULL, revision {int} NOT NULL, person {blob}, at {int} NOT NULL, \
         posted_until {text}, PRIMARY KEY (tenant, round)) {table_end}",
            "CREATE TABLE provisional_result (tenant {int} NOT NULL, round {blob} NOT NULL, \
         plan_digest {blob} NOT NULL, inputs_digest {blob} NOT NULL, \
         results_digest {blob} NOT NULL, PRIMARY KEY (tenant, round)) {table_end}",
            "CREATE TABLE provisional_row (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, score {text}, grade {text}, rank {int}, \
         rank_in_group {int}, packed {blob} NOT NULL, \
         PRIMARY KEY (tenant, round, subject_no)) {table_end}",
            "CREATE TABLE estimate (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, score {text}, answered {int} NOT NULL, \
         PRIMARY KEY (tenant, round, subject_no)) {table_end}",
            "CREATE TABLE draft (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, item_no {int} NOT NULL, value {text} NOT NULL, \
         missing {text} NOT NULL, saved_at {int} NOT NULL, \
         PRIMARY KEY (tenant, round, subject_no, item_no)) {table_end}",
            "CREATE TABLE draft_file (tenant {int} NOT NULL, round {blob} NOT NULL, \
         subject_no {int} NOT NULL, item_no {int} NOT NULL, file {blob} NOT NULL, \
         name {text} NOT NULL, media_type {text} NOT NULL, size_bytes {int} NOT NULL, \
         saved_at {int} NOT NULL, \
         PRIMARY KEY (tenant, round, subject_no, item_no, file)) {table_end}",
        ],
    },
    Migration {
        version: 2,
        sql: &[
            "CREATE TABLE appeal_event (tenant {int} NOT NULL, appeal {blob} NOT NULL, \
         step {int} NOT NULL, command {blob} NOT NULL, round {blob} NOT NULL, \
         version {int} NOT NULL, subject_no {int} NOT NULL, item_no {int} NOT NULL, \
         act {text} NOT NULL, claim {text}, reason {text} NOT NULL, person {blob} NOT NULL, \
         on_behalf_of {blob}, at {int} NOT NULL, due {text} NOT NULL, \
         due_provisional {int} NOT NULL, PRIMARY KEY (tenant, appeal, step)) {table_end}",
            "CREATE INDEX appeal_event_command ON appeal_event (tenant, command)",
            "CREATE TABLE appeal_file (tenant {int} NOT NULL, appeal {blob} NOT NULL, \
         file {blob} NOT NULL, command {blob} NOT NULL, name {text} NOT NULL, \
         media_type {text} NOT NULL, size_bytes {int} NOT NULL, \
         PRIMARY KEY (tenant, appeal, file)) {table_end}",
            "CREATE INDEX appeal_file_command ON appeal_file (tenant, command)",
            "CREATE INDEX appeal_file_file ON appeal_file (tenant, file)",
            "CREATE TABLE correction (tenant {int} NOT NULL, round {blob} NOT NULL, \
         seq {int} NOT NULL, command {blob} NOT NULL, version {int}, \
         subject_no {int} NOT NULL, item_no {int} NOT NULL, because_kind {text} NOT NULL, \
         because_id {blob} NOT NULL, before {text}, after {text}, reason {text} NOT NULL, \
         person {blob}, at {int} NOT NULL, PRIMARY KEY (tenant, round, seq)) {table_end}",
            "CREATE INDEX correction_command ON correction (tenant, command)",
            "CREATE TABLE result_move (tenant {int} NOT NULL, round {blob} NOT NULL, \
         version {int} NOT NULL, subject_no {int} NOT NULL, command {blob} NOT NULL, \
         own_figure {int} NOT NULL, score_before {text}, score_after {text}, \
         grade_before {text}, grade_after {text}, rank_before {int}, rank_after {int}, \
         group_rank_before {int}, group_rank_after {int}, \
         PRIMARY KEY (tenant, round, version, subject_no)) {table_end}",
            "CREATE INDEX result_move_command ON result_move (tenant, command)",
            "CREATE TABLE appeal_current (tenant {int} NOT NULL, appeal {blob} NOT NULL, \
         round {blob} NOT NULL, version {int} NOT NULL, subject_no {int} NOT NULL, \
         item_no {int} NOT NULL, state {text} NOT NULL, claim {text}, reason {text} NOT NULL, \
         lodged_by {blob} NOT NULL, lodged_for {blob}, lodged_at {int} NOT NULL, \
         due {text} NOT NULL, due_provisional {int} NOT NULL, decided_by {blob}, \
         decided_at {int}, answer {text}, PRIMARY KEY (tenant, appeal)) {table_end}",
            "CREATE INDEX appeal_current_round ON appeal_current (tenant, round, subject_no)",
        ],
    },
    Migration {
        version: 3,
        sql: &[
            "CREATE TABLE sample_draw (tenant {int} NOT NULL, round {blob} NOT NULL, \
         command {blob} NOT NULL, closing {blob} NOT NULL, checkpoint_size {int} NOT NULL, \
         root {blob} NOT NULL, seed {blob} NOT NULL, percent {int} NOT NULL, person {blob}, \
         at {int} NOT NULL, PRIMARY KEY (tenant, round)) {table_end}",
            "CREATE INDEX sample_draw_command ON sample_draw (tenant, command)",
            "CREATE TABLE sample_row (tenant {int} NOT NULL, round {blob} NOT NULL, \
         position {int} NOT NULL, command {blob} NOT NULL, subject_no {int} NOT NULL, \
         PRIMARY KEY (tenant, round, position)) {table_end}",
            "CREATE INDEX sample_row_command ON sample_row (tenant, command)",
        ],
    },
    Migration {
        version: 4,
        sql: &[
            "CREATE TABLE score_event (tenant {int} NOT NULL, event {blob} NOT NULL, \
         command {blob} NOT NULL, place {blob} NOT NULL, item {text} NOT NULL, \
         kind {text} NOT NULL, title_zh {text} NOT NULL, title_en {text} NOT NULL, \
         occurred_on {text} NOT NULL, fact {blob} NOT NULL, joint {int} NOT NULL, \
         description {text} NOT NULL, person {blob} NOT NULL, on_behalf_of {blob}, \
         at {int} NOT NULL, PRIMARY KEY (tenant, event)) {table_end}",
            "CREATE INDEX score_event_command ON score_event (tenant, command)",
            "CREATE TABLE score_event_step (tenant {int} NOT NULL, event {blob} NOT NULL, \
         step {int} NOT NULL, command {blob} NOT NULL, act {text} NOT NULL, \
         from_state {text} NOT NULL, to_state {text} NOT NULL, reason {text}, \
         person {blob} NOT NULL, on_behalf_of {blob}, at {int} NOT NULL, \
         PRIMARY KEY (tenant, event, step)) {table_end}",
            "CREATE INDEX score_event_step_command ON score_event_step (tenant, command)",
            "CREATE TABLE score_event_file (tenant {int} NOT NULL, event {blob} NOT NULL, \
         file {blob} NOT NULL, command {blob} NOT NULL, name {text} NOT NULL, \
         media_type {text} NOT NULL, size_bytes {int} NOT NULL, \
         PRIMARY KEY (tenant, event, file)) {table_end}",
            "CREATE INDEX score_event_file_command ON score_event_file (tenant, command)",
            "CREATE INDEX score_event_file_file ON score_event_file (tenant, file)",
            "CREATE TABLE score_event_count (tenant {int} NOT NULL, event {blob} NOT NULL, \
         round {blob} NOT NULL, command {blob} NOT NULL, subject_no {int} NOT NULL, \
         at {int} NOT NULL, PRIMARY KEY (tenant, event, round)) {table_end}",
            "CREATE INDEX score_event_count_command ON score_event_count (tenant, command)",
            "CREATE INDEX score_event_count_round ON score_event_count (tenant, round, subject_no)",
            "CREATE TABLE score_event_current (tenant {int} NOT NULL, event {blob} NOT NULL, \
         place {blob} NOT NULL, item {text} NOT NULL, kind {text} NOT NULL, \
         title_zh {text} NOT NULL, title_en {text} NOT NULL, occurred_on {text} NOT NULL, \
         fact {blob} NOT NULL, joint {int} NOT NULL, description {text} NOT NULL, \
         declared_by {blob} NOT NULL, declared_at {int} NOT NULL, state {text} NOT NULL, \
         revision {int} NOT NULL, verified_at {int}, contested {int} NOT NULL, \
         PRIMARY KEY (tenant, event)) {table_end}",
            "CREATE INDEX score_event_current_place ON score_event_current (tenant, place)",
        ],
    },
];

/// The assessment's tables.
pub const SCHEMA: Schema = Schema {
    component: "assessment",
    tables: TABLES,
    records: &[
        &SCHEME_VERSION,
        &ROUND,
        &ROUND_TERM,
        &ROUND_SUBJECT,
        &ROUND_TREE,
        &ROUND_SECTION,
        &ROUND_ITEM,
        &VALUE_EVENT,
        &EVIDENCE,
        &SECTION_EVENT,
        &ROUND_EVENT,
        &POSTED_RESULT,
        &POSTED_ROW,
        &APPEAL_EVENT,
        &APPEAL_FILE,
        &CORRECTION,
        &RESULT_MOVE,
        &SAMPLE_DRAW,
        &SAMPLE_ROW,
        &SCORE_EVENT,
        &SCORE_EVENT_STEP,
        &SCORE_EVENT_FILE,
        &SCORE_EVENT_COUNT,
    ],
    migrations: MIGRATIONS,
};
