//! What people call an item of a figure, beside its code.

use std::collections::BTreeMap;

use app::DeclaredMeasure;
use store::{Connection, StoreError};
use web::{Choice, Context, Locale};

/// The names of items and measures, in the visitor's language.
#[derive(Clone, Debug, Default)]
pub(crate) struct ItemNames(BTreeMap<String, DeclaredMeasure>);

impl ItemNames {
    /// Everything that the features know.
    pub(crate) fn of(
        context: &Context,
        connection: &mut dyn Connection,
    ) -> Result<ItemNames, StoreError> {
        let titles = context
            .app()
            .declared_measures(connection, context.tenant)?;
        Ok(ItemNames(titles))
    }

    /// Names for the samples of pages.
    pub(crate) fn sample() -> ItemNames {
        let title = DeclaredMeasure {
            measure: "figure.collective_income".to_owned(),
            chinese: "村集体经营性收入".to_owned(),
            english: "Operating income of the collective".to_owned(),
            unit: kernel::Unit("yuan".to_owned()),
            scale: Some(2),
            minimum: Some(kernel::Decimal::ZERO),
            maximum: None,
            in_use: true,
        };
        ItemNames(BTreeMap::from([(title.measure.clone(), title)]))
    }

    /// The name of an item of the directory's figures; its code where nobody named it.
    pub(crate) fn item<'n>(&'n self, l: &Locale, code: &'n str) -> &'n str {
        self.named(l, &format!("figure.{code}")).unwrap_or(code)
    }

    /// The name of a measure; the measure itself where nobody named it.
    pub(crate) fn measure<'n>(&'n self, l: &Locale, measure: &'n str) -> &'n str {
        self.named(l, measure).unwrap_or(measure)
    }

    fn named(&self, l: &Locale, measure: &str) -> Option<&str> {
        let title = self.0.get(measure)?;
        Some(l.choose(&title.chinese, &title.english))
    }

    /// The items in use of the directory's figures to choose from: code and name.
    pub(crate) fn choices(&self, l: &Locale) -> Vec<Choice> {
        let titles = self.0.values().filter(|title| title.in_use);
        let items = titles.filter_map(|title| {
            let code = title.measure.strip_prefix("figure.")?;
            Some(Choice::new(code, l.choose(&title.chinese, &title.english)))
        });
        items.collect()
    }
}
