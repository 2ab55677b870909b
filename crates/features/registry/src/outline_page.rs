//! The page with which outlines of places are brought in.

use access::Action;
use askama::Template;
use directory::outline::{self, Datum};
use kernel::{Finding, FindingArg, FindingPlace};
use store::Connection;
use web::{
    Attempt, Choice, Context, FindingText, Form, FormHandler, FormStart, Head, Locale, Page,
    PageError, Params, Policy, Route, Samples,
};

use crate::{
    listing,
    outline_import::{ImportOutlines, OutlinesImported},
    sample,
};

/// The page.
#[derive(Debug, Template)]
#[template(path = "outline_page.html")]
pub struct OutlinePage {
    l: Locale,
    /// Places with an outline.
    known: usize,
    /// What an import just did: added, changed, unchanged.
    done: Option<[i64; 3]>,
    data: Vec<Choice>,
    start: FormStart,
    attempt: Attempt,
}

/// The routes.
pub(crate) fn routes() -> [Route; 2] {
    let policy = Policy::Holds(Action::RegistryImport);
    [
        Route::page("/places/outlines", policy, page),
        Route::form(
            "/places/outlines",
            policy,
            FormHandler {
                read,
                done: |_, _, done: &OutlinesImported| {
                    let OutlinesImported {
                        added,
                        changed,
                        unchanged,
                    } = done;
                    format!("/places/outlines?done={added}.{changed}.{unchanged}")
                },
                again: page,
            },
        ),
    ]
}

fn read(_: &Context, _: &Params, form: &Form) -> Result<ImportOutlines, Vec<Finding>> {
    let required = |field: &'static str| vec![Finding::error("required").field(field)];
    let file = form.files("file").next().ok_or_else(|| required("file"))?;
    if file.media_type != "application/geo+json" {
        let finding = Finding::error("outline-file-kind").field("file");
        return Err(vec![finding.arg("found", file.name.as_str())]);
    }
    Ok(ImportOutlines {
        file: file.hash.to_string(),
        datum: form
            .parse("datum", "required")
            .map_err(|found| vec![found])?,
    })
}

fn data(l: &Locale) -> Vec<Choice> {
    listing::choices(
        l,
        "outline-datum",
        Datum::ALL.iter().map(|datum| datum.name()),
    )
}

fn page(
    context: &Context,
    params: &Params,
    connection: &mut dyn Connection,
) -> Result<OutlinePage, PageError> {
    let done = params.query("done").map(|done| {
        let mut numbers = done.split('.').map(|number| number.parse().unwrap_or(0));
        [(); 3].map(|()| numbers.next().unwrap_or(0))
    });
    Ok(OutlinePage {
        known: outline::all(connection, context.tenant)?.len(),
        done,
        data: data(&context.l),
        start: context.form(),
        attempt: context.attempt.clone(),
        l: context.l.clone(),
    })
}

impl OutlinePage {
    /// What was found, each with its place in the file in words; all of it is mended in the file.
    fn problems(&self) -> Vec<FindingText> {
        let findings = &self.attempt.findings;
        let mut problems = self.l.findings(findings);
        for (problem, finding) in problems.iter_mut().zip(findings) {
            if let FindingPlace::Field(path) = &finding.place
                && let Some(rest) = path.strip_prefix("features.")
            {
                problem.place = place_in_file(&self.l, rest, finding);
                problem.field = web::field_id("file");
            }
        }
        problems
    }

    fn told(&self) -> String {
        let [added, changed, unchanged] = self.done.unwrap_or_default();
        let text = self.l.text("import-places-done");
        text.arg("added", added)
            .arg("changed", changed)
            .arg("unchanged", unchanged)
            .to_string()
    }
}

/// `17.geometry.coordinates.0.215.0` as the 18th feature, its 1st ring, the 216th point. How deep
/// the numbers reach tells only the finding: a shape of several parts has one number more.
fn place_in_file(l: &Locale, path: &str, finding: &Finding) -> String {
    let mut numbers: Vec<i64> = path
        .split('.')
        .filter_map(|part| part.parse::<i64>().ok())
        .map(|number| number.saturating_add(1))
        .collect();
    let expected = finding.args.iter().find_map(|(name, value)| match value {
        FindingArg::Text(text) if name == "expected" => Some(&**text),
        _ => None,
    });
    if finding.code == "outline-coordinate" {
        numbers.pop();
    }
    let (ring, point) = match (&*finding.code, expected) {
        ("outline-coordinate" | "outline-ring-open", _) | (_, Some("position")) => (true, true),
        ("outline-ring-short" | "outline-ring-flat" | "outline-ring-crosses", _)
        | (_, Some("ring")) => (true, false),
        _ => (false, false),
    };
    let point = if point { numbers.pop() } else { None };
    let ring = if ring { numbers.pop() } else { None };
    let feature = numbers.first().copied().unwrap_or_default();
    let mut words = vec![l.text("outline-at-feature").arg("n", feature).to_string()];
    words.extend(ring.map(|n| l.text("outline-at-ring").arg("n", n).to_string()));
    words.extend(point.map(|n| l.text("outline-at-point").arg("n", n).to_string()));
    words.join(&l.text("outline-at-between").to_string())
}

impl Page for OutlinePage {
    fn head(&self) -> Head {
        Head::new(self.l.text("outlines-title"))
    }

    fn samples(l: &Locale) -> Samples<OutlinePage> {
        let page = |known, done| OutlinePage {
            l: l.clone(),
            known,
            done,
            data: data(l),
            start: sample::start(),
            attempt: Attempt::default(),
        };
        let mut refused = page(12, None);
        refused.attempt.sent = true;
        refused.attempt.findings = vec![
            Finding::error("outline-coordinate")
                .field("features.17.geometry.coordinates.0.215.0")
                .arg("found", "36.7012")
                .arg("expected", "longitude"),
            Finding::error("outline-code-unknown")
                .field("features.3.properties.code")
                .arg("found", "379901100299"),
            Finding::error("outline-far")
                .field("features.4.geometry")
                .arg("code", "379901100203"),
            Finding::error("outline-file-kind")
                .field("file")
                .arg("found", "轮廓.csv"),
        ];
        Samples {
            ordinary: page(12, None),
            longest: page(620_573, Some([620_573, 41_352, 2_978])),
            empty: Some(page(0, None)),
            with_error: Some(refused),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Finding;
    use web::{Catalogue, Language};

    #[test]
    fn a_place_in_the_file_is_told_in_words() {
        let catalogue = Catalogue::new(&[crate::locales()]).expect("the texts are sound");
        let l = catalogue.locale(Language::Chinese);
        let at = |code, path: &str, expected: &'static str| {
            let finding = Finding::error(code).arg("expected", expected);
            super::place_in_file(&l, path, &finding)
        };
        let point = "17.geometry.coordinates.0.215.0";
        let told = at("outline-coordinate", point, "longitude");
        assert_eq!(told, "第 18 个要素，第 1 个环，第 216 个点");
        let part = "17.geometry.coordinates.2.0.215";
        assert_eq!(at("outline-ring-open", part, "first"), told);
        let ring = at(
            "outline-ring-crosses",
            "0.geometry.coordinates.3.1",
            "simple",
        );
        assert_eq!(ring, "第 1 个要素，第 2 个环");
        let code = at("outline-code-missing", "3.properties.code", "code");
        assert_eq!(code, "第 4 个要素");
    }
}
