//! Invented records for the samples of pages.

use directory::{
    FigureId,
    figure::{Figure, FigureDraft, FigureValue},
    place::{Place, PlaceKind},
};
use kernel::{Day, Decimal, Id, Instant, Period, PlaceId};

/// The longest name that is likely: a village of an autonomous county.
pub(crate) const LONGEST_PLACE: &str = "双江拉祜族佤族布朗族傣族自治县勐勐镇忙乐村";

pub(crate) fn day() -> Day {
    Day::new(2026, 10, 14).expect("a day of the calendar")
}

pub(crate) fn now() -> Instant {
    Instant(day().start().0 + 9 * 3_600_000)
}

pub(crate) fn place(name: &str) -> Place {
    Place {
        place: PlaceId(Id::new(now().0, [1; 10])),
        version: 1,
        kind: PlaceKind::Village,
        name: name.to_owned(),
        alias: None,
        code: "379901100201".parse().ok(),
        parent: None,
        valid_from: day(),
        valid_to: None,
    }
}

pub(crate) fn figure(value: &str, source: &str) -> Figure {
    Figure {
        draft: FigureDraft {
            figure: FigureId(Id::new(now().0, [2; 10])),
            item: "collective_income".to_owned(),
            subject: place("").place,
            period: Period::quarter(2026, 3).expect("a quarter"),
            value: FigureValue::Value(value.parse().unwrap_or(Decimal::ZERO)),
            unit: "元".to_owned(),
            source: source.to_owned(),
            as_of: None,
            observed_at: None,
        },
        recorded_at: now(),
        supersedes: None,
        digest: [7; 32],
    }
}

/// An entry of the journal.
pub(crate) fn told(l: &web::Locale, who: &str, about: &str) -> crate::journal_words::Told {
    crate::journal_words::Told {
        at: now(),
        href: "/journal/entries/1".to_owned(),
        who: who.to_owned(),
        on_behalf: who.to_owned(),
        what: l.deed("section.declare"),
        name: "section.declare".to_owned(),
        about: vec![(about.to_owned(), "/rounds/1".to_owned())],
        via: "journal-via-browser",
        outcome: "journal-accepted",
        chip: "line",
        number: Some(1023),
    }
}

pub(crate) fn start() -> web::FormStart {
    web::FormStart {
        csrf: "sample".to_owned(),
        id: kernel::CommandId(Id::new(now().0, [3; 10])),
    }
}

pub(crate) fn account() -> access::account::Account {
    access::account::Account {
        account: access::AccountId(Id::new(now().0, [4; 10])),
        person: kernel::PersonId(Id::new(now().0, [5; 10])),
        sign_in_name: "village01".to_owned(),
        disabled: false,
        version: 1,
    }
}

pub(crate) fn grant() -> access::grant::GrantView {
    access::grant::GrantView {
        proposal: access::grant::Proposal {
            grant: access::GrantId(Id::new(now().0, [6; 10])),
            person: account().person,
            role: access::Role::VillageSecretary,
            place: None,
            valid_from: day(),
            valid_until: None,
        },
        state: access::grant::GrantState::Proposed,
        by: None,
        at: now(),
        version: 1,
    }
}

pub(crate) fn appointment() -> directory::appointment::Appointment {
    directory::appointment::Appointment {
        appointment: directory::AppointmentId(Id::new(now().0, [7; 10])),
        post: "secretary".to_owned(),
        place: place("").place,
        organisation: None,
        person: account().person,
        valid_from: day(),
        valid_until: None,
    }
}

pub(crate) fn reveal() -> crate::person_reveal::Reveal {
    crate::person_reveal::Reveal {
        reveal: crate::person_reveal::RevealId(Id::new(now().0, [8; 10])),
        person: account().person,
        field: crate::personal::Personal::Phone,
        purpose: "通知参加培训".to_owned(),
        viewer: account().person,
        role: access::Role::CountyClerk,
        at: now(),
    }
}

pub(crate) fn session() -> access::session::Session {
    access::session::Session {
        session: access::SessionId(Id::new(now().0, [9; 10])),
        account: account().account,
        made_at: now(),
        seen_at: now(),
        proved_at: now(),
        device: "Firefox, Linux".to_owned(),
    }
}

pub(crate) fn token() -> crate::token_list::TokenLine {
    crate::token_list::TokenLine {
        at: now(),
        state: "token-state-released",
        by: "系统管理员".to_owned(),
    }
}

/// An account of a list.
pub(crate) fn account_line(
    l: &web::Locale,
    name: &str,
    place: &str,
    slip: crate::account_find::SlipState,
) -> crate::account_find::Line {
    crate::account_find::Line {
        account: account().account,
        person: account().person,
        name: name.to_owned(),
        sign_in_name: "village01".to_owned(),
        disabled: false,
        has_password: false,
        slip,
        slip_until: Some(now()),
        posts: vec![format!(
            "{} · {place}",
            crate::listing::post_name(l, "secretary")
        )],
    }
}
