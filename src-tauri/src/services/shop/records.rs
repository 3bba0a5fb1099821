//! What the sample shop sells: the contents of its records.

use crate::dto::Codec;

/// A topic of the shop: name, partitions, settings.
type ShopTopic = (&'static str, i32, &'static [(&'static str, &'static str)]);

pub const TOPICS: [ShopTopic; 7] = [
    (ORDERS, 6, &[]),
    (PAYMENTS, 6, &[]),
    (CUSTOMERS, 3, &[("cleanup.policy", "compact")]),
    (PAGE_VIEWS, 6, &[("retention.ms", "3600000")]),
    (SHIPMENTS, 3, &[]),
    (RETRY, 3, &[]),
    (DEAD_LETTERS, 1, &[]),
];
pub const ORDERS: &str = "orders";
pub const PAYMENTS: &str = "payments";
pub const CUSTOMERS: &str = "customers";
pub const PAGE_VIEWS: &str = "page-views";
pub const SHIPMENTS: &str = "shipments";
pub const RETRY: &str = "orders.retry";
pub const DEAD_LETTERS: &str = "orders.dlq";

/// Keeps up with orders and payments.
pub const FULFILMENT: &str = "fulfilment";
/// Reads page views more slowly than they come.
pub const ANALYTICS: &str = "analytics";
pub const GROUPS: [&str; 2] = [FULFILMENT, ANALYTICS];

/// One order in so many cannot be read by fulfilment, twice, and ends among the dead letters.
const BROKEN_ONE_IN: u64 = 25;
/// One customer's record in so many says that the customer is gone.
const GONE_ONE_IN: u64 = 8;
/// Just beyond what a double holds exactly, as real ids are.
const FIRST_ID: u64 = 9_007_199_254_740_993;

/// A record before it has a place.
pub struct Made {
    pub topic: &'static str,
    pub key: Option<String>,
    pub value: Option<String>,
    pub headers: Vec<(&'static str, Option<String>)>,
    pub codec: Codec,
}

/// A small generator of numbers: the shop needs variety, not secrets.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed | 1)
    }

    /// Returns a number below `end`. Source: xorshift64*, Vigna 2016.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % end.max(1)
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let at = self.below(words.len() as u64) as usize;
        words.get(at).copied().unwrap_or_default()
    }
}

pub fn order(dice: &mut Dice, number: u64) -> Made {
    let region = dice.one_of(&["eu", "us", "uk"]);
    let id = FIRST_ID + number;
    let status = dice.one_of(&["NEW", "PAID", "PACKED", "SHIPPED"]);
    let (euros, cents) = (dice.below(300) + 1, dice.below(100));
    let value = if number % BROKEN_ONE_IN == BROKEN_ONE_IN - 1 {
        // Cut off, as a producer with a bug would send it.
        format!(r#"{{"orderId":{id},"customer":"#)
    } else {
        format!(
            r#"{{"orderId":{id},"customer":"cust-{}","status":"{status}","total":{euros}.{cents:02},"currency":"EUR","items":[{{"sku":"A-{}","quantity":{}}}],"coupon":null,"gift":{}}}"#,
            dice.below(400),
            dice.below(90),
            dice.below(4) + 1,
            dice.below(10) == 0,
        )
    };
    Made {
        topic: ORDERS,
        key: Some(format!("{region}-{}", number % 10_000)),
        value: Some(value),
        headers: vec![("content-type", Some("application/json".into())), ("source", Some("checkout".into()))],
        codec: Codec::Lz4,
    }
}

pub fn payment(dice: &mut Dice, number: u64) -> Made {
    let codecs = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];
    let codec = codecs.get((number % 5) as usize).copied().unwrap_or(Codec::None);
    let method = dice.one_of(&["card", "transfer", "invoice"]);
    let value = format!(
        r#"{{"paymentId":"pay-{number:08}","orderId":{},"amount":{}.{:02},"method":"{method}","fxRate":1.0838500000000001}}"#,
        FIRST_ID + number,
        dice.below(300) + 1,
        dice.below(100),
    );
    let trace = format!("00-{:016x}{:016x}-{:016x}-01", dice.below(u64::MAX), number, dice.below(u64::MAX));
    Made {
        topic: PAYMENTS,
        key: Some(format!("pay-{number:08}")),
        value: Some(value),
        headers: vec![
            ("content-type", Some("application/json".into())),
            ("traceparent", Some(trace)),
            ("x-risk", (dice.below(6) == 0).then(|| "review".to_owned())),
        ],
        codec,
    }
}

/// Customers are a table: the newest record of a key counts, and one without a value ends it.
pub fn customer(dice: &mut Dice, number: u64) -> Made {
    let value = (number % GONE_ONE_IN != GONE_ONE_IN - 1).then(|| {
        let name = dice.one_of(&["Ada", "Björn", "Chidi", "Dolores", "Étienne", "Fatima"]);
        let tier = dice.one_of(&["basic", "plus", "business"]);
        format!(r#"{{"name":"{name}","tier":"{tier}","orders":{}}}"#, dice.below(50))
    });
    Made {
        topic: CUSTOMERS,
        key: Some(format!("cust-{}", dice.below(60))),
        value,
        headers: Vec::new(),
        codec: Codec::None,
    }
}

pub fn page_view(dice: &mut Dice) -> Made {
    let page = dice.one_of(&["/", "/cart", "/search?q=boots", "/products/42", "/products/7", "/checkout"]);
    let status = if dice.below(40) == 0 { 500 } else { 200 };
    let value = format!("GET {page} {status} {} ms", dice.below(180) + 3);
    Made { topic: PAGE_VIEWS, key: None, value: Some(value), headers: Vec::new(), codec: Codec::Lz4 }
}

/// Whether fulfilment can read an order.
pub fn readable(value: Option<&[u8]>) -> bool {
    value.is_some_and(|bytes| bytes.ends_with(b"}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_have_exact_ids_and_one_in_25_is_broken() {
        let mut dice = Dice::new(7);
        let made: Vec<Made> = (0..100).map(|number| order(&mut dice, number)).collect();
        let broken = made.iter().filter(|made| !readable(made.value.as_deref().map(str::as_bytes))).count();
        assert_eq!(broken, 4);
        for made in &made {
            let text = made.value.as_deref().expect("a value");
            assert!(text.contains("\"orderId\":900719925474"), "{text}");
            let reads = serde_json::from_str::<serde_json::Value>(text).is_ok();
            assert_eq!(reads, readable(Some(text.as_bytes())), "{text}");
        }
    }

    #[test]
    fn payments_use_every_codec_and_customers_end_in_tombstones() {
        let mut dice = Dice::new(7);
        let codecs: std::collections::HashSet<Codec> =
            (0..5).map(|at| payment(&mut dice, at).codec).collect();
        assert_eq!(codecs.len(), 5);
        let gone = (0..80).filter(|at| customer(&mut dice, *at).value.is_none()).count();
        assert_eq!(gone, 10);
    }

    #[test]
    fn dice_fall_within_their_bounds_and_vary() {
        let mut dice = Dice::new(0);
        let thrown: std::collections::HashSet<u64> = (0..500).map(|_| dice.below(20)).collect();
        assert_eq!(thrown.len(), 20);
        assert_eq!(dice.below(0), 0);
    }
}
