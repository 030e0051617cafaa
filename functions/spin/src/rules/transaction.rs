//! How a batch is made atomic in SQLite.

use lanekeeper_platform::Statement;

/// What a batch needs around its statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transaction {
    /// Nothing: one query is consistent by itself.
    None,
    /// A snapshot for several queries; it neither waits for a writer nor holds one up.
    Read,
    /// The write lock from the start: taking it half-way can fail without a chance to wait.
    Write,
}

/// What these statements need.
pub fn needed(statements: &[Statement]) -> Transaction {
    match statements {
        [one] if is_query(one) => Transaction::None,
        several if several.iter().all(is_query) => Transaction::Read,
        _ => Transaction::Write,
    }
}

fn is_query(statement: &Statement) -> bool {
    // `WITH` may introduce a write as well, so it does not count as a query.
    statement.sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(statements: &[&'static str]) -> Transaction {
        needed(&statements.iter().map(|sql| Statement::new(*sql)).collect::<Vec<_>>())
    }

    #[test]
    fn queries_take_no_lock() {
        assert_eq!(of(&["SELECT 1"]), Transaction::None);
        assert_eq!(of(&["\n  select 1", "SELECT 2"]), Transaction::Read);
    }

    #[test]
    fn anything_else_takes_the_write_lock() {
        assert_eq!(of(&["DELETE FROM bays"]), Transaction::Write);
        assert_eq!(of(&["SELECT 1", "INSERT INTO bays VALUES (1) RETURNING id"]), Transaction::Write);
        assert_eq!(of(&["WITH old AS (SELECT 1) DELETE FROM bays"]), Transaction::Write);
    }
}
