//! Data of the components; their markup is in `components/*.html`.

use crate::{Link, Params};

/// One choice of a list in a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// A second line; may be empty.
    pub hint: String,
}

impl Choice {
    /// A choice without a second line.
    pub fn new(value: impl Into<String>, label: impl std::fmt::Display) -> Choice {
        Choice {
            value: value.into(),
            label: label.to_string(),
            hint: String::new(),
        }
    }
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Going on.
    Now,
    /// Still to come.
    Next,
}

impl StepState {
    /// Class of its markup.
    pub const fn class(self) -> &'static str {
        match self {
            StepState::Done => "is-done",
            StepState::Now => "is-now",
            StepState::Next => "is-next",
        }
    }

    /// Whether it is going on.
    pub const fn is_now(self) -> bool {
        matches!(self, StepState::Now)
    }

    /// Whether it is behind us.
    pub const fn is_done(self) -> bool {
        matches!(self, StepState::Done)
    }
}

/// A stage of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// Counts, last day.
    pub note: String,
    /// How far it is.
    pub state: StepState,
    /// Part done, 0 to 100; `None` where nothing is counted.
    pub percent: Option<u8>,
}

/// A key figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub label: String,
    /// The figure.
    pub value: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// A line below; may be empty.
    pub note: String,
    /// Where it leads; empty where nowhere.
    pub href: String,
    /// A bar below, 0 to 100.
    pub percent: Option<u8>,
}

/// A value that the record already holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The figure as it is written.
    pub value: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// As of when.
    pub time: String,
}

/// How far a task is: not looked at, begun, wrong, done, or not needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// Brought in by the record: nothing to do.
    Known,
    /// To be done.
    ToDo,
    /// Something is wrong.
    Bad,
    /// Done.
    Done,
}

impl TaskState {
    /// Class of its markup.
    pub const fn class(self) -> &'static str {
        match self {
            TaskState::Known => "state-known",
            TaskState::ToDo => "state-todo",
            TaskState::Bad => "state-bad",
            TaskState::Done => "state-done",
        }
    }
}

/// A task of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What it is.
    pub title: String,
    /// Where it is done.
    pub href: String,
    /// How far it is.
    pub state: TaskState,
    /// The word for that in the page's language.
    pub word: String,
    /// Whether it is what is shown now.
    pub current: bool,
}

/// Tasks under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskGroup {
    /// Heading.
    pub title: String,
    /// How many are done.
    pub done: usize,
    /// Of how many.
    pub total: usize,
    /// The tasks.
    pub tasks: Vec<Task>,
}

/// How a step of a trail ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrailState {
    /// Done.
    Done,
    /// Waited for.
    Pending,
    /// Refused or returned.
    Refused,
}

impl TrailState {
    /// Class of its markup.
    pub const fn class(self) -> &'static str {
        match self {
            TrailState::Done => "is-done",
            TrailState::Pending => "is-pending",
            TrailState::Refused => "is-refused",
        }
    }
}

/// One entry of a timeline or an approval trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailEntry {
    /// When, for people.
    pub time: String,
    /// When, as `2026-10-14T09:20`.
    pub machine_time: String,
    /// Who.
    pub who: String,
    /// Did what.
    pub what: String,
    /// For which reason; may be empty.
    pub why: String,
    /// How it ended.
    pub state: TrailState,
}

/// A bar as SVG: it prints without background graphics and needs no inline style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar(u8);

/// A bar filled to 0…100 per cent; more is full.
pub fn bar(percent: impl std::borrow::Borrow<u8>) -> Bar {
    Bar((*percent.borrow()).min(100))
}

impl std::fmt::Display for Bar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            r#"<svg class="bar" aria-hidden="true" focusable="false"><rect class="bar-track" width="100%" height="100%"/><rect class="bar-fill" width="{}%" height="100%"/></svg>"#,
            self.0
        )
    }
}

/// Nothing but an integer goes into the markup.
impl askama::filters::HtmlSafe for Bar {}

/// The pages of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pager {
    /// The page shown, from 1.
    pub page: u32,
    /// Rows on a page.
    pub per_page: u32,
    /// Rows in all.
    pub total: u64,
    /// Links to pages; an empty `href` is a gap.
    pub links: Vec<Link>,
}

impl Pager {
    /// The pager of a list of `total` rows; a page beyond the end is the last one.
    pub fn new(params: &Params, total: usize, per_page: u32) -> Pager {
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        let mut pager = Pager {
            page: 1,
            per_page: per_page.max(1),
            total,
            links: Vec::new(),
        };
        pager.page = params.page().min(pager.pages());
        pager.links = pager.make_links(params);
        pager
    }

