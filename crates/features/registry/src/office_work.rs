//! What those do who keep the register and the accounts, for their first page: nothing of it waits,
//! so it stands among what may be followed. Each line stands for those who may open its page.

use access::Action;
use app::{PanelItem, PanelQuestion};
use store::{Connection, StoreError};

/// A page: the right to open it, whether it must be held for the whole tenant, text and address.
const WORK: &[(Action, bool, &str, &str)] = &[
    (Action::AccountRead, false, "work-accounts", "/accounts"),
    (
        Action::AccountIssueSlip,
        false,
        "work-slips",
        "/accounts/slips",
    ),
    (Action::GrantRead, true, "work-grants", "/grants"),
    (
        Action::RegistryImport,
        false,
        "work-places",
        "/places/import",
    ),
    (
        Action::FigureImport,
        false,
        "work-figures",
        "/figures/import",
    ),
    (Action::AccountMake, false, "work-users", "/accounts/import"),
    (Action::JournalRead, true, "work-journal", "/journal"),
    (Action::DenialRead, true, "work-denials", "/journal/denials"),
    (Action::SystemRead, true, "work-system", "/system"),
];

/// The lines of whoever administers something; a village has other work.
#[expect(clippy::unnecessary_wraps, reason = "other panels read the record")]
pub(crate) fn items(
    _: &mut dyn Connection,
    question: &PanelQuestion<'_>,
) -> Result<Vec<PanelItem>, StoreError> {
    let (subject, today) = (question.subject, question.now.day());
    let may = |(action, whole, _, _): &&(Action, bool, &str, &str)| {
        if *whole {
            subject.may_in_whole(*action, today).is_ok()
        } else {
            subject.may_anywhere(*action, today).is_ok()
        }
    };
    let work = WORK.iter().filter(may);
    Ok(work
        .map(|(_, _, text, link)| PanelItem {
            text,
            args: Vec::new(),
            link: (*link).to_owned(),
            due: None,
        })
        .collect())
}
