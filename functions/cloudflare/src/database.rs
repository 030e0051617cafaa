//! The database port over D1.

use crate::glue;
use lanekeeper_platform::{Database, DatabaseError, Row, Rows, Statement, Value};
use wasm_bindgen::JsValue;

/// One D1 database, by its binding.
pub struct D1 {
    binding: JsValue,
}

impl D1 {
    /// The database behind this binding. A binding that is missing shows at the first batch, not here.
    pub fn new(binding: JsValue) -> Self {
        Self { binding }
    }
}

impl Database for D1 {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        if self.binding.is_undefined() {
            return Err(DatabaseError::Other("no D1 database is bound as DB; see wrangler.toml".to_owned()));
        }
        let results = glue::batch_on(&self.binding, &to_json(statements)?)
            .await
            .map_err(|thrown| DatabaseError::from_message(glue::message_of(&thrown)))?;
        from_json(&results)
    }
}

/// The batch as `[[sql, [parameter, …]], …]`. JSON's numbers are doubles, as D1's are.
fn to_json(statements: Vec<Statement>) -> Result<String, DatabaseError> {
    let pairs: Vec<_> = statements
        .into_iter()
        .map(|statement| {
            (statement.sql, statement.parameters.into_iter().map(to_json_value).collect::<Vec<serde_json::Value>>())
        })
        .collect();
    serde_json::to_string(&pairs).map_err(|error| DatabaseError::Other(error.to_string()))
}

fn to_json_value(value: Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(integer) => integer.into(),
        Value::Real(real) => real.into(),
        Value::Text(text) => text.into(),
    }
}

fn from_json(results: &str) -> Result<Vec<Rows>, DatabaseError> {
    let results: Vec<Vec<Row>> =
        serde_json::from_str(results).map_err(|error| DatabaseError::Decode(error.to_string()))?;
    Ok(results.into_iter().map(Rows).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_one_json_text() {
        let statements = vec![
            Statement::new("SELECT ?1, ?2").bind(1_763_644_800_000_i64).bind("早\"上"),
            Statement::new("SELECT ?1, ?2").bind(0.5).bind(None::<String>),
        ];
        let json = r#"[["SELECT ?1, ?2",[1763644800000,"早\"上"]],["SELECT ?1, ?2",[0.5,null]]]"#;
        assert_eq!(to_json(statements).unwrap(), json);
    }

    #[test]
    fn rows_keep_whole_numbers_whole() {
        let rows = from_json(r#"[[{"at":1763644800000,"name":null}],[]]"#).unwrap();
        assert_eq!(rows[0].0[0]["at"].as_i64(), Some(1_763_644_800_000));
        assert!(rows[0].0[0]["name"].is_null() && rows[1].is_empty());
        assert!(matches!(from_json("[[1]]"), Err(DatabaseError::Decode(_))));
    }
}
