//! The databases of a deployment. A store lives on one of them; the first one also holds the directory that says which.

/// The databases, numbered from 1.
#[derive(Debug)]
pub struct Shards<D> {
    first: D,
    more: Vec<D>,
}

impl<D> Shards<D> {
    /// The first database, and those with the numbers 2, 3 …
    pub fn new(first: D, more: Vec<D>) -> Self {
        Self { first, more }
    }

    /// The first database, where the directory is: which store is on which shard, whose each line is, and the API's keys.
    pub fn directory(&self) -> &D {
        &self.first
    }

    /// The shard of this number, if the deployment has it.
    pub fn get(&self, number: u32) -> Option<Shard<'_, D>> {
        self.iter().find(|shard| shard.number == number)
    }

    /// All shards, the first one first. Whoever goes through them must let one that fails not stop the others.
    pub fn iter(&self) -> impl Iterator<Item = Shard<'_, D>> {
        (1..).zip(std::iter::once(&self.first).chain(&self.more)).map(|(number, database)| Shard { number, database })
    }

    /// The shard and the outbox row that a wake-up names. One without a number was made when there was one database.
    pub fn of_wake_up<'w>(&self, wake_up: &'w str) -> Option<(Shard<'_, D>, &'w str)> {
        let (number, delivery) = wake_up.split_once(':').unwrap_or(("1", wake_up));
        Some((self.get(number.parse().ok()?)?, delivery))
    }
}

/// One database among several.
#[derive(Debug)]
pub struct Shard<'a, D> {
    /// Its number, from 1.
    pub number: u32,
    /// The database itself.
    pub database: &'a D,
}

impl<D> Clone for Shard<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<D> Copy for Shard<'_, D> {}

impl<D> Shard<'_, D> {
    /// What the queue carries to wake this row of this shard's outbox.
    pub fn wake_up(&self, delivery: &str) -> String {
        format!("{}:{delivery}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wake_ups_find_their_shard() {
        let shards = Shards::new("first", vec!["second"]);
        let found = |wake_up: &str| shards.of_wake_up(wake_up).map(|(shard, row)| (*shard.database, row.to_owned()));
        let row = |shard| Some((shard, "01hx".to_owned()));
        assert_eq!(found(&shards.get(2).unwrap().wake_up("01hx")), row("second"));
        assert_eq!(found("01hx"), row("first"));
        assert_eq!(found("3:01hx"), None);
        assert_eq!(found("x:01hx"), None);
        assert_eq!(*shards.directory(), "first");
    }
}
