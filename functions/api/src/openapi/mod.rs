//! The API's description (OpenAPI 3.1), made from the table of routes, from the types of bodies and from `schemas`. Only
//! tools and tests make it; what is served is the file that they wrote, `openapi.json`.

mod operations;
pub mod orders;
pub mod schemas;

use crate::{appointments, consents, conversations, customers, exceptions, understand, vehicles, waitlist};
use lanekeeper_platform::Platform;
use operations::{Body, OPERATIONS, Operation, Parameter};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{Ref, RefOr, Schema};

/// The document, as it is to be written into `openapi.json`.
pub fn document() -> String {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = described(operation);
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Lanekeeper",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Stores, customers, appointments and what was said. A key sees the stores of its group; everything \
                else is not found. Times are UTC (RFC 3339), dates the store's local ones, amounts minor units of its \
                currency. What is wrong with a request is answered as problem details (RFC 9457): 400 when it cannot be \
                read, 422 when something in its body is not possible, each with the fields in `errors`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key of the group."}},
            "schemas": components(),
        },
    });
    document.to_string()
}

/// Every method and path that the API answers, and every one that the document describes: the two are to be the same.
pub fn routes_and_operations<P: Platform>() -> (Vec<String>, Vec<String>) {
    let mut routes: Vec<String> =
        crate::routes::routes::<P>().iter().map(|route| format!("{} {}", route.method, route.pattern)).collect();
    routes.push("GET /api/openapi.json".to_owned());
    let mut operations: Vec<String> =
        OPERATIONS.iter().map(|operation| format!("{} {}", operation.method.to_uppercase(), operation.path)).collect();
    routes.sort();
    operations.sort();
    (routes, operations)
}

/// Adds a type's schema, and those of the types within it.
fn add<T: ToSchema>(all: &mut Vec<(String, RefOr<Schema>)>) {
    all.push((T::name().into_owned(), T::schema()));
    T::schemas(all);
}

fn components() -> Value {
    let mut all = Vec::new();
    add::<schemas::Problem>(&mut all);
    add::<schemas::Group>(&mut all);
    add::<schemas::Stores>(&mut all);
    add::<schemas::Profile>(&mut all);
    add::<schemas::Services>(&mut all);
    add::<schemas::Technicians>(&mut all);
    add::<schemas::Advisors>(&mut all);
    add::<schemas::Bays>(&mut all);
    add::<schemas::Exceptions>(&mut all);
    add::<schemas::Understanding>(&mut all);
    add::<schemas::ImportReport>(&mut all);
    add::<schemas::Customers>(&mut all);
    add::<schemas::CustomerConsents>(&mut all);
    add::<schemas::Vehicles>(&mut all);
    add::<schemas::Openings>(&mut all);
    add::<schemas::Appointments>(&mut all);
    add::<schemas::Waitlist>(&mut all);
    add::<orders::RepairOrders>(&mut all);
    add::<orders::RepairOrder>(&mut all);
    add::<orders::NewRepairOrder>(&mut all);
    add::<orders::RepairOrderChange>(&mut all);
    add::<orders::OperationFields>(&mut all);
    add::<orders::Proposal>(&mut all);
    add::<orders::Authorization>(&mut all);
    add::<orders::OrderEvents>(&mut all);
    add::<schemas::OptOuts>(&mut all);
    add::<schemas::Consents>(&mut all);
    add::<schemas::Conversations>(&mut all);
    add::<schemas::Thread>(&mut all);
    add::<schemas::Deliveries>(&mut all);
    add::<schemas::Replayed>(&mut all);
    add::<customers::NewCustomer>(&mut all);
    add::<customers::CustomerChange>(&mut all);
    add::<consents::NewConsent>(&mut all);
    add::<conversations::TakeOver>(&mut all);
    add::<conversations::NewReply>(&mut all);
    add::<conversations::NoteFields>(&mut all);
    add::<conversations::Assignment>(&mut all);
    add::<conversations::Closing>(&mut all);
    add::<vehicles::VehicleFields>(&mut all);
    add::<appointments::NewAppointment>(&mut all);
    add::<appointments::NewTime>(&mut all);
    add::<waitlist::NewWaitlistEntry>(&mut all);
    add::<exceptions::ExceptionHours>(&mut all);
    add::<understand::Question>(&mut all);
    all.into_iter().map(|(name, schema)| (name, json!(schema))).collect::<Map<_, _>>().into()
}

