//! A month of four stores in different time zones, over the changes of the clocks, with thousands of customers and
//! failures at every port. `PEOPLE` and `SEED` choose another month.

use lanekeeper_month::{Town, check};

#[test]
fn a_month_breaks_no_promise() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let mut town = Town::open(number("SEED", 1));
    town.invite(number("PEOPLE", 2000));
    town.live();
    println!("{}", town.summary());
    check::limits(&town);
    check::answers(&town);
    check::deliveries(&town);
    check::quiet(&town);
    check::money(&town);
}
