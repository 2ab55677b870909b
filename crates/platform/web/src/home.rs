//! 今日待办: what this person has to do, from every feature's panel.

use std::borrow::Borrow;

use app::PanelSlot;
use askama::Template;
use kernel::Day;
use store::Connection;

use crate::{Context, Head, Locale, Page, PageError, PanelTexts, Params, Samples};

/// The to-do list.
#[derive(Debug, Template)]
#[template(path = "home.html")]
pub(crate) struct Home {
    l: Locale,
    name: String,
    today: Day,
    groups: Vec<Group>,
    /// What may be followed although nothing waits.
    follow: Vec<Group>,
    /// Whether the account has no duty yet: nothing can wait for its person.
    no_duty: bool,
}

impl Home {
    fn lede(&self) -> String {
        format!("{} · {}", self.name, self.l.day(self.today))
    }
}

/// The lines of one panel.
#[derive(Debug)]
struct Group {
    /// Key of the heading.
    title: &'static str,
    lines: Vec<Line>,
}

impl Group {
    /// How many there are; a panel that is full may have more than it shows.
    fn count(&self) -> String {
        let shown = self.lines.len();
        if shown < app::panel::PANEL_ITEMS_MAX {
            shown.to_string()
        } else {
            format!("{shown}+")
        }
    }
}

#[derive(Debug)]
struct Line {
    text: String,
    link: String,
    due: Option<Day>,
}

impl Line {
    fn is_late(&self, today: impl Borrow<Day>) -> bool {
        self.due.is_some_and(|due| due < *today.borrow())
    }
}

/// `GET /`.
pub(crate) fn page(
    context: &Context,
    _: &Params,
    connection: &mut dyn Connection,
) -> Result<Home, PageError> {
    Ok(Home {
        l: context.l.clone(),
        name: context.name.clone(),
        today: context.today(),
        groups: groups(context, connection, PanelSlot::ToDo)?,
        follow: groups(context, connection, PanelSlot::Follow)?,
        no_duty: context.subject.roles_on(context.today()).is_empty(),
    })
}

/// The panels of a slot that have something to say.
fn groups(
    context: &Context,
    connection: &mut dyn Connection,
    slot: PanelSlot,
) -> Result<Vec<Group>, PageError> {
    let question = context.question();
    let mut texts = PanelTexts::of(context);
    let mut groups = Vec::new();
    for panel in context.app().panels(slot) {
        let mut lines = Vec::new();
        for item in (panel.items)(connection, &question)? {
            lines.push(Line {
                text: texts.line(connection, item.text, &item.args)?,
                link: item.link,
                due: item.due,
            });
        }
        if !lines.is_empty() {
            groups.push(Group {
                title: panel.title,
                lines,
            });
        }
    }
    Ok(groups)
}

impl Page for Home {
    fn head(&self) -> Head {
        Head::new(self.l.text("home-title"))
    }

    fn samples(l: &Locale) -> Samples<Home> {
        let day = |text: &str| text.parse().expect("a day of a sample");
        let home = |name: &str, lines: Vec<Line>| Home {
            l: l.clone(),
            name: name.to_owned(),
            today: day("2026-10-14"),
            groups: if lines.is_empty() {
                Vec::new()
            } else {
                vec![Group {
                    title: "menu-workbench",
                    lines,
                }]
            },
            follow: Vec::new(),
            no_duty: false,
        };
        let line = |text: &str, due| Line {
            text: text.to_owned(),
            link: "/x".to_owned(),
            due,
        };
        Samples {
            ordinary: home(
                "陈国平",
                vec![
                    line("柳湾村 第三季度自评申报", Some(day("2026-10-20"))),
                    line("红庄村 佐证补正", Some(day("2026-10-08"))),
                ],
            ),
            longest: home(
                "阿卜杜热合曼·买买提吐尔逊江",
                vec![line(
                    "双江拉祜族佤族布朗族傣族自治县勐勐镇忙乐村 第三季度自评申报",
                    None,
                )],
            ),
            empty: Some(Home {
                follow: vec![Group {
                    title: "menu-workbench",
                    lines: vec![line("2026 年第三季度：进行中", None)],
                }],
                ..home("李静", Vec::new())
            }),
            with_error: Some(Home {
                no_duty: true,
                ..home("李静", Vec::new())
            }),
        }
    }
}
