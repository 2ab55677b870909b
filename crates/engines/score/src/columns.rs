//! What a plan reads: one column per input, and who the subjects are.

use std::collections::HashMap;

use kernel::{Decimal, Finding, FindingPlace, Instant};

use crate::column::{Column, scaled};
use crate::plan::Plan;

/// The subjects of an evaluation with their values, in input order.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    pub(crate) subjects: Vec<String>,
    pub(crate) group_names: Vec<String>,
    /// Position of each subject's group; [`NO_GROUP`] for none.
    pub(crate) groups: Vec<u32>,
    pub(crate) submitted: Vec<Option<Instant>>,
    pub(crate) lots: Vec<Option<u64>>,
    pub(crate) inputs: Vec<Column>,
}

/// The group of a subject without group.
pub(crate) const NO_GROUP: u32 = u32::MAX;

impl Columns {
    /// Begins to gather the columns of a plan.
    pub fn builder(plan: &Plan) -> ColumnsBuilder<'_> {
        let scales = plan.input_scales.iter();
        ColumnsBuilder {
            plan,
            columns: Columns {
                subjects: Vec::new(),
                group_names: Vec::new(),
                groups: Vec::new(),
                submitted: Vec::new(),
                lots: Vec::new(),
                inputs: scales.map(|scale| Column::new(*scale, 0)).collect(),
            },
            group_index: HashMap::new(),
            subject_index: HashMap::new(),
            believed: (0..plan.inputs.len())
                .map(|input| Believed::of(plan, input))
                .collect(),
        }
    }

    /// Codes of the subjects, in input order.
    pub fn subjects(&self) -> &[String] {
        &self.subjects
    }

    /// How many subjects.
    pub fn len(&self) -> usize {
        self.subjects.len()
    }

    /// Whether there are no subjects.
    pub fn is_empty(&self) -> bool {
        self.subjects.is_empty()
    }

    /// The group of a subject.
    pub fn group(&self, subject: usize) -> Option<&str> {
        let group = *self.groups.get(subject)?;
        self.group_names.get(group as usize).map(String::as_str)
    }

    /// The column of an input.
    pub fn input(&self, input: usize) -> &Column {
        &self.inputs[input]
    }

    /// Replaces one value: a correction. The value is checked as [`ColumnsBuilder::set`] does.
    pub fn set(
        &mut self,
        plan: &Plan,
        input: usize,
        subject: usize,
        value: Option<Decimal>,
    ) -> Result<(), Finding> {
        if let Some(value) = value {
            check_value(plan, input, value)
                .map_err(|finding| finding.at(at_subject(&self.subjects[subject])))?;
        }
        self.inputs[input].set(subject, value);
        Ok(())
    }
}

/// The place of a finding about a subject.
pub(crate) fn at_subject(code: &str) -> FindingPlace {
    FindingPlace::Record {
        kind: "subject".into(),
        id: code.to_owned(),
    }
}

/// Gathers columns, subject by subject.
pub struct ColumnsBuilder<'a> {
    plan: &'a Plan,
    columns: Columns,
    group_index: HashMap<String, u32>,
    subject_index: HashMap<String, usize>,
    /// What each input believes, where its column is of integers.
    believed: Vec<Option<Believed>>,
}

/// The integers that an item believes, at the places of its column.
struct Believed {
    scale: u8,
    least: i64,
    most: i64,
}

impl Believed {
    fn of(plan: &Plan, input: usize) -> Option<Believed> {
        use kernel::Rounding;
        let scale = plan.input_scales[input]?;
        let item = &plan.scheme.items[plan.input_items[input]?];
        // A bound between two of the column's numbers is as good as the inner one.
        let bound = |bound: Option<Decimal>, mode, without: i64| match bound {
            None => Some(without),
            Some(bound) => scaled(bound.round(scale, mode), scale),
        };
        Some(Believed {
            scale,
            least: bound(item.minimum, Rounding::Ceiling, i64::MIN)?,
            most: bound(item.maximum, Rounding::Floor, i64::MAX)?,
        })
    }

    /// `digits / 10^places` as the column keeps it; `None` where it is not one of its integers or
    /// not believed.
    fn number(&self, mut digits: i64, mut places: u8) -> Option<i64> {
        while places > self.scale && digits % 10 == 0 {
            digits /= 10;
            places -= 1;
        }
        let power = 10_i64.checked_pow(u32::from(self.scale.checked_sub(places)?))?;
        let number = digits.checked_mul(power)?;
        (self.least..=self.most).contains(&number).then_some(number)
    }
}

