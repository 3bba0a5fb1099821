//! Six hours of rates and lag in memory, a point every two seconds.

mod lines;

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Measure, distance};
use crate::kafka::listing::Listing;

pub use lines::Line;
use lines::{Lines, push_to};

/// No point for this long is a gap: the app or the cluster was away.
pub const GAP_MS: i64 = 10_000;
/// Rates in lists are means over this time.
const RATE_OVER_MS: i64 = 10_000;

/// A trend is the last quarter of an hour in so many steps.
const TREND_MS: i64 = 15 * 60 * 1_000;
/// Measurements come every two seconds, so the steps of a shorter one would be gaps.
const TREND_MS_MIN: i64 = 5 * 60 * 1_000;
const TREND_STEPS: usize = 60;
/// A change is measured over the last minute, once there are ten seconds of it.
const CHANGE_OVER_MS: i64 = 60_000;
const CHANGE_AFTER_MS: i64 = 10_000;
/// A consumer commits every five seconds by default, and may be given five minutes for a batch; after a minute
/// without a commit a person wants to look.
const STUCK_AFTER_MS: i64 = 60_000;

/// What was measured since the app looks at this cluster.
#[derive(Debug)]
pub struct History {
    pub since: i64,
    total_rate: Line,
    topic_rates: Lines,
    /// When topics were first seen, of those that are new.
    born: HashMap<String, i64>,
    lags: Lines,
    consumed: Line,
    /// Of the last seconds: when, since when, and how many records were committed.
    committed: VecDeque<(i64, i64, u64)>,
    last: Option<Ends>,
    last_committed: Option<Commits>,
    /// By group: since when it is behind and has committed nothing further.
    standing: HashMap<String, i64>,
}

/// Committed offsets at one moment, by group, topic and partition.
#[derive(Debug)]
struct Commits {
    at: i64,
    by_place: HashMap<(String, String, i32), i64>,
}

#[derive(Debug)]
struct Ends {
    at: i64,
    by_topic: HashMap<String, HashMap<i32, i64>>,
    /// Topics that there were, whether their ends could be had or not.
    listed: HashSet<String>,
}

impl History {
    pub fn new(now: i64) -> History {
        History {
            since: now,
            total_rate: Line::new(),
            topic_rates: Lines::default(),
            born: HashMap::new(),
            lags: Lines::default(),
            consumed: Line::new(),
            committed: VecDeque::new(),
            last: None,
            last_committed: None,
            standing: HashMap::new(),
        }
    }

    /// Takes the next measurement as the first: what comes before it is nobody's traffic.
    pub fn begin_anew(&mut self) {
        (self.last, self.last_committed) = (None, None);
    }

