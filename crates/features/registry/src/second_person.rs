//! What waits for a second person, on the first page of who may decide it: grants, one-time tokens
//! and slips, and second factors that shall be taken away. Nobody sees there what she proposed
//! herself, or what is about her.

use access::{Action, Involved, Resource, decide, grant, second_factor, token};
use app::{PanelItem, PanelQuestion, panel::PANEL_ITEMS_MAX};
use directory::person;
use kernel::{Instant, PersonId};
use store::{Connection, StoreError};

/// The lines.
pub(crate) fn items(
    connection: &mut dyn Connection,
    question: &PanelQuestion<'_>,
) -> Result<Vec<PanelItem>, StoreError> {
    let (tenant, now, profile) = (question.tenant, question.now, question.profile);
    let may = |action| question.subject.may_in_whole(action, now.day()).is_ok();
    let mut items = Vec::new();
    if may(Action::GrantApprove) {
        for found in grant::waiting(connection, tenant, now)? {
            let history = grant::history(connection, tenant, found.proposal.grant)?;
            let about = (Action::GrantApprove, found.proposal.person);
            items.extend(item(
                connection,
                question,
                "todo-grant",
                about,
                &history,
                found.at,
            )?);
        }
    }
    if may(Action::AccountReleaseToken) {
        for found in token::waiting(connection, tenant, now, profile)? {
            let history = token::history(connection, tenant, found.request)?;
            let about = (Action::AccountReleaseToken, found.person);
            items.extend(item(
                connection,
                question,
                "todo-token",
                about,
                &history,
                found.at,
            )?);
        }
        for found in second_factor::proposed(connection, tenant, now)? {
            let history: Vec<_> = second_factor::history(&found).into_iter().collect();
            let about = (Action::AccountReleaseToken, found.person);
            items.extend(item(
                connection,
                question,
                "todo-reset",
                about,
                &history,
                found.at,
            )?);
        }
    }
    items.truncate(PANEL_ITEMS_MAX);
    Ok(items)
}

fn item(
    connection: &mut dyn Connection,
    question: &PanelQuestion<'_>,
    text: &'static str,
    (action, about): (Action, PersonId),
    history: &[Involved],
    at: Instant,
) -> Result<Option<PanelItem>, StoreError> {
    let (tenant, today) = (question.tenant, question.now.day());
    let mut fresh = question.subject.clone();
    // That the password must be given again is no reason to hide the task.
    fresh.authentication = access::Authentication::Fresh;
    let resource = Resource::tenant(tenant).history(history).about(about);
    if !decide(&fresh, action, &resource, today).is_allowed() {
        return Ok(None);
    }
    let name = person::name(connection, tenant, about)?;
    Ok(Some(PanelItem {
        text,
        args: vec![
            ("person", name.unwrap_or_default().into()),
            ("day", at.day().into()),
        ],
        link: "/grants".to_owned(),
        due: None,
    }))
}
