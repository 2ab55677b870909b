//! Where this feature meets others: references to its records, its search results, its to-do
//! lines.

use access::{Action, Scope, places};
use app::{
    Panel, PanelItem, PanelQuestion, PanelSlot, RefSpec, RefView,
    dispute::{self, DisputeId},
};
use directory::{FigureId, figure, person, place};
use kernel::{Id, PersonId, PlaceId, Tenant};
use store::{Connection, StoreError};

use crate::people;

/// Records of this register that others refer to.
pub(crate) fn refs() -> Vec<RefSpec> {
    let spec = |kind, sees, resolve| RefSpec {
        kind,
        sees,
        resolve,
    };
    vec![
        spec(
            "place",
            Action::RegistryRead,
            place_ref as app::reference::ResolveRef,
        ),
        spec("figure", Action::FigureRead, figure_ref),
        spec("dispute", Action::FigureRead, dispute_ref),
        spec("person", Action::PersonRead, person_ref),
        spec("account", Action::AccountRead, account_ref),
    ]
}

fn place_ref(
    connection: &mut dyn Connection,
    tenant: Tenant,
    id: Id,
) -> Result<Option<RefView>, StoreError> {
    let found = place::get(connection, tenant, PlaceId(id))?;
    Ok(found.map(|place| RefView {
        title: place.shown_name().to_owned(),
        link: format!("/places/{}", place.place),
        place: Some(place.place),
    }))
}

fn figure_ref(
    connection: &mut dyn Connection,
    tenant: Tenant,
    id: Id,
) -> Result<Option<RefView>, StoreError> {
    let found = figure::by_id(connection, tenant, FigureId(id))?;
    Ok(found.map(|figure| RefView {
        title: format!("{} · {}", figure.draft.item, figure.draft.period),
        link: format!(
            "/places/{}/figures/{}",
            figure.draft.subject, figure.draft.figure
        ),
        place: Some(figure.draft.subject),
    }))
}

fn dispute_ref(
    connection: &mut dyn Connection,
    tenant: Tenant,
    id: Id,
) -> Result<Option<RefView>, StoreError> {
    let found = dispute::dispute(connection, tenant, DisputeId(id))?;
    Ok(found.map(|dispute| RefView {
        title: format!("{} · {}", dispute.measure, dispute.period),
        link: format!("/disputes/{}", dispute.dispute),
        place: Some(dispute.subject),
    }))
}

fn person_ref(
    connection: &mut dyn Connection,
    tenant: Tenant,
    id: Id,
) -> Result<Option<RefView>, StoreError> {
    let person = PersonId(id);
    let found = person::name(connection, tenant, person)?;
    Ok(found.map(|name| RefView {
        title: name,
        link: format!("/people/{person}"),
        // A person may serve at several places; the page itself looks at all of them.
        place: None,
    }))
}

fn account_ref(
    connection: &mut dyn Connection,
    tenant: Tenant,
    id: Id,
) -> Result<Option<RefView>, StoreError> {
    let found = access::account::get(connection, tenant, access::AccountId(id))?;
    Ok(found.map(|account| RefView {
        title: account.sign_in_name,
        link: format!("/accounts/{}", account.account),
        place: None,
    }))
}

/// Its pieces of shared pages.
pub(crate) fn panels() -> Vec<Panel> {
    vec![
        Panel {
            slot: PanelSlot::Search,
            title: "places-title",
            items: found_places,
        },
        Panel {
            slot: PanelSlot::Search,
            title: "people-title",
            items: found_people,
        },
        Panel {
            slot: PanelSlot::ToDo,
            title: "first-steps",
            items: crate::first_steps::items,
        },
        Panel {
            slot: PanelSlot::ToDo,
            title: "todo-grants",
            items: crate::second_person::items,
        },
        Panel {
            slot: PanelSlot::Follow,
            title: "work-title",
            items: crate::office_work::items,
        },
    ]
}

/// Lines of one panel.
const LINES: u32 = 20;

fn found_places(
    connection: &mut dyn Connection,
    question: &PanelQuestion<'_>,
) -> Result<Vec<PanelItem>, StoreError> {
    let scope = Scope::new(question.subject, Action::RegistryRead, question.now.day());
    // Who looks for a village by its old name finds what became of it.
    let filter = places::PlaceFilter {
        text: question.words.to_owned(),
        standing: places::Standing::All,
        ..Default::default()
    };
    let window = places::Page {
        limit: LINES,
        offset: 0,
    };
    let found = places::list(connection, &scope, &filter, window)?;
    let item = |place: place::Place| PanelItem {
        text: if place.valid_to.is_none() {
            "search-place"
        } else {
            "search-place-ended"
        },
        args: vec![
            ("name", place.shown_name().to_owned().into()),
            (
                "code",
                place
                    .code
                    .map(|code| code.to_string())
                    .unwrap_or_default()
                    .into(),
            ),
        ],
        link: format!("/places/{}", place.place),
        due: None,
    };
    Ok(found.into_iter().map(item).collect())
}

fn found_people(
    connection: &mut dyn Connection,
    question: &PanelQuestion<'_>,
) -> Result<Vec<PanelItem>, StoreError> {
    let scope = Scope::new(question.subject, Action::PersonRead, question.now.day());
    let window = (i64::from(LINES), 0);
    let found = people::list(connection, &scope, question.words, false, window)?;
    let item = |found: person::PersonName| PanelItem {
        text: "search-person",
        args: vec![("name", found.name.into())],
        link: format!("/people/{}", found.person),
        due: None,
    };
    Ok(found.into_iter().map(item).collect())
}
