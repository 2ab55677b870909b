//! The pictures of the user guide, in the guide's order. To add one, add it here and name it in
//! docs/guide/zh and docs/guide/en.

use webdriver::Size;

/// Which demonstration a picture is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The whole county, a quarter in progress.
    County,
    /// One town whose quarter has just been posted.
    Posted,
}

impl Stage {
    /// The `--extent` of the demonstration.
    pub fn extent(self) -> &'static str {
        match self {
            Stage::County => "county",
            Stage::Posted => "town",
        }
    }
}

/// What is done before the picture is taken.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Sign in as somebody else.
    As(&'static str),
    /// Open an address.
    Go(&'static str),
    /// Click the first element and wait for the next page.
    Follow(&'static str),
    /// Press a button and wait for the next page.
    Press(&'static str),
    /// Type into a field.
    Fill(&'static str, &'static str),
    /// Choose an option by its number from 0.
    Choose(&'static str, u32),
}

/// One picture.
#[derive(Clone, Copy, Debug)]
pub struct Shot {
    /// File name without extension.
    pub name: &'static str,
    /// Where it is taken.
    pub stage: Stage,
    /// Who is signed in, by the name on the one-click button; empty for nobody.
    pub person: &'static str,
    /// Address; `{round}`, `{last}` and `{village}` are filled in.
    pub path: &'static str,
    /// What is done there first.
    pub steps: &'static [Step],
    /// Everything that these selectors find is in the picture.
    pub crop: &'static str,
    /// The window.
    pub size: Size,
    /// Cut off below this height, in pixels.
    pub tallest_px: u32,
}

/// An office window as wide as a picture may be.
const OFFICE: Size = Size {
    width: 1280,
    height: 900,
};
/// Title and everything under it.
const PAGE: &str = "main > *";

const fn shot(name: &'static str, person: &'static str, path: &'static str) -> Shot {
    Shot {
        name,
        stage: Stage::County,
        person,
        path,
        steps: &[],
        crop: PAGE,
        size: OFFICE,
        tallest_px: 900,
    }
}

impl Shot {
    const fn steps(mut self, steps: &'static [Step]) -> Shot {
        self.steps = steps;
        self
    }

    const fn crop(mut self, crop: &'static str) -> Shot {
        self.crop = crop;
        self
    }

    const fn tallest(mut self, tallest_px: u32) -> Shot {
        self.tallest_px = tallest_px;
        self
    }

    const fn phone(mut self) -> Shot {
        self.size = Size::PHONE;
        self
    }

    const fn posted(mut self) -> Shot {
        self.stage = Stage::Posted;
        self
    }
}

const SECRETARY: &str = "陈国平";
const VERIFIER: &str = "王建国";
const REVIEWER: &str = "刘慧";
const DECIDER: &str = "孙敏";
const CLERK: &str = "李静";
const AUDITOR: &str = "罗正";
const SECURITY: &str = "安全管理员";
const SYSTEM: &str = "系统管理员";
const VILLAGER: &str = "田大婶";

/// Every picture.
pub const SHOTS: &[Shot] = &[
    // Begin
    shot("sign-in", "", "/sign-in").tallest(760),
    shot("today", SECRETARY, "/").crop("body").tallest(620),
    shot("factor", CLERK, "/me/factor").tallest(1000),
    // Village secretary
    shot(
        "declare",
        SECRETARY,
        "{round}/villages/{village}/sections/prosperity",
    )
    .tallest(1000),
    shot(
        "declare-phone",
        SECRETARY,
        "{round}/villages/{village}/sections/prosperity",
    )
    .crop("body")
    .phone()
    .tallest(1000),
    shot(
        "declare-problems",
        SECRETARY,
        "{round}/villages/{village}/sections/well_being",
    )
    .steps(&[Step::Press("main form.card button.btn-primary")])
    .tallest(700),
    shot(
        "dispute",
        SECRETARY,
        "{round}/villages/{village}/sections/prosperity",
    )
    .steps(&[Step::Follow(".known a")]),
    shot("score-sheet", SECRETARY, "{last}/villages/{village}").tallest(1100),
    shot(
        "explanation",
        SECRETARY,
        "{last}/villages/{village}/nodes/prosperity",
    )
    .steps(&[
        Step::Follow("main .table tbody a"),
        Step::Follow("main .table tbody a"),
    ])
    .tallest(1100),
    shot("lift", SECRETARY, "{last}/villages/{village}/lift").tallest(620),
    shot("compare", SECRETARY, "{last}/villages/{village}/compare")
        .steps(&[
            Step::Choose("main select[name=round]", 1),
            Step::Press("main form button"),
        ])
        .tallest(760),
    shot("appeal", SECRETARY, "{round}/villages/{village}/appeal").posted(),
    shot("event-declare", SECRETARY, "/events/declare"),
    // Town verifier
    shot("verifier-today", VERIFIER, "/").tallest(520),
    shot("split-view", VERIFIER, "/")
        .steps(&[Step::Follow("main a[href$='/sections/prosperity']")])
        .tallest(1100),
    shot("return", VERIFIER, "/")
        .steps(&[Step::Follow("main a[href$='/sections/prosperity']")])
        .crop("form[action$='/return'], details:has(form[action$='/return'])"),
    shot("verify-many", VERIFIER, "{round}/verify").tallest(900),
    shot("event-propose", VERIFIER, "/events/propose"),
    shot("event-verify", REVIEWER, "/events").steps(&[Step::Follow("main a[href^='/events/0']")]),
    // County reviewer
    shot("review", REVIEWER, "/")
        .steps(&[Step::Follow("main a[href$='/sections/prosperity']")])
        .tallest(1000),
    shot("sample", REVIEWER, "{last}/sample").tallest(700),
    shot(
        "appeal-decide",
        SECRETARY,
        "{round}/villages/{village}/appeal",
    )
    .posted()
    .steps(&[
        Step::Choose("main select[name=item]", 1),
        Step::Fill(
            "#f-reason",
            "台账第 3 页有补充记录，佐证材料里能看到，请复核。",
        ),
        Step::Press("main form button.btn-primary"),
        Step::As(DECIDER),
        Step::Go("/appeals"),
        Step::Follow("main a[href^='/appeals/0']"),
    ])
    .tallest(1100),
    // Organisation department
    shot("scheme", CLERK, "/schemes")
        .steps(&[Step::Follow("main a[href^='/schemes/0']")])
        .tallest(900),
    shot("publish", CLERK, "/schemes/publish"),
    shot("open-round", CLERK, "/rounds/open"),
    shot("progress", CLERK, "{round}").tallest(1000),
    shot("extend", CLERK, "{round}/extend"),
    shot("compute", CLERK, "{round}/compute"),
    shot("post", CLERK, "{round}/post"),
    shot("posting", CLERK, "{last}/posting").tallest(800),
    shot("answer-dispute", CLERK, "/disputes")
        .steps(&[Step::Follow("main table a[href^='/disputes/0']")]),
    shot("changes", CLERK, "{last}/changes").tallest(760),
    shot("finalise", CLERK, "{round}/finalise").posted(),
    shot("ranking", CLERK, "{last}/ranking").tallest(760),
    shot("board", CLERK, "{last}/board").tallest(1100),
    shot("wall", CLERK, "{last}/wall").crop("body").tallest(720),
    shot("notice", CLERK, "{last}/villages/{village}/notice").tallest(1100),
    shot("events", CLERK, "/events").tallest(700),
    // Administrators
    shot("places", CLERK, "/places").tallest(560),
    shot("merge", CLERK, "/places?level=village")
        .steps(&[
            Step::Follow("main table a[href^='/places/0']"),
            Step::Follow("main a[href$='/merge']"),
        ])
        .tallest(900),
    shot("import-places", CLERK, "/places/import"),
    shot("import-figures", CLERK, "/figures/import"),
    shot("person", CLERK, "/people?q=陈国平")
        .steps(&[Step::Follow("main table a[href^='/people/0']")])
        .tallest(1000),
    shot("accounts", SECURITY, "/accounts").tallest(620),
    shot("account", SECURITY, "/accounts?q=陈国平")
        .steps(&[Step::Follow("main table a[href^='/accounts/0']")])
        .tallest(1100),
    shot("slips", SECURITY, "/accounts/slips").tallest(760),
    shot("grants", SYSTEM, "/grants").tallest(620),
    // Auditor
    shot("journal", AUDITOR, "/journal").tallest(760),
    shot("journal-entry", AUDITOR, "/journal")
        .steps(&[Step::Follow("main table a[href^='/journal/entries/']")])
        .tallest(1000),
    shot("denials", AUDITOR, "/journal/denials").tallest(620),
    // Villager
    shot("villager", VILLAGER, "{round}"),
    shot("contact", "", "/contact"),
];

#[cfg(test)]
mod tests {
    use super::SHOTS;

    #[test]
    fn every_picture_has_a_name_of_its_own() {
        for (number, shot) in SHOTS.iter().enumerate() {
            let again = SHOTS[..number].iter().any(|other| other.name == shot.name);
            assert!(!again, "{} twice", shot.name);
        }
    }
}
