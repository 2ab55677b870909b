//! Which accounts a reader sees, and what lists say of each: state, password, slip.
//!
//! A reader at a place sees the accounts of people all of whose posts and grants lie inside the
//! reader's area: exactly those for whom slips may be issued there.

use access::{AccountId, Action, Scope};
use kernel::{Instant, PersonId, PlaceId, Tenant};
use store::{Connection, Row, Statement, StoreError, Value, values};
use web::{Context, Params, Sorting};

use crate::listing;

/// Whether a slip of the account of `a` waits for its release.
macro_rules! waiting {
    () => {
        "(SELECT max(e.at) FROM token_event e WHERE e.tenant = $1 AND e.person = a.person \
         AND e.account = a.account AND e.kind = 'slip' AND e.state = 'proposed' \
         AND NOT EXISTS (SELECT 1 FROM token_event f WHERE f.tenant = $1 \
         AND f.request = e.request AND f.version > e.version))"
    };
}

/// Accounts in the reader's area that fit the filters.
macro_rules! fitting {
    () => {
        concat!(
            " FROM account_current a LEFT JOIN person_name n ON n.tenant = a.tenant ",
            "AND n.person = a.person LEFT JOIN credential c ON c.tenant = a.tenant ",
            "AND c.account = a.account LEFT JOIN setup_token t ON t.tenant = a.tenant ",
            "AND t.account = a.account AND t.kind = 'slip' WHERE a.tenant = $1 ",
            "AND (EXISTS (SELECT 1 FROM grant_current w WHERE w.tenant = $1 AND w.person = $2 ",
            "AND (w.role_bit & $3) <> 0 AND w.place IS NULL AND w.valid_from <= $4 ",
            "AND (w.valid_until IS NULL OR w.valid_until >= $4)) OR (",
            "(EXISTS (SELECT 1 FROM appointment_current x WHERE x.tenant = $1 ",
            "AND x.person = a.person AND (x.valid_until IS NULL OR x.valid_until >= $4)) ",
            "OR EXISTS (SELECT 1 FROM grant_current x WHERE x.tenant = $1 ",
            "AND x.person = a.person AND (x.valid_until IS NULL OR x.valid_until >= $4))) ",
            "AND NOT EXISTS (SELECT 1 FROM appointment_current y WHERE y.tenant = $1 ",
            "AND y.person = a.person AND (y.valid_until IS NULL OR y.valid_until >= $4) ",
            "AND NOT ",
            access::in_scope!("y.place", "$1", "$2", "$3", "$4"),
            ") AND NOT EXISTS (SELECT 1 FROM grant_current z WHERE z.tenant = $1 ",
            "AND z.person = a.person AND (z.valid_until IS NULL OR z.valid_until >= $4) ",
            "AND NOT ",
            access::in_scope!("z.place", "$1", "$2", "$3", "$4"),
            "))) AND ($5 = '' OR lower(n.name) LIKE $6 ESCAPE '!' ",
            "OR a.sign_in_name LIKE $6 ESCAPE '!' OR (n.initials >= $5 AND n.initials < $7)) ",
            "AND ($8 = '' OR ($8 = 'enabled' AND a.disabled = 0) ",
            "OR ($8 = 'disabled' AND a.disabled = 1)) ",
            "AND ($9 = '' OR EXISTS (SELECT 1 FROM appointment_current m JOIN place_ancestor u ",
            "ON u.tenant = m.tenant AND u.place = m.place WHERE m.tenant = $1 ",
            "AND m.person = a.person AND (m.valid_until IS NULL OR m.valid_until >= $4) ",
            "AND u.ancestor = $10) OR EXISTS (SELECT 1 FROM grant_current m ",
            "JOIN place_ancestor u ON u.tenant = m.tenant AND u.place = m.place ",
            "WHERE m.tenant = $1 AND m.person = a.person ",
            "AND (m.valid_until IS NULL OR m.valid_until >= $4) AND u.ancestor = $10)) ",
            "AND ($11 = '' OR EXISTS (SELECT 1 FROM appointment_current q WHERE q.tenant = $1 ",
            "AND q.person = a.person AND q.post = $11 ",
            "AND (q.valid_until IS NULL OR q.valid_until >= $4))) ",
            "AND ($12 = '' OR ($12 = 'never' AND c.account IS NULL) ",
            "OR ($12 = 'set' AND c.account IS NOT NULL) ",
            "OR ($12 = 'open' AND t.used = 0 AND t.expires_at > $13) ",
            "OR ($12 = 'used' AND t.used = 1) ",
            "OR ($12 = 'ended' AND t.used = 0 AND t.expires_at <= $13) ",
            "OR ($12 = 'waiting' AND ",
            waiting!(),
            " IS NOT NULL))"
        )
    };
}

