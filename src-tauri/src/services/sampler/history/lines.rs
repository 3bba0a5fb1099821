//! Many lines of points by name. The first ones are kept for hours, of the others only what rates and trends of the
//! moment need: a cluster may have ten thousand topics.

use std::collections::{HashMap, HashSet, VecDeque};

/// A line of points: time in milliseconds, and the value.
pub type Line = VecDeque<(i64, f64)>;

/// How long a point is kept, on the first lines and on the others.
const KEPT_MS: i64 = 6 * 3_600 * 1_000;
const KEPT_BRIEFLY_MS: i64 = 70_000;
/// So many lines are kept for long.
const LONG_MAX: usize = 200;

#[derive(Debug, Default)]
pub struct Lines {
    by_name: HashMap<String, Line>,
    long: HashSet<String>,
}

impl Lines {
    pub fn get(&self, name: &str) -> Option<&Line> {
        self.by_name.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Line)> {
        self.by_name.iter().map(|(name, line)| (name.as_str(), line))
    }

    /// Adds a point behind the others of its line.
    pub fn push(&mut self, name: &str, at: i64, value: f64) {
        let Some(line) = self.by_name.get_mut(name) else {
            if self.long.len() < LONG_MAX {
                self.long.insert(name.to_owned());
            }
            self.by_name.insert(name.to_owned(), Line::from([(at, value)]));
            return;
        };
        let kept_ms = if self.long.contains(name) { KEPT_MS } else { KEPT_BRIEFLY_MS };
        push_within(kept_ms, line, at, value);
    }

    /// Drops lines that have got no point for so long that they have none to show: their topic or group is gone.
    pub fn drop_ended(&mut self, now: i64) {
        let long = &mut self.long;
        self.by_name.retain(|name, line| {
            let kept_ms = if long.contains(name) { KEPT_MS } else { KEPT_BRIEFLY_MS };
            let lives = line.back().is_some_and(|(at, _)| now - at <= kept_ms);
            if !lives {
                long.remove(name);
            }
            lives
        });
    }
}

/// Adds a point to a line that is kept for hours.
pub fn push_to(line: &mut Line, at: i64, value: f64) {
    push_within(KEPT_MS, line, at, value);
}

fn push_within(kept_ms: i64, line: &mut Line, at: i64, value: f64) {
    while line.front().is_some_and(|(first, _)| at - first > kept_ms) {
        line.pop_front();
    }
    line.push_back((at, value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_its_last_points_and_the_first_ones_have_all() {
        let mut lines = Lines::default();
        for at in (0..=200_000).step_by(2_000) {
            for n in 0..LONG_MAX + 50 {
                lines.push(&format!("{n:03}"), at, 1.0);
            }
        }
        let points = |name: &str| lines.get(name).map_or(0, Line::len);
        assert_eq!((points("000"), points("199"), points("200"), points("249")), (101, 101, 36, 36));
    }

    #[test]
    fn a_line_that_ended_makes_room_for_a_long_one() {
        let mut lines = Lines::default();
        for n in 0..=LONG_MAX {
            lines.push(&format!("{n:03}"), 0, 1.0);
        }
        lines.drop_ended(KEPT_BRIEFLY_MS + 1);
        assert!(lines.get("000").is_some() && lines.get("200").is_none());
        lines.drop_ended(KEPT_MS + 1);
        assert_eq!(lines.iter().count(), 0);
        for at in [KEPT_MS, KEPT_MS + 2 * KEPT_BRIEFLY_MS] {
            lines.push("new", at, 1.0);
        }
        assert_eq!(lines.get("new").map(Line::len), Some(2));
    }

    #[test]
    fn old_points_are_dropped() {
        let mut line = Line::new();
        push_to(&mut line, 0, 1.0);
        push_to(&mut line, KEPT_MS + 1, 2.0);
        assert_eq!(line.len(), 1);
    }
}
