//! What happens around a visit, and what is known of a customer, as a transcript tells of it.

use crate::Shop;
use lanekeeper_domain::notifications::Topic;
use lanekeeper_native::block_on;
use lanekeeper_platform::{Database, Statement, Value};
use lanekeeper_storage::{Consent, put_consent};

/// `lives America/Los_Angeles`, `agrees-to ads`, `arrives`, `order-line 1042 declined brakes Brake pads`.
/// `from` is who the transcript is about.
pub fn act(shop: &Shop, from: &str, verb: &str, rest: &str) -> Result<(), String> {
    let (now, store) = (shop.now().timestamp_millis(), shop.store.id.as_str());
    match verb {
        "lives" => change(
            shop,
            "UPDATE customers SET time_zone = ?1 WHERE id IN (SELECT customer_id FROM identities \
               WHERE store_id = ?3 AND kind = 'phone' AND address = ?2)",
            &[rest.into(), from.into(), store.into()],
        ),
        "agrees-to" => {
            let topic = Topic::from_name(rest).ok_or_else(|| format!("there is no topic '{rest}'"))?;
            let consent = Consent { address: from, topic, agreed: true, how: "api" };
            let line = format!("{}-sms", shop.store.id);
            let statements = put_consent(&shop.store.id, &line, &format!("consent-{now}"), &consent, shop.now());
            block_on(shop.database().batch(statements)).map(drop).map_err(|error| error.to_string())
        }
        "arrives" => change(
            shop,
            "UPDATE appointments SET arrived_at = ?1 WHERE status = 'booked' \
               AND customer_id IN (SELECT customer_id FROM identities \
               WHERE store_id = ?3 AND kind = 'phone' AND address = ?2)",
            &[now.into(), from.into(), store.into()],
        ),
        "order-line" => order_line(shop, rest),
        other => Err(format!("there is no '{other}' in transcripts")),
    }
}

fn order_line(shop: &Shop, text: &str) -> Result<(), String> {
    let mut words = text.splitn(4, ' ');
    let (Some(order), Some(authorization), Some(service), Some(name)) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err("write: order-line 1042 declined brakes Brake pads".to_owned());
    };
    change(
        shop,
        "INSERT INTO operations (id, store_id, order_id, position, name, service_id, pay_type, labor, parts, \
           authorization, progress) SELECT ?1 || '-' || ?3, store_id, id, 1, ?4, ?3, 'customer_pay', 1000, '[]', ?2, 'pending' \
           FROM repair_orders WHERE store_id = ?5 AND number = ?1",
        &[order.into(), authorization.into(), service.into(), name.into(), (&shop.store.id).into()],
    )
}

fn change(shop: &Shop, sql: &'static str, values: &[Value]) -> Result<(), String> {
    let statement = Statement { sql: sql.into(), parameters: values.to_vec() };
    block_on(shop.database().run(statement)).map(drop).map_err(|error| error.to_string())
}