macro_rules! sorted {
    ($order:literal) => {
        concat!(
            "SELECT a.account, a.person, n.name, a.sign_in_name, a.disabled, c.changed_at, ",
            "t.used, t.expires_at, ",
            waiting!(),
            fitting!(),
            " ORDER BY ",
            $order,
            " LIMIT $14 OFFSET $15"
        )
    };
}

store::statements! {
    COUNT_ACCOUNTS = concat!("SELECT count(*)", fitting!());
    BY_SIGN_IN_NAME = sorted!("a.sign_in_name");
    BY_SIGN_IN_NAME_DOWN = sorted!("a.sign_in_name DESC");
    BY_NAME = sorted!("n.initials NULLS LAST, n.name NULLS LAST, a.sign_in_name");
    BY_NAME_DOWN = sorted!("n.initials DESC NULLS LAST, n.name DESC NULLS LAST, a.sign_in_name");
    /// Who holds one of some roles, now or later.
    SELECT_HOLDERS = concat!(
        "SELECT DISTINCT g.person FROM grant_current g WHERE g.tenant = $1 ",
        "AND (g.role_bit & $2) <> 0 AND (g.valid_until IS NULL OR g.valid_until >= $3)"
    );
}

/// By what the list is sorted.
pub(crate) const COLUMNS: &[&str] = &["sign_in_name", "name"];
/// Whether an account can be used.
pub(crate) const STATES: &[&str] = &["enabled", "disabled"];
/// How far an account was taken into use.
pub(crate) const USES: &[&str] = &["never", "waiting", "open", "ended", "used", "set"];

/// An account as lists show it.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) account: AccountId,
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) sign_in_name: String,
    pub(crate) disabled: bool,
    /// Whether a password was ever set.
    pub(crate) has_password: bool,
    /// The latest slip.
    pub(crate) slip: SlipState,
    /// Until when that can or could be used.
    pub(crate) slip_until: Option<Instant>,
    /// Posts today, with their places.
    pub(crate) posts: Vec<String>,
}

impl Line {
    /// Whether its person has no way in yet: a new slip voids one that was handed out.
    pub(crate) fn needs_slip(&self) -> bool {
        !self.has_password && matches!(self.slip, SlipState::None | SlipState::Ended)
    }
}

/// What became of the latest slip of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlipState {
    /// None was issued.
    None,
    /// Waits for its release.
    Waiting,
    /// Can be used.
    Open,
    /// Its term went by, or the password was set in another way.
    Ended,
    /// A password was set with it.
    Used,
}

impl SlipState {
    /// The key of its text.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            SlipState::None => "slip-state-none",
            SlipState::Waiting => "slip-state-waiting",
            SlipState::Open => "slip-state-open",
            SlipState::Ended => "slip-state-ended",
            SlipState::Used => "slip-state-used",
        }
    }
}

fn read_line(row: &Row<'_>, now: Instant) -> Result<Line, StoreError> {
    let used = row.optional_int(6)?;
    let until = row.optional_int(7)?.map(Instant);
    let slip = match (row.optional_int(8)?, used, until) {
        (Some(_), _, _) => SlipState::Waiting,
        (None, Some(1), _) => SlipState::Used,
        (None, Some(_), Some(until)) if until > now => SlipState::Open,
        (None, Some(_), _) => SlipState::Ended,
        (None, None, _) => SlipState::None,
    };
    Ok(Line {
        account: row.id(0)?,
        person: row.id(1)?,
        name: row.optional_text(2)?.unwrap_or_default().to_owned(),
        sign_in_name: row.text(3)?.to_owned(),
        disabled: row.flag(4)?,
        has_password: row.optional_int(5)?.is_some(),
        slip,
        slip_until: until,
        posts: Vec::new(),
    })
}