fn described(operation: &Operation) -> Value {
    let (status, schema) = operation.answer;
    let mut responses = Map::new();
    responses.insert(status.to_string(), success(status, schema));
    if operation.or_created {
        responses.insert("201".to_owned(), success(201, schema));
    }
    let mut refuse = |status: u16, description: &str| {
        let content = json!({"application/problem+json": {"schema": Ref::from_schema_name("Problem")}});
        responses.insert(status.to_string(), json!({"description": description, "content": content}));
    };
    let open = operation.path == "/api/openapi.json";
    if !open {
        refuse(401, "No key, or not a valid one");
        refuse(503, "Not possible at this moment: try again");
    }
    if operation.path.contains('{') {
        refuse(404, "There is no such thing in the key's group");
    }
    let parameters = parameters(operation);
    let has_headers_or_query = parameters.iter().any(|parameter| parameter["in"] != "path");
    if has_headers_or_query
        || operation.body.is_some()
        || operation.path.contains("{date}")
        || operation.path.contains("/bays/")
    {
        refuse(400, "The request cannot be read: no JSON, or a parameter that is not what it must be");
    }
    if operation.body.is_some() {
        refuse(413, "The body is longer than 10 MiB");
        refuse(422, "Something in the body is not possible, or the Idempotency-Key came with another request before");
    }
    for status in operation.refusals {
        refuse(
            *status,
            match status {
                409 => "Something exists that excludes it, or it is not possible any more",
                412 => "It was changed since the ETag in If-Match was read",
                428 => "If-Match is missing",
                _ => "Not possible",
            },
        );
    }
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses,
    });
    if open {
        described["security"] = json!([]);
    }
    match operation.body {
        Some(Body::Json(name)) => {
            let content = json!({"application/json": {"schema": Ref::from_schema_name(name)}});
            described["requestBody"] = json!({"required": true, "content": content});
        }
        Some(Body::File) => {
            let sheet = json!({"schema": {"type": "string"}, "example": "phone,name\n3125550100,Dana\n"});
            let workbook = json!({"schema": {"type": "string", "format": "binary"}});
            described["requestBody"] = json!({"required": true, "content": {
                "text/csv": sheet,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": workbook,
            }});
        }
        None => {}
    }
    described
}

fn success(status: u16, schema: &str) -> Value {
    let description = match status {
        201 => "It is created",
        204 => "It is done",
        _ => "Here it is",
    };
    let mut success = json!({"description": description});
    if schema == "OpenApi" {
        success["content"] = json!({"application/json": {"schema": {"type": "object"}}});
    } else if !schema.is_empty() {
        success["content"] = json!({"application/json": {"schema": Ref::from_schema_name(schema)}});
    }
    success
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let places = operation.path.split('/').filter_map(|word| word.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = places
        .map(|name| {
            let schema = match name {
                "date" => json!({"type": "string", "format": "date", "example": "2026-12-24"}),
                "kind" => json!({"type": "string", "enum": ["menu", "technicians", "customers", "appointments"]}),
                "store" => json!({"type": "string", "example": "lakeside"}),
                "topic" => json!({"type": "string", "enum": ["ads", "reminders", "surveys"]}),
                _ => json!({"type": "string"}),
            };
            json!({"name": name, "in": "path", "required": true, "schema": schema})
        })
        .collect();
    parameters.extend(operation.parameters.iter().map(|Parameter { name, place, description, schema }| {
        let schema: Value = serde_json::from_str(schema).unwrap_or_default();
        json!({"name": name, "in": place, "required": false, "description": description, "schema": schema})
    }));
    parameters
}
