//! The OpenAPI document: one operation per command, its schemas from the command's own type.

use app::App;
use serde_json::{Map, Value, json};

use crate::Route;

/// The document, pretty-printed; the same commands give the same bytes.
pub fn openapi(app: &App, routes: &[Route]) -> String {
    let (mut paths, mut schemas) = (Map::new(), own_schemas());
    for command in app.commands() {
        let schema = (command.schema)();
        for (name, named) in &schema.named {
            schemas.insert(name.clone(), json!(named));
        }
        let form = routes
            .iter()
            .find(|route| route.command() == Some(command.name));
        let operation = json!({
            "operationId": command.name,
            "tags": [command.name.split('.').next().unwrap_or_default()],
            "description": described(command.action.name(), command.reauthenticate, form),
            "requestBody": {
                "required": true,
                "content": { "application/json": { "schema": envelope(&json!(schema.body)) } },
            },
            "responses": responses(&json!(schema.answer)),
        });
        paths.insert(
            format!("/api/v1/commands/{}", command.name),
            json!({ "post": operation }),
        );
    }
    for route in routes {
        let Some(schema) = route.schema() else {
            continue;
        };
        for (name, named) in &schema.named {
            schemas.insert(name.clone(), json!(named));
        }
        paths.insert(
            route.path().to_owned(),
            reading(route, &json!(schema.answer)),
        );
    }
    paths.insert("/api/v1/session".to_owned(), session());
    schemas.sort_keys();
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Xingcun",
            "description": "The record changes only through commands. Each has an id that its sender makes: the same id again is the same command and gets the same answer.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "security": [{ "session": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "session": { "type": "http", "scheme": "bearer" } },
        },
    });
    let mut text = serde_json::to_string_pretty(&document).expect("a document of plain values");
    text.push('\n');
    text
}

/// What a program reads: no id, no body, the parts of its address as parameters.
fn reading(route: &Route, answer: &Value) -> Value {
    let parts = route.path().split('/');
    let names = parts.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameters: Vec<Value> = names
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let mut responses = responses(&Value::Null);
    responses["200"] = json!({
        "description": "As the record has it now.",
        "content": { "application/json": { "schema": answer } },
    });
    for other in ["409", "413", "415", "422"] {
        responses.as_object_mut().and_then(|all| all.remove(other));
    }
    json!({ "get": {
        "operationId": route.journal_name(),
        "tags": ["reading"],
        "description": format!("Policy: {}.", route.policy()),
        "parameters": parameters,
        "responses": responses,
    } })
}

fn described(action: &str, reauthenticate: bool, form: Option<&Route>) -> String {
    let mut text = format!("Needs the right `{action}`.");
    if reauthenticate {
        text.push_str(" The password must have been given within the last ten minutes.");
    }
    if let Some(form) = form {
        text.push_str(" Its page posts to `");
        text.push_str(form.path());
        text.push_str("`.");
    }
    text
}

fn envelope(body: &Value) -> Value {
    json!({
        "type": "object",
        "required": ["id", "body"],
        "additionalProperties": false,
        "properties": {
            "id": { "type": "string", "format": "uuid", "description": "UUID version 7, made by the sender." },
            "body": body,
            "seen_revision": { "type": ["integer", "null"], "format": "int64", "description": "The revision that the sender saw; a later change refuses with 409." },
            "observed_at": { "type": ["integer", "null"], "format": "int64", "description": "When it happened, in milliseconds since 1970; evidence only." },
        },
    })
}

fn refused(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Refused" } } },
    })
}

fn responses(answer: &Value) -> Value {
    json!({
        "200": {
            "description": "Carried out, now or before.",
            "content": { "application/json": { "schema": {
                "type": "object",
                "required": ["answer", "repeated"],
                "properties": { "answer": answer, "repeated": { "type": "boolean" } },
            } } },
        },
        "401": refused("No session."),
        "403": refused("Not allowed, or the password is wanted again."),
        "404": refused("No such thing."),
        "409": refused("Changed since, or the id was used for something else."),
        "413": refused("The body is too large."),
        "415": refused("The body is not JSON."),
        "422": refused("The body cannot be accepted."),
        "429": refused("Too many tries."),
        "503": refused("Nothing can be written at present."),
    })
}

fn session() -> Value {
    json!({
        "post": {
            "operationId": "session.open",
            "tags": ["session"],
            "security": [],
            "requestBody": { "required": true, "content": { "application/json": { "schema": {
                "type": "object",
                "required": ["name", "password"],
                "additionalProperties": false,
                "properties": {
                    "name": { "type": "string" },
                    "password": { "type": "string" },
                    "code": {
                        "type": "string",
                        "description": "Six digits, or a recovery code, where the account has a second factor.",
                    },
                },
            } } } },
            "responses": { "200": {
                "description": "The token for the header `Authorization: Bearer`.",
                "content": { "application/json": { "schema": {
                    "type": "object", "required": ["token"], "properties": { "token": { "type": "string" } },
                } } },
            },
            "415": refused("The body is not JSON."),
            "422": refused("No account has this name and password."),
            "429": refused("Too many tries."),
            "503": refused("Nothing can be written at present."),
            },
        },
        "delete": {
            "operationId": "session.close",
            "tags": ["session"],
            "responses": {
                "204": { "description": "Closed." },
                "401": refused("No session."),
                "403": refused("Sent by a page of another site."),
                "503": refused("Nothing can be written at present."),
            },
        },
    })
}

fn own_schemas() -> Map<String, Value> {
    let finding = json!({
        "type": "object",
        "required": ["code", "place", "args", "severity", "text", "remedy"],
        "properties": {
            "code": { "type": "string", "description": "Stable; for programs." },
            "place": { "description": "`whole`, or where: field, cell, line, record." },
            "args": { "type": "array", "description": "Names and values that the text uses." },
            "severity": { "type": "string", "enum": ["note", "warning", "error"] },
            "text": { "type": "string", "description": "For people, in the language of `Accept-Language`." },
            "remedy": { "type": "string" },
        },
    });
    let refused = json!({
        "type": "object",
        "required": ["kind", "findings"],
        "properties": {
            "kind": { "type": "string", "enum": ["invalid", "denied", "reauthenticate", "not_found", "conflict", "too_many", "unavailable", "bug"] },
            "findings": { "type": "array", "items": { "$ref": "#/components/schemas/Finding" } },
        },
    });
    Map::from_iter([
        ("Finding".to_owned(), finding),
        ("Refused".to_owned(), refused),
    ])
}
