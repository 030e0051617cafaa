//! Statements as text, for tools that take a file of SQL.

use lanekeeper_platform::{Statement, Value};

/// The statement with its parameters written in place.
pub fn text(statement: &Statement) -> String {
    let mut text = String::new();
    let mut rest = statement.sql.as_ref();
    while let Some((before, after)) = rest.split_once('?') {
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = after.split_at(digits);
        let value = number.parse::<usize>().ok().and_then(|number| statement.parameters.get(number.checked_sub(1)?));
        text.push_str(before);
        text.push_str(&value.map_or_else(|| "NULL".to_owned(), literal));
        rest = after;
    }
    text.push_str(rest);
    text
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_needs_quoting() {
        let statement =
            Statement::new("UPDATE t SET a = ?2, b = ?1 WHERE c = ?3").bind("it's ?1").bind(7_i64).bind(Value::Null);
        assert_eq!(text(&statement), "UPDATE t SET a = 7, b = 'it''s ?1' WHERE c = NULL");
    }
}
