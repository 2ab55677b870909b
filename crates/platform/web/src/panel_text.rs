//! Lines of panels in the visitor's language.

use std::collections::BTreeMap;

use app::{DeclaredMeasure, PanelArg};
use store::{Connection, StoreError};

use crate::{Context, Locale};

/// Writes the lines of panels for one visitor; what measures are called is read once, and only
/// where a line names one.
pub struct PanelTexts<'c> {
    context: &'c Context,
    titles: Option<BTreeMap<String, DeclaredMeasure>>,
}

impl<'c> PanelTexts<'c> {
    /// For a visitor.
    pub fn of(context: &'c Context) -> PanelTexts<'c> {
        PanelTexts {
            context,
            titles: None,
        }
    }

    /// The text of a key with a line's arguments.
    pub fn line(
        &mut self,
        connection: &mut dyn Connection,
        key: &str,
        args: &[(&'static str, PanelArg)],
    ) -> Result<String, StoreError> {
        let l = &self.context.l;
        let mut text = l.text(key);
        for (name, arg) in args {
            let word = match arg {
                PanelArg::Measure(measure) => self.measure(connection, measure)?,
                other => word(l, other),
            };
            text = text.arg(*name, word);
        }
        Ok(text.to_string())
    }

    /// What people call a measure; the measure itself where nobody named it.
    fn measure(
        &mut self,
        connection: &mut dyn Connection,
        measure: &str,
    ) -> Result<String, StoreError> {
        if self.titles.is_none() {
            let context = self.context;
            self.titles = Some(
                context
                    .app()
                    .declared_measures(connection, context.tenant)?,
            );
        }
        let title = self.titles.as_ref().and_then(|titles| titles.get(measure));
        let l = &self.context.l;
        Ok(title
            .map_or(measure, |title| l.choose(&title.chinese, &title.english))
            .to_owned())
    }
}

fn word(l: &Locale, arg: &PanelArg) -> String {
    match arg {
        PanelArg::Text(text) | PanelArg::Measure(text) => text.clone(),
        PanelArg::Period(period) => l.period(*period),
        PanelArg::Day(day) => l.day(*day),
        PanelArg::Title { chinese, english } => l.choose(chinese, english).to_owned(),
    }
}
