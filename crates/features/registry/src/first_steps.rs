//! What a fresh installation still needs before anybody can work, on the home page of those who
//! can bring it about. Gone as soon as there is a place.

use access::{
    Action, Role,
    grant::{self, GrantState, GrantView},
};
use app::{PanelItem, PanelQuestion};
use store::{Connection, StoreError, values};

store::statements! {
    SELECT_ANY_PLACE = "SELECT place FROM place_current WHERE tenant = $1 LIMIT 1";
}

/// The steps that are left, in their order; each says who does it.
pub(crate) fn items(
    connection: &mut dyn Connection,
    question: &PanelQuestion<'_>,
) -> Result<Vec<PanelItem>, StoreError> {
    let (tenant, today) = (question.tenant, question.now.day());
    let may = |action| question.subject.may_in_whole(action, today).is_ok();
    // The three administrators, and the clerk whom they have appointed.
    if !may(Action::AccountRead) && !may(Action::RegistryImport) {
        return Ok(Vec::new());
    }
    let place = connection.optional(&SELECT_ANY_PLACE, &values![tenant], |_| Ok(()))?;
    if place.is_some() {
        return Ok(Vec::new());
    }
    let approved = is_a_clerk_in(&grant::in_state(connection, tenant, GrantState::Approved)?);
    let proposed = approved || is_a_clerk_in(&grant::waiting(connection, tenant, question.now)?);
    let import = if may(Action::RegistryImport) {
        "/places/import"
    } else {
        "/places"
    };
    let steps = [
        (proposed, "first-step-propose", "/accounts"),
        (approved, "first-step-approve", "/grants"),
        (false, "first-step-import", import),
    ];
    let left = steps.into_iter().filter(|(done, ..)| !done);
    Ok(left
        .map(|(_, text, link)| PanelItem {
            text,
            args: Vec::new(),
            link: link.to_owned(),
            due: None,
        })
        .collect())
}

fn is_a_clerk_in(grants: &[GrantView]) -> bool {
    grants
        .iter()
        .any(|found| found.proposal.role == Role::CountyClerk && found.proposal.place.is_none())
}
