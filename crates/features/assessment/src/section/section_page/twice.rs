//! Files whose content was shown elsewhere too: a hint for whoever verifies or reviews.

use std::collections::HashMap;

use store::Connection;
use web::{Context, PageError};

use super::Question;
use super::record::Read;
use crate::{section::evidence, view};

/// Writes at each file where else its content was shown.
pub(super) fn note(
    context: &Context,
    connection: &mut dyn Connection,
    read: &Read,
    questions: &mut [Question],
) -> Result<(), PageError> {
    let l = &context.l;
    let numbers: HashMap<&str, i64> = read
        .items
        .iter()
        .filter(|item| item.moment == "period")
        .map(|item| (item.code.as_str(), item.item_no))
        .collect();
    for question in questions {
        let Some(item_no) = numbers.get(question.code.as_str()) else {
            continue;
        };
        let here = (read.round.round, read.subject.subject_no, *item_no);
        for shown in &mut question.files {
            let own = read
                .files
                .iter()
                .find(|file| shown.href.ends_with(&file.file.to_string()));
            let Some(own) = own else { continue };
            let found = evidence::elsewhere(connection, context.tenant, own.file, here)?;
            shown.elsewhere = found
                .into_iter()
                .map(|other| {
                    l.text("evidence-elsewhere")
                        .arg("period", view::period(l, other.period))
                        .arg("village", other.village)
                        .arg("item", l.choose(&other.item.0, &other.item.1).to_owned())
                        .to_string()
                })
                .collect();
        }
    }
    Ok(())
}
