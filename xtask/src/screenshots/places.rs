//! Addresses of the demonstration by what they are, so that the list of pictures names none.

use walk::{Visitor, ensure};

use super::Failed;

/// The village whose secretary is on the sign-in page.
const SECRETARY: &str = "陈国平";

/// What may stand in braces in the address of a picture.
#[derive(Clone, Debug)]
pub struct Places {
    /// The newest round: in progress, or posted.
    round: String,
    /// The round before it, final.
    last: String,
    /// The village of the secretary.
    village: String,
}

impl Places {
    /// Looks them up as the secretary sees them.
    pub fn find(base: &str) -> Result<Places, Failed> {
        let mut visitor = Visitor::new(base);
        visitor.sign_in_as(SECRETARY)?;
        let rounds = visitor.get("/rounds")?;
        let main = rounds.body.split("<main").last().unwrap_or_default();
        let rounds = ids(main, "href=\"/rounds/");
        ensure!(rounds.len() >= 2, "there are {} rounds", rounds.len());
        let page = visitor.get(&format!("/rounds/{}", rounds[0]))?;
        let villages = ids(
            &page.body,
            &format!("href=\"/rounds/{}/villages/", rounds[0]),
        );
        let village = villages.first().ok_or("the secretary sees no village")?;
        Ok(Places {
            round: rounds[0].clone(),
            last: rounds[1].clone(),
            village: village.clone(),
        })
    }

    /// An address with its braces filled: `{round}`, `{last}`, `{village}`.
    pub fn address(&self, path: &str) -> String {
        path.replace("{round}", &format!("/rounds/{}", self.round))
            .replace("{last}", &format!("/rounds/{}", self.last))
            .replace("{village}", &self.village)
    }
}

/// The ids that follow a mark, in the order of the page, each once.
fn ids(page: &str, mark: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for rest in page.split(mark).skip(1) {
        let id: String = rest.chars().take(36).collect();
        let is_id = id.len() == 36 && id.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
        if is_id && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn ids_are_taken_once_and_nothing_else_is_one() {
        let id = "01a1754b-6dc0-7d68-be64-bde1050e2a01";
        let page = format!(
            "<a href=\"/rounds/open\"><a href=\"/rounds/{id}\"><a href=\"/rounds/{id}/x\">"
        );
        assert_eq!(ids(&page, "href=\"/rounds/"), [id]);
    }
}