    /// How many pages there are, at least one.
    pub fn pages(&self) -> u32 {
        let pages = self.total.div_ceil(u64::from(self.per_page)).max(1);
        u32::try_from(pages).unwrap_or(u32::MAX)
    }

    /// How many rows stand before the page: `OFFSET`.
    pub fn offset(&self) -> i64 {
        i64::from(self.page - 1) * i64::from(self.per_page)
    }

    /// How many rows a page has at most: `LIMIT`.
    pub fn limit(&self) -> i64 {
        i64::from(self.per_page)
    }

    /// Number of the first row shown, from 1; 0 where there is none.
    pub fn first(&self) -> i64 {
        if self.total == 0 {
            0
        } else {
            self.offset() + 1
        }
    }

    /// Number of the last row shown.
    pub fn last(&self) -> i64 {
        let total = i64::try_from(self.total).unwrap_or(i64::MAX);
        (self.offset() + self.limit()).min(total)
    }

    fn make_links(&self, params: &Params) -> Vec<Link> {
        let last = self.pages();
        let near = |page: &u32| *page == 1 || *page == last || page.abs_diff(self.page) <= 1;
        let mut links: Vec<Link> = Vec::new();
        let mut before = 0;
        let window = self.page.saturating_sub(1).max(1)..=(self.page + 1).min(last);
        let mut pages: Vec<u32> = std::iter::once(1)
            .chain(window)
            .chain([last])
            .filter(near)
            .collect();
        pages.dedup();
        for page in pages {
            if page > before + 1 {
                links.push(Link::to("", "…"));
            }
            let href = params.query_with("page", &page.to_string());
            links.push(Link::to(href, page.to_string()).current(page == self.page));
            before = page;
        }
        links
    }
}

/// How a list is sorted: one of a closed list of columns, which the address can only choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sorting {
    /// The column.
    pub column: &'static str,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// The head of a sortable column as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortHead {
    /// Where a press on it leads.
    pub href: String,
    /// `ascending`, `descending`, or empty where the list is sorted by another column.
    pub aria: &'static str,
}

impl Sorting {
    /// Reads `?sort=score` or `?sort=-score`; anything else is the first column, ascending.
    pub fn of(params: &Params, columns: &'static [&'static str]) -> Sorting {
        let asked = params.query("sort").unwrap_or_default();
        let (name, descending) = asked
            .strip_prefix('-')
            .map_or((asked, false), |name| (name, true));
        columns
            .iter()
            .copied()
            .find(|column| *column == name)
            .map_or(
                Sorting {
                    column: columns.first().copied().unwrap_or_default(),
                    descending: false,
                },
                |column| Sorting { column, descending },
            )
    }

    /// The head of a column: a press sorts by it, a second press the other way round.
    pub fn head(self, params: &Params, column: &str) -> SortHead {
        let is_this = self.column == column;
        let next = if is_this && !self.descending {
            format!("-{column}")
        } else {
            column.to_owned()
        };
        SortHead {
            href: params.query_with("sort", &next),
            aria: match (is_this, self.descending) {
                (false, _) => "",
                (true, false) => "ascending",
                (true, true) => "descending",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pager, Sorting};
    use crate::Params;

    fn params(name: &str, value: &str) -> Params {
        Params::new(Vec::new(), vec![(name.into(), value.into())])
    }

    #[test]
    fn pages_shown() {
        for (page, total, labels, first, last) in [
            ("1", 0, "1", 0, 0),
            ("1", 12, "1", 1, 12),
            ("2", 370, "1 2 3 … 31", 13, 24),
            ("16", 370, "1 … 15 16 17 … 31", 181, 192),
            ("99", 370, "1 … 30 31", 361, 370),
        ] {
            let pager = Pager::new(&params("page", page), total, 12);
            let shown: Vec<&str> = pager.links.iter().map(|link| link.label.as_str()).collect();
            assert_eq!(shown.join(" "), labels);
            assert_eq!((pager.first(), pager.last()), (first, last), "{labels}");
            assert_eq!(pager.links.iter().filter(|link| link.current).count(), 1);
        }
    }

    #[test]
    fn sorting_is_chosen_from_a_closed_list() {
        let columns = &["rank", "score"];
        let sorting = Sorting::of(&params("sort", "-score"), columns);
        assert_eq!((sorting.column, sorting.descending), ("score", true));
        let head = sorting.head(&params("sort", "-score"), "score");
        assert_eq!(
            (head.href.as_str(), head.aria),
            ("?sort=score", "descending")
        );
        let odd = Sorting::of(&params("sort", "name; DROP TABLE"), columns);
        assert_eq!((odd.column, odd.descending), ("rank", false));
    }
}
