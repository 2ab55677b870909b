//! The API against its own document.

use std::process::Command;

use walk::Visitor;

use super::{Court, Failed};
use crate::python::{program, succeed};

const RELEASE: &str = "schemathesis==4.32.5";
/// What must hold of every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";
/// As whom: who may do much, and who may do little.
const PEOPLE: [&str; 3] = ["李静", "王建国", "田大婶"];

pub fn judge(court: &Court) -> Result<String, Failed> {
    let schemathesis = program(RELEASE, "schemathesis")?;
    let examples = if court.full { "100" } else { "3" };
    for person in PEOPLE {
        let mut visitor = Visitor::new(&court.server.base);
        visitor.sign_in_as(person)?;
        let mut command = Command::new(&schemathesis);
        command.current_dir(&court.folder).arg("run");
        command.arg(format!("{}/api/v1/openapi.json", court.server.base));
        command.args([
            "--header",
            &format!("Authorization: Bearer {}", visitor.session()),
        ]);
        command.args(["--checks", CHECKS, "--max-examples", examples]);
        // A session that is closed on the way would make the rest a series of refusals.
        command.args(["--exclude-operation-id-regex", "^session\\.(close|end)$"]);
        command.args([
            "--phases",
            "examples,coverage,fuzzing",
            "--seed",
            "1",
            "--no-color",
        ]);
        let said = succeed(&mut command).map_err(|error| format!("as {person}: {error}"))?;
        let tested = said.lines().find(|line| line.contains("Tested:"));
        let tested = tested.ok_or("it does not say how much it tested")?;
        crate::say(&format!("schemathesis as {person}: {}", tested.trim()));
    }
    Ok(format!(
        "no server error and nothing beside the document, {examples} examples of each operation, as \
         {} people",
        PEOPLE.len()
    ))
}
