//! Six hours of rates and lag in memory, a point every two seconds.

use std::collections::{HashMap, VecDeque};

use super::{Measure, distance};
use crate::kafka::listing::Listing;

/// Points older than this are dropped.
const KEPT_MS: i64 = 6 * 3_600 * 1_000;
/// Lines of one kind; a cluster with more groups or topics keeps the first seen.
const LINES_MAX: usize = 200;
/// No point for this long is a gap: the app or the cluster was away.
pub const GAP_MS: i64 = 10_000;
/// Rates in lists are means over this time.
const RATE_OVER_MS: i64 = 10_000;

/// A line of points: time in milliseconds, and the value.
pub type Line = VecDeque<(i64, f64)>;

/// What was measured since the app looks at this cluster.
#[derive(Debug)]
pub struct History {
    pub since: i64,
    total_rate: Line,
    topic_rates: HashMap<String, Line>,
    lags: HashMap<String, Line>,
    last: Option<Ends>,
}

#[derive(Debug)]
struct Ends {
    at: i64,
    by_topic: HashMap<String, HashMap<i32, i64>>,
}

impl History {
    pub fn new(now: i64) -> History {
        History {
            since: now,
            total_rate: Line::new(),
            topic_rates: HashMap::new(),
            lags: HashMap::new(),
            last: None,
        }
    }

    /// Adds a measurement; `listing` says which topics are Kafka's own.
    pub fn add(&mut self, measure: &Measure, listing: &Listing) {
        let at = measure.at;
        let internal = |topic: &str| listing.topic(topic).is_some_and(|topic| topic.internal);
        self.add_rates(Ends { at, by_topic: ends_by_topic(measure) }, &internal);
        for group in &measure.groups {
            if let Some(Ok(lag)) = measure.lag(&group.group) {
                push(&mut self.lags, &group.group, at, lag as f64);
            }
        }
    }

    fn add_rates(&mut self, ends: Ends, internal: &dyn Fn(&str) -> bool) {
        let Some(last) = self.last.replace(ends) else {
            return;
        };
        let Some(now) = self.last.as_ref() else {
            return;
        };
        let seconds = (now.at - last.at) as f64 / 1_000.0;
        if seconds <= 0.0 || now.at - last.at > GAP_MS {
            return;
        }
        let mut total = 0.0;
        for (topic, ends) in &now.by_topic {
            let Some(before) = last.by_topic.get(topic) else {
                continue;
            };
            // Only partitions seen both times count: one that was away for a moment is no burst, and a topic
            // that was made again starts over, which is no negative rate.
            let grown =
                ends.iter().filter_map(|(partition, end)| Some(distance(*before.get(partition)?, *end)));
            let rate = grown.sum::<u64>() as f64 / seconds;
            // What Kafka writes for itself is nobody's traffic.
            if !internal(topic) {
                total += rate;
            }
            push(&mut self.topic_rates, topic, now.at, rate);
        }
        push_to(&mut self.total_rate, now.at, total);
    }

    /// Returns the mean rate of a topic over the last seconds, once there are two measurements.
    pub fn topic_rate(&self, topic: &str) -> Option<f64> {
        recent_mean(self.topic_rates.get(topic)?)
    }

    /// Returns the mean rate of all topics but the internal ones over the last seconds, once there are two
    /// measurements.
    pub fn rate(&self) -> Option<f64> {
        recent_mean(&self.total_rate)
    }

    pub fn total_rate(&self) -> &Line {
        &self.total_rate
    }

    /// Returns a topic's line, once there is one.
    pub fn rate_of(&self, topic: &str) -> Option<&Line> {
        self.topic_rates.get(topic)
    }

    pub fn lag_of(&self, group: &str) -> Option<&Line> {
        self.lags.get(group)
    }

    /// Returns the lines of groups, the one with the most lag first.
    pub fn lags(&self) -> Vec<(&str, &Line)> {
        let mut lines: Vec<_> = self.lags.iter().map(|(name, line)| (name.as_str(), line)).collect();
        let latest = |line: &Line| line.back().map_or(0.0, |point| point.1);
        lines.sort_by(|one, other| latest(other.1).total_cmp(&latest(one.1)).then(one.0.cmp(other.0)));
        lines
    }
}