impl ColumnsBuilder<'_> {
    /// Adds a subject without values and gives its position. A code that is there already is
    /// refused.
    pub fn subject(&mut self, code: &str, group: Option<&str>) -> Result<usize, Finding> {
        let position = self.columns.subjects.len();
        if code.is_empty() {
            return Err(Finding::error("subject-empty"));
        }
        if let Some(first) = self.subject_index.get(code) {
            return Err(Finding::error("subject-twice")
                .arg("found", code)
                .arg("first", first + 1)
                .at(at_subject(code)));
        }
        self.subject_index.insert(code.to_owned(), position);
        let group = match group {
            None => NO_GROUP,
            Some(name) => self.group(name)?,
        };
        self.columns.subjects.push(code.to_owned());
        self.columns.groups.push(group);
        self.columns.submitted.push(None);
        self.columns.lots.push(None);
        for column in &mut self.columns.inputs {
            column.push(None);
        }
        Ok(position)
    }

    fn group(&mut self, name: &str) -> Result<u32, Finding> {
        if let Some(&group) = self.group_index.get(name) {
            return Ok(group);
        }
        let group = u32::try_from(self.columns.group_names.len())
            .ok()
            .filter(|&group| group != NO_GROUP)
            .ok_or_else(|| Finding::error("too-many-entries").arg("field", "group"))?;
        self.columns.group_names.push(name.to_owned());
        self.group_index.insert(name.to_owned(), group);
        Ok(group)
    }

    /// Sets a value. One that the item does not believe (too many places, beyond minimum or
    /// maximum) is refused and stays missing.
    pub fn set(&mut self, input: usize, subject: usize, value: Decimal) -> Result<(), Finding> {
        check_value(self.plan, input, value)
            .map_err(|finding| finding.at(at_subject(&self.columns.subjects[subject])))?;
        self.columns.inputs[input].set(subject, Some(value));
        Ok(())
    }

    /// As [`ColumnsBuilder::set`] with `digits / 10^places`; without arithmetic on decimals where
    /// the column is of integers, because a file has millions of such cells.
    pub fn set_digits(
        &mut self,
        input: usize,
        subject: usize,
        digits: i64,
        places: u8,
    ) -> Result<(), Finding> {
        let believed = self.believed[input].as_ref();
        if let Some(number) = believed.and_then(|believed| believed.number(digits, places))
            && self.columns.inputs[input].set_integer(subject, number)
        {
            return Ok(());
        }
        self.set(input, subject, Decimal::new(digits.into(), places))
    }

    /// When the subject was submitted, for ties.
    pub fn submitted(&mut self, subject: usize, at: Instant) {
        self.columns.submitted[subject] = Some(at);
    }

    /// The lot that was drawn for the subject, for ties.
    pub fn lot(&mut self, subject: usize, lot: u64) {
        self.columns.lots[subject] = Some(lot);
    }

    /// Replaces a whole column, for bulk data; every value is checked, and the first one that the
    /// item does not believe is refused with the whole column.
    pub fn column(&mut self, input: usize, column: Column) -> Result<(), Finding> {
        if column.len() != self.columns.len() {
            return Err(Finding::error("column-length")
                .arg("found", column.len())
                .arg("expected", self.columns.len()));
        }
        for subject in 0..column.len() {
            if let Some(value) = column.get(subject) {
                check_value(self.plan, input, value)
                    .map_err(|finding| finding.at(at_subject(&self.columns.subjects[subject])))?;
            }
        }
        self.columns.inputs[input] = column;
        Ok(())
    }

    /// The gathered columns.
    pub fn finish(self) -> Columns {
        self.columns
    }
}

fn check_value(plan: &Plan, input: usize, value: Decimal) -> Result<(), Finding> {
    let name = || plan.inputs[input].name();
    if let Some(scale) = plan.input_scales[input]
        && value.scale() > scale
    {
        return Err(Finding::error("value-too-many-places")
            .arg("item", name())
            .arg("found", value.to_string())
            .arg("expected", u32::from(scale)));
    }
    let Some(item) = plan.input_items[input].map(|item| &plan.scheme.items[item]) else {
        return Ok(());
    };
    let below = item.minimum.is_some_and(|minimum| value < minimum);
    let above = item.maximum.is_some_and(|maximum| value > maximum);
    if !below && !above {
        return Ok(());
    }
    let end = |end: Option<Decimal>| end.map_or("none".to_owned(), |end| end.to_string());
    Err(Finding::error("value-out-of-range")
        .arg("item", name())
        .arg("found", value.to_string())
        .arg("least", end(item.minimum))
        .arg("most", end(item.maximum)))
}