/// What the list is narrowed to.
pub(crate) struct Filter {
    pub(crate) words: String,
    pub(crate) state: &'static str,
    pub(crate) place: Option<PlaceId>,
    pub(crate) post: &'static str,
    pub(crate) usage: &'static str,
}

impl Filter {
    pub(crate) fn of(params: &Params) -> Filter {
        Filter {
            words: listing::words(params),
            state: listing::one_of(params, "state", STATES),
            place: params.query_as("place"),
            post: listing::one_of(params, "post", listing::POSTS),
            usage: listing::one_of(params, "use", USES),
        }
    }

    /// Whether nothing is left out.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
            && self.state.is_empty()
            && self.place.is_none()
            && self.post.is_empty()
            && self.usage.is_empty()
    }

    fn bound(&self, context: &Context, action: Action) -> Vec<Value<'static>> {
        let scope = Scope::new(&context.subject, action, context.today());
        let (matched, pattern, end) = listing::matching(&self.words);
        let place = self
            .place
            .map_or_else(Vec::new, |place| place.0.as_bytes().to_vec());
        Vec::from(values![
            context.tenant,
            scope.person,
            scope.roles.0,
            scope.day,
            matched,
            pattern,
            end,
            self.state,
            if self.place.is_some() { "at" } else { "" },
            place,
            self.post,
            self.usage,
            context.app().session_clock().now(),
        ])
    }
}

/// The accounts of a window of the list, in its order, as far as `action` reaches.
pub(crate) fn find(
    context: &Context,
    params: &Params,
    filter: &Filter,
    action: Action,
    connection: &mut dyn Connection,
    (limit, offset): (i64, i64),
) -> Result<Vec<Line>, StoreError> {
    let mut parameters = filter.bound(context, action);
    parameters.extend(values![limit, offset]);
    let now = context.app().session_clock().now();
    let statement = statement(Sorting::of(params, COLUMNS));
    let mut lines = connection.all(statement, &parameters, |row| read_line(row, now))?;
    let people: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    let mut posts = crate::people::posts_or_roles_of_many(context, connection, &people)?;
    for line in &mut lines {
        line.posts = posts.remove(&line.person).unwrap_or_default();
    }
    Ok(lines)
}

fn statement(sorting: Sorting) -> &'static Statement {
    match (sorting.column, sorting.descending) {
        ("name", false) => &BY_NAME,
        ("name", true) => &BY_NAME_DOWN,
        (_, false) => &BY_SIGN_IN_NAME,
        (_, true) => &BY_SIGN_IN_NAME_DOWN,
    }
}

/// How many accounts [`find`] has in all.
pub(crate) fn count(
    context: &Context,
    filter: &Filter,
    action: Action,
    connection: &mut dyn Connection,
) -> Result<usize, StoreError> {
    let bound = filter.bound(context, action);
    let total = connection.one(&COUNT_ACCOUNTS, &bound, |row| row.int(0))?;
    Ok(usize::try_from(total).unwrap_or(usize::MAX))
}

/// Everybody who holds one of some roles, now or later.
pub(crate) fn holders(
    context: &Context,
    connection: &mut dyn Connection,
    holds: fn(access::Role) -> bool,
) -> Result<Vec<PersonId>, StoreError> {
    let roles = access::Role::ALL.iter().filter(|role| holds(**role));
    let mask: i64 = roles.fold(0, |mask, role| mask | role.bit());
    let (tenant, today): (Tenant, _) = (context.tenant, context.today());
    connection.all(&SELECT_HOLDERS, &values![tenant, mask, today], |row| {
        row.id(0)
    })
}