fn recent_mean(line: &Line) -> Option<f64> {
    let newest = line.back()?.0;
    let recent = line.iter().rev().take_while(|(at, _)| newest - at < RATE_OVER_MS);
    let rates: Vec<f64> = recent.map(|(_, rate)| *rate).collect();
    Some(rates.iter().sum::<f64>() / rates.len() as f64)
}

fn ends_by_topic(measure: &Measure) -> HashMap<String, HashMap<i32, i64>> {
    let mut ends: HashMap<String, HashMap<i32, i64>> = HashMap::new();
    for ((topic, partition), found) in &measure.ends {
        if let Ok(found) = found {
            ends.entry(topic.clone()).or_default().insert(*partition, found.offset);
        }
    }
    ends
}

fn push(lines: &mut HashMap<String, Line>, name: &str, at: i64, value: f64) {
    if let Some(line) = lines.get_mut(name) {
        push_to(line, at, value);
    } else if lines.len() < LINES_MAX {
        lines.insert(name.to_owned(), Line::from([(at, value)]));
    }
}

fn push_to(line: &mut Line, at: i64, value: f64) {
    while line.front().is_some_and(|(first, _)| at - first > KEPT_MS) {
        line.pop_front();
    }
    line.push_back((at, value));
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: fn(&str) -> bool = |_| false;

    fn ends(at: i64, orders: i64) -> Ends {
        Ends { at, by_topic: HashMap::from([("orders".to_owned(), HashMap::from([(0, orders)]))]) }
    }

    #[test]
    fn a_rate_needs_two_measurements() {
        let mut history = History::new(0);
        history.add_rates(ends(1_000, 100), &NONE);
        assert_eq!(history.topic_rate("orders"), None);
        history.add_rates(ends(3_000, 140), &NONE);
        assert_eq!((history.topic_rate("orders"), history.rate()), (Some(20.0), Some(20.0)));
    }

    #[test]
    fn internal_topics_have_a_rate_of_their_own_but_no_part_in_the_total() {
        let mut history = History::new(0);
        let both = |at: i64, count: i64| {
            let mut ends = ends(at, count);
            ends.by_topic.insert("__consumer_offsets".to_owned(), HashMap::from([(0, 3 * count)]));
            ends
        };
        let internal = |topic: &str| topic.starts_with("__");
        history.add_rates(both(1_000, 100), &internal);
        history.add_rates(both(2_000, 110), &internal);
        assert_eq!(history.rate(), Some(10.0));
        assert_eq!(history.topic_rate("__consumer_offsets"), Some(30.0));
    }

    #[test]
    fn a_topic_made_again_has_no_negative_rate() {
        let mut history = History::new(0);
        history.add_rates(ends(1_000, 100), &NONE);
        history.add_rates(ends(2_000, 0), &NONE);
        assert_eq!(history.topic_rate("orders"), Some(0.0));
    }

    #[test]
    fn a_partition_that_comes_back_is_no_burst() {
        let mut history = History::new(0);
        history.add_rates(ends(1_000, 100), &NONE);
        let mut more = ends(2_000, 110);
        more.by_topic.entry("orders".to_owned()).or_default().insert(1, 1_000_000);
        history.add_rates(more, &NONE);
        assert_eq!(history.topic_rate("orders"), Some(10.0));
    }

    #[test]
    fn a_pause_is_a_gap_and_not_a_low_rate() {
        let mut history = History::new(0);
        history.add_rates(ends(0, 0), &NONE);
        history.add_rates(ends(GAP_MS + 1, 1_000), &NONE);
        assert_eq!(history.topic_rate("orders"), None);
    }

    #[test]
    fn old_points_are_dropped() {
        let mut line = Line::new();
        push_to(&mut line, 0, 1.0);
        push_to(&mut line, KEPT_MS + 1, 2.0);
        assert_eq!(line.len(), 1);
    }
}
