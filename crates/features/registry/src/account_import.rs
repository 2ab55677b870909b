//! Users from a sealed workbook or CSV file: an account for each person of the register who has
//! none yet. Passwords come with activation slips, never with a file.

use access::{AccountId, Action, account};
use app::{App, Command, Door, Gathered, Refusal};
use directory::{
    import::{
        PlaceIndex,
        accounts::{self, AccountList, AccountRow},
    },
    person, place,
    sheet::Sheet,
};
use kernel::{Day, Finding, PersonId, Tenant};
use serde::{Deserialize, Serialize};
use store::{Connection, StoreError};
use utoipa::ToSchema;

use crate::accounts::{open_account, second};
use crate::{imported_table, people};

/// Makes accounts for persons of the register.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportAccounts {
    /// SHA-256 of the sealed file, 64 hexadecimal digits.
    pub file: String,
    /// The file's key, 64 hexadecimal digits; kept nowhere.
    pub key: String,
}

/// Prints nothing of the key.
impl std::fmt::Debug for ImportAccounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportAccounts")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

/// What an import of users did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountsImported {
    /// New accounts.
    pub added: u64,
    /// Rows whose account is there already.
    pub unchanged: u64,
    /// What is only worth knowing, as findings.
    #[schema(value_type = Vec<Object>)]
    pub findings: Vec<Finding>,
}

impl Command for ImportAccounts {
    const NAME: &'static str = "account.import";
    const ACTION: Action = Action::AccountMake;
    const CLEAR: &'static [&'static str] = &["file"];
    const READS_FILES: bool = true;
    type Answer = AccountsImported;

    fn files(&self) -> Vec<&str> {
        vec![&self.file]
    }

    fn gather(&self, app: &App) -> Result<Gathered, Refusal> {
        let sheet = imported_table::read_sealed(app, &self.file, &self.key)?;
        Ok(Gathered::some(sheet))
    }

    fn run(&self, door: &mut Door<'_>) -> Result<AccountsImported, Refusal> {
        door.decide_tenant(Action::AccountMake)?;
        let sheet: &Sheet = door.gathered();
        let (tenant, today) = (door.tenant(), door.today());
        let (list, whose, wrong) = match plan(door.connection(), tenant, today, sheet)? {
            Ok(planned) => planned,
            Err(findings) => return Err(Refusal::invalid(findings)),
        };
        if !wrong.is_empty() {
            return Err(Refusal::invalid(wrong));
        }
        let mut added = 0;
        for (row, whose) in list.rows.iter().zip(&whose) {
            if let Some(person) = whose {
                let id = AccountId(door.next_id());
                account::make(door, id, *person, &row.sign_in_name)?;
                added += 1;
            }
        }
        Ok(AccountsImported {
            added,
            unchanged: list.rows.len() as u64 - added,
            findings: list.findings,
        })
    }
}

/// The rows, for whom each makes an account (nobody where it is there already), and what is wrong.
type Planned = (AccountList, Vec<Option<PersonId>>, Vec<Finding>);

fn plan(
    connection: &mut dyn Connection,
    tenant: Tenant,
    today: Day,
    sheet: &Sheet,
) -> Result<Result<Planned, Vec<Finding>>, StoreError> {
    let places = place::tree_on(connection, tenant, today)?;
    let list = match accounts::read(sheet, &PlaceIndex::new(&places)) {
        Ok(list) => list,
        Err(findings) => return Ok(Err(findings)),
    };
    let mut whose = Vec::with_capacity(list.rows.len());
    let mut wrong = Vec::new();
    for row in &list.rows {
        match one(connection, tenant, today, row)? {
            // Twice in one file is a second account as well.
            Ok(Some(person)) if whose.contains(&Some(person)) => {
                let finding = Finding::error("import-person-again");
                wrong.push(list.at(sheet, finding, row.row, "name"));
            }
            Ok(person) => whose.push(person),
            Err((finding, key)) => wrong.push(list.at(sheet, finding, row.row, key)),
        }
    }
    Ok(Ok((list, whose, wrong)))
}

/// What is wrong with a row, and in which column.
type Wrong = (Finding, &'static str);

fn one(
    connection: &mut dyn Connection,
    tenant: Tenant,
    today: Day,
    row: &AccountRow,
) -> Result<Result<Option<PersonId>, Wrong>, StoreError> {
    let name = account::sign_in_name(&row.sign_in_name);
    if let Err(finding) = account::check_sign_in_name(&name) {
        return Ok(Err((finding, "sign_in_name")));
    }
    let mut found = Vec::new();
    for person in person::named(connection, tenant, &row.name)? {
        let serves = match row.place {
            None => true,
            Some(place) => people::places_of(connection, tenant, person, today)?.contains(&place),
        };
        if serves {
            found.push(person);
        }
    }
    let [person] = found[..] else {
        let code = if found.is_empty() {
            "import-person-unknown"
        } else {
            "import-person-ambiguous"
        };
        return Ok(Err((Finding::error(code), "name")));
    };
    match account::by_sign_in_name(connection, tenant, &name)? {
        Some(account) if account.person == person => Ok(Ok(None)),
        Some(_) => Ok(Err((Finding::error("sign-in-name-taken"), "sign_in_name"))),
        None => match open_account(connection, tenant, person)? {
            Some(account) => Ok(Err((second(&account), "sign_in_name"))),
            None => Ok(Ok(Some(person))),
        },
    }
}

/// Everything that an import of this table would find wrong now.
pub(crate) fn findings(
    connection: &mut dyn Connection,
    tenant: Tenant,
    today: Day,
    sheet: &Sheet,
) -> Result<Vec<Finding>, StoreError> {
    Ok(match plan(connection, tenant, today, sheet)? {
        Ok((list, _, wrong)) => list.findings.into_iter().chain(wrong).collect(),
        Err(findings) => findings,
    })
}
