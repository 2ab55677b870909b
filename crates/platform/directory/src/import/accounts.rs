//! Users from a list: sign-in name, and whose account it is by name and place.

use std::collections::HashMap;

use kernel::{Finding, PlaceId};

use super::columns::{Column, Columns};
use super::reader::{Reader, kept};
use super::{PlaceIndex, concluded};
use crate::person::NAME_MAX;
use crate::sheet::Sheet;

const REQUIRED: &[Column] = &[
    Column {
        key: "sign_in_name",
        others: &["登录名", "用户名", "账号"],
    },
    Column {
        key: "name",
        others: &["姓名", "人员姓名"],
    },
];
const OPTIONAL: &[Column] = &[
    Column {
        key: "code",
        others: &["编码", "代码", "区划代码", "单位代码"],
    },
    Column {
        key: "place",
        others: &["村", "村名", "单位", "所在单位", "任职单位", "所在村"],
    },
];

/// One row of a list of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// The row in the sheet, from 0.
    pub row: usize,
    /// The sign-in name, as typed.
    pub sign_in_name: String,
    /// Whose.
    pub name: String,
    /// Where that person serves; tells persons of one name apart.
    pub place: Option<PlaceId>,
}

/// A list of users read row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountList {
    /// The rows, in the sheet's order.
    pub rows: Vec<AccountRow>,
    /// What is only worth knowing.
    pub findings: Vec<Finding>,
    columns: Columns,
}

impl AccountList {
    /// A finding at the cell of a column of a row.
    pub fn at(&self, sheet: &Sheet, finding: Finding, row: usize, key: &str) -> Finding {
        self.columns.finding(finding, sheet, row, key)
    }
}

/// Reads users. `Err` with every finding where one blocks.
pub fn read(sheet: &Sheet, places: &PlaceIndex) -> Result<AccountList, Vec<Finding>> {
    let (columns, mut findings) = Columns::find(sheet, REQUIRED, OPTIONAL)?;
    let has_place = columns.index("code").is_some() || columns.index("place").is_some();
    let mut rows = Vec::new();
    let mut seen = HashMap::new();
    for row in columns.rows(sheet) {
        let reader = Reader {
            sheet,
            columns: &columns,
            row,
        };
        let sign_in_name = kept(reader.text("sign_in_name", 1, 40), &mut findings);
        let name = kept(reader.text("name", 1, NAME_MAX), &mut findings);
        let stands =
            has_place && !(reader.cell("code").is_empty() && reader.cell("place").is_empty());
        let place = if stands {
            kept(
                reader.place(places, "code", "place").map(Some),
                &mut findings,
            )
        } else {
            Some(None)
        };
        let (Some(sign_in_name), Some(name), Some(place)) = (sign_in_name, name, place) else {
            continue;
        };
        if let Some(first) = seen.insert(sign_in_name.to_lowercase(), row) {
            let finding = reader.finding(Finding::error("import-account-twice"), "sign_in_name");
            findings.push(finding.arg("first", first + 1));
        }
        rows.push(AccountRow {
            row,
            sign_in_name,
            name,
            place,
        });
    }
    let findings = concluded(rows.is_empty(), findings)?;
    Ok(AccountList {
        rows,
        findings,
        columns,
    })
}
