//! Charts of what was measured since the app looks at a cluster.

use std::sync::Arc;

use crate::app::App;
use crate::charts::{Chart, draw};
use crate::clock::now_ms;
use crate::dto::{AppError, ChartRequest, ChartSeries, ChartView};
use crate::error::AppResult;
use crate::services::sampler::Line;

const RANGE_MS_MAX: u64 = 6 * 3_600 * 1_000;
const SIDE_MAX: u32 = 4_000;
/// Lines of one chart: as many as there are colours.
const LINES_MAX: usize = 6;

pub async fn get(app: &Arc<App>, request: ChartRequest) -> AppResult<ChartView> {
    let sides = [request.width, request.height];
    if sides.iter().any(|side| *side == 0 || *side > SIDE_MAX) || request.range_ms == 0 {
        return Err(AppError::new(
            "The chart cannot be drawn",
            "Its size or its range of time is out of bounds.",
        ));
    }
    let connection = app.connections.get(request.cluster_id)?;
    let to = now_ms();
    let from = to - i64::try_from(request.range_ms.min(RANGE_MS_MAX)).unwrap_or(0);
    let cut = |line: &Line| line.iter().copied().filter(|(at, _)| *at >= from).collect::<Vec<_>>();
    let (lines, since, unit, mean, changes) = {
        let history = connection.history();
        let (lines, unit, mean) = match (request.series, &request.of) {
            (ChartSeries::ProduceRate, Some(topic)) => {
                let line = history.rate_of(topic).map(&cut).unwrap_or_default();
                (vec![(topic.clone(), line)], "records/s", history.topic_rate(topic))
            }
            (ChartSeries::Lag, Some(group)) => {
                (vec![(group.clone(), history.lag_of(group).map(&cut).unwrap_or_default())], "records", None)
            }
            (ChartSeries::ProduceRate, None) => {
                let mut lines = vec![("produced".to_owned(), cut(history.total_rate()))];
                let consumed = cut(history.consumed());
                if !consumed.is_empty() {
                    lines.push(("consumed by groups".to_owned(), consumed));
                }
                (lines, "records/s", history.rate())
            }
            (ChartSeries::Lag, None) => {
                let lags = history.lags().into_iter().take(LINES_MAX);
                (lags.map(|(name, line)| (name.to_owned(), cut(line))).collect(), "records", None)
            }
        };
        let is_lag = request.series == ChartSeries::Lag;
        let change = |(name, _): &(String, _)| history.lag_change(name).filter(|_| is_lag);
        let changes: Vec<Option<f64>> = lines.iter().map(change).collect();
        (lines, history.since, unit, mean, changes)
    };
    let mut view = draw(Chart { lines, from, to, since, unit, width: request.width, height: request.height })
        .map_err(|error| AppError::internal("The chart could not be drawn", error))?;
    for (line, change) in view.series.iter_mut().zip(changes) {
        line.change_per_sec = change;
    }
    // The figure beside a rate is the one that the rest of the screen shows; a single sample jumps.
    if let (Some(line), Some(mean)) = (view.series.first_mut().filter(|line| line.latest.is_some()), mean) {
        line.latest = Some(mean);
    }
    Ok(view)
}