    /// Adds a measurement; `listing` says which topics are Kafka's own.
    pub fn add(&mut self, measure: &Measure, listing: &Listing) {
        let at = measure.at;
        self.topic_rates.drop_ended(at);
        self.lags.drop_ended(at);
        let internal = |topic: &str| listing.topic(topic).is_some_and(|topic| topic.internal);
        let listed = listing.topics.iter().map(|topic| topic.name.clone()).collect();
        self.add_rates(Ends { at, by_topic: measure.ends.told(), listed }, &internal);
        let commits = commits_of(measure);
        self.add_standing(&commits, |group| matches!(measure.lag(group), Some(Ok(1..))));
        self.add_consumed(commits);
        for group in &measure.groups {
            if let Some(Ok(lag)) = measure.lag(&group.group) {
                self.lags.push(&group.group, at, lag as f64);
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
        self.born.retain(|_, at| now.at - *at < RATE_OVER_MS);
        let mut total = 0.0;
        for (topic, ends) in &now.by_topic {
            // A topic that was not there the last time has had all its records since.
            let new = !last.listed.contains(topic);
            let before = last.by_topic.get(topic);
            if before.is_none() && !new {
                continue;
            }
            if new {
                self.born.insert(topic.clone(), now.at);
            }
            let begun = |partition| if new { Some(0) } else { before?.get(partition).copied() };
            // Else only partitions seen both times count: one that was away for a moment is no burst, and a topic
            // that was made again starts over, which is no negative rate.
            let grown = ends.iter().filter_map(|(partition, end)| Some(distance(begun(partition)?, *end)));
            let rate = grown.sum::<u64>() as f64 / seconds;
            // What Kafka writes for itself is nobody's traffic.
            if !internal(topic) {
                total += rate;
            }
            self.topic_rates.push(topic, now.at, rate);
        }
        push_to(&mut self.total_rate, now.at, total);
    }

    /// Adds how far the groups came; an offset that was set back is no negative rate, and a new one no burst. A group
    /// commits every few seconds what it read meanwhile, so this is a mean over more than one commit.
    fn add_consumed(&mut self, commits: Commits) {
        let last = self.last_committed.replace(commits);
        let (Some(last), Some(now)) = (last, self.last_committed.as_ref()) else {
            return;
        };
        if now.at <= last.at || now.at - last.at > GAP_MS || now.by_place.is_empty() {
            self.committed.clear();
            return;
        }
        let moved =
            now.by_place.iter().filter_map(|(place, to)| Some(distance(*last.by_place.get(place)?, *to)));
        self.committed.push_back((now.at, last.at, moved.sum()));
        self.committed.retain(|(at, _, _)| now.at - at < RATE_OVER_MS);
        let since = self.committed.front().map_or(last.at, |(_, since, _)| *since);
        let moved: u64 = self.committed.iter().map(|(_, _, moved)| moved).sum();
        push_to(&mut self.consumed, now.at, moved as f64 * 1_000.0 / (now.at - since) as f64);
    }

    /// Notes which groups stand still. It compares with the last commits, so it comes before they are replaced.
    fn add_standing(&mut self, now: &Commits, is_behind: impl Fn(&str) -> bool) {
        let last = self.last_committed.as_ref().filter(|last| now.at - last.at <= GAP_MS);
        let mut moved = HashSet::new();
        let mut groups = HashSet::new();
        for (place, to) in &now.by_place {
            groups.insert(place.0.as_str());
            if last.and_then(|last| last.by_place.get(place)) != Some(to) {
                moved.insert(place.0.as_str());
            }
        }
        let stands = |group: &str| groups.contains(group) && !moved.contains(group) && is_behind(group);
        self.standing.retain(|group, _| stands(group));
        for group in groups.iter().filter(|group| stands(group)) {
            self.standing.entry((*group).to_owned()).or_insert(now.at);
        }
    }

    /// Returns since when a group is behind and commits nothing, once that is a minute.
    pub fn stuck_since(&self, group: &str) -> Option<i64> {
        let now = self.last_committed.as_ref()?.at;
        self.standing.get(group).copied().filter(|since| now - since >= STUCK_AFTER_MS)
    }

    /// Returns what all groups together read, by their commits.
    pub fn consumed(&self) -> &Line {
        &self.consumed
    }

    /// Returns the lag of a group in sixty steps, the newest last: over the last quarter of an hour, or since it was
    /// first seen. A step without a measurement has none.
    pub fn trend(&self, group: &str, now: i64) -> Vec<Option<f64>> {
        let Some(line) = self.lags.get(group) else {
            return Vec::new();
        };
        let known = line.front().map_or(0, |(at, _)| now - at);
        let span = known.clamp(TREND_MS_MIN, TREND_MS);
        let mut steps = vec![None; TREND_STEPS];
        for (at, lag) in line.iter().rev().take_while(|(at, _)| now - at < span) {
            let back = usize::try_from((now - at).max(0) / (span / TREND_STEPS as i64)).unwrap_or(0);
            if let Some(step) = steps.iter_mut().rev().nth(back) {
                step.get_or_insert(*lag);
            }
        }
        steps
    }

    /// Returns by how much a group's lag grows a second, over the last minute; below zero it catches up.
    pub fn lag_change(&self, group: &str) -> Option<f64> {
        let line = self.lags.get(group)?;
        let (now, newest) = *line.back()?;
        let (then, oldest) = *line.iter().rev().take_while(|(at, _)| now - at <= CHANGE_OVER_MS).last()?;
        (now - then >= CHANGE_AFTER_MS).then(|| (newest - oldest) * 1_000.0 / (now - then) as f64)
    }

    /// Returns the mean rate of a topic over the last seconds, once there are two measurements.
    pub fn topic_rate(&self, topic: &str) -> Option<f64> {
        recent_mean(self.topic_rates.get(topic)?, i64::MIN)
    }

    /// Returns a topic's mean rate over the last seconds without what it was filled with when it was made: what a
    /// reader has to keep up with.
    pub fn steady_rate(&self, topic: &str) -> Option<f64> {
        let born = self.born.get(topic).copied().unwrap_or(i64::MIN);
        recent_mean(self.topic_rates.get(topic)?, born)
    }

    /// Returns the mean rate of all topics but the internal ones over the last seconds, once there are two
    /// measurements.
    pub fn rate(&self) -> Option<f64> {
        recent_mean(&self.total_rate, i64::MIN)
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
        let mut lines: Vec<_> = self.lags.iter().collect();
        let latest = |line: &Line| line.back().map_or(0.0, |point| point.1);
        lines.sort_by(|one, other| latest(other.1).total_cmp(&latest(one.1)).then(one.0.cmp(other.0)));
        lines
    }
}

/// Returns the mean of the last seconds, of points after `after` only.
fn recent_mean(line: &Line, after: i64) -> Option<f64> {
    let newest = line.back()?.0;
    let recent = line.iter().rev().take_while(|(at, _)| newest - at < RATE_OVER_MS && *at > after);
    let rates: Vec<f64> = recent.map(|(_, rate)| *rate).collect();
    (!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64)
}

fn commits_of(measure: &Measure) -> Commits {
    let mut by_place = HashMap::new();
    for (group, offsets) in &measure.committed {
        for offset in offsets.iter().flatten() {
            by_place.insert((group.clone(), offset.topic.clone(), offset.partition), offset.offset);
        }
    }
    Commits { at: measure.at, by_place }
}

#[cfg(test)]
mod tests;
