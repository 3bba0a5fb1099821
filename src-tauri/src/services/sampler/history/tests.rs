use super::*;

const NONE: fn(&str) -> bool = |_| false;

fn ends(at: i64, orders: i64) -> Ends {
    let by_topic = HashMap::from([("orders".to_owned(), HashMap::from([(0, orders)]))]);
    Ends { at, listed: by_topic.keys().cloned().collect(), by_topic }
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
fn each_of_ten_thousand_topics_has_a_rate() {
    let mut history = History::new(0);
    let all = |at: i64, count: i64| {
        let topics = (0..10_000).map(|n| (format!("topic-{n}"), HashMap::from([(0, count * n)])));
        let by_topic: HashMap<_, _> = topics.collect();
        Ends { at, listed: by_topic.keys().cloned().collect(), by_topic }
    };
    history.add_rates(all(1_000, 1), &NONE);
    history.add_rates(all(2_000, 2), &NONE);
    for n in [0, 5_000, 9_999] {
        assert_eq!(history.topic_rate(&format!("topic-{n}")), Some(f64::from(n)));
    }
}

#[test]
fn internal_topics_have_a_rate_of_their_own_but_no_part_in_the_total() {
    let mut history = History::new(0);
    let both = |at: i64, count: i64| {
        let mut ends = ends(at, count);
        ends.by_topic.insert("__consumer_offsets".to_owned(), HashMap::from([(0, 3 * count)]));
        ends.listed.insert("__consumer_offsets".to_owned());
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
fn the_first_records_of_a_new_topic_count() {
    let mut history = History::new(0);
    history.add_rates(Ends { at: 1_000, by_topic: HashMap::new(), listed: HashSet::new() }, &NONE);
    history.add_rates(ends(3_000, 30_000), &NONE);
    assert_eq!((history.topic_rate("orders"), history.rate()), (Some(15_000.0), Some(15_000.0)));
    assert_eq!(history.steady_rate("orders"), None, "what it was filled with is no rate to keep up with");
    history.add_rates(ends(5_000, 30_040), &NONE);
    assert_eq!(history.steady_rate("orders"), Some(20.0));
}

#[test]
fn what_came_before_a_new_beginning_is_no_traffic() {
    let mut history = History::new(0);
    history.add_rates(Ends { at: 1_000, by_topic: HashMap::new(), listed: HashSet::new() }, &NONE);
    history.begin_anew();
    history.add_rates(ends(3_000, 30_000), &NONE);
    assert_eq!((history.topic_rate("orders"), history.rate()), (None, None));
    history.add_rates(ends(5_000, 30_040), &NONE);
    assert_eq!((history.topic_rate("orders"), history.rate()), (Some(20.0), Some(20.0)));
}

#[test]
fn a_topic_whose_leaders_were_away_is_no_burst() {
    let mut history = History::new(0);
    history.add_rates(Ends { by_topic: HashMap::new(), ..ends(1_000, 0) }, &NONE);
    history.add_rates(ends(3_000, 30_000), &NONE);
    assert_eq!(history.rate(), Some(0.0));
}

#[test]
fn a_pause_is_a_gap_and_not_a_low_rate() {
    let mut history = History::new(0);
    history.add_rates(ends(0, 0), &NONE);
    history.add_rates(ends(GAP_MS + 1, 1_000), &NONE);
    assert_eq!(history.topic_rate("orders"), None);
}

#[test]
fn a_trend_has_its_newest_step_last_and_gaps_where_nothing_was_measured() {
    let mut history = History::new(0);
    let now = 10 * TREND_MS;
    let step = TREND_MS / TREND_STEPS as i64;
    for (at, lag) in [(now - 2 * TREND_MS, 1.0), (now - 3 * step, 5.0), (now - 10, 7.0), (now, 9.0)] {
        history.lags.push("g", at, lag);
    }
    let trend = history.trend("g", now);
    assert_eq!(trend.len(), TREND_STEPS);
    assert_eq!(trend[TREND_STEPS - 4..], [Some(5.0), None, None, Some(9.0)]);
    assert_eq!(trend.iter().flatten().count(), 2, "what is older is left out");
    assert!(history.trend("unknown", now).is_empty());
}

#[test]
fn a_lag_that_grows_and_one_that_shrinks() {
    let mut history = History::new(0);
    for second in 0..30 {
        history.lags.push("behind", second * 1_000, 6.0 * second as f64);
        history.lags.push("catching up", second * 1_000, 100.0 - second as f64);
    }
    assert_eq!(history.lag_change("behind"), Some(6.0));
    assert_eq!(history.lag_change("catching up"), Some(-1.0));
    history.lags.push("new", 0, 1.0);
    assert_eq!(history.lag_change("new"), None);
}

#[test]
fn what_groups_read_is_counted_where_it_was_seen_twice() {
    let commits = |at: i64, places: &[(&str, i64)]| Commits {
        at,
        by_place: places.iter().map(|(g, to)| (((*g).to_owned(), "t".to_owned(), 0), *to)).collect(),
    };
    let mut history = History::new(0);
    history.add_consumed(commits(0, &[("a", 100), ("b", 50)]));
    history.add_consumed(commits(2_000, &[("a", 120), ("b", 10), ("new", 1_000_000)]));
    assert_eq!(history.consumed().back(), Some(&(2_000, 10.0)));
    // Nothing for a while, then all at once: the same rate.
    for at in (4_000..=10_000).step_by(2_000) {
        history.add_consumed(commits(at, &[("a", if at < 10_000 { 120 } else { 200 })]));
    }
    assert_eq!(history.consumed().back(), Some(&(10_000, 10.0)));
}

#[test]
fn a_group_is_stuck_when_it_is_behind_and_commits_nothing_for_a_minute() {
    let mut history = History::new(0);
    let mut add = |at: i64, to: i64, behind: bool| {
        let by_place = HashMap::from([(("g".to_owned(), "t".to_owned(), 0), to)]);
        let commits = Commits { at, by_place };
        history.add_standing(&commits, |_| behind);
        history.add_consumed(commits);
        history.stuck_since("g")
    };
    let steps = |from: i64, to: i64| (from..=to).step_by(2_000);
    assert!(steps(0, 120_000).all(|at| add(at, 5, false).is_none()), "nothing to read");
    assert!(steps(122_000, 180_000).all(|at| add(at, 5, true).is_none()), "not a minute yet");
    assert_eq!(add(182_000, 5, true), Some(122_000));
    assert_eq!(add(184_000, 6, true), None, "it committed");
    assert!(steps(186_000, 244_000).all(|at| add(at, 6, true).is_none()));
    assert_eq!(add(246_000, 6, true), Some(186_000));
    assert_eq!(add(246_000 + GAP_MS + 1, 6, true), None, "who knows what happened meanwhile");
}
