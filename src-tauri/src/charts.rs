//! Charts by plotters: lines in, SVG marks out. No text and no fonts; the page writes axes and legend.
//!
//! Marks are drawn on a canvas ten times as large as shown, since plotters rounds to whole pixels, and in
//! sentinel colours (#000001 is chart-1) that the page maps to its theme.

use plotters::prelude::*;

use crate::dto::{ChartGap, ChartLine, ChartView, TimeAxis, ValueAxis};

/// Canvas units of one pixel on screen.
const SCALE: u32 = 10;
const LINE_WIDTH: u32 = 15;
/// Points of one line that are handed to the page.
const POINTS_MAX: usize = 2_000;
/// No point for this long breaks the line.
const GAP_MS: i64 = 10_000;

/// What is drawn.
#[derive(Debug)]
pub struct Chart {
    pub lines: Vec<(String, Vec<(i64, f64)>)>,
    pub from: i64,
    pub to: i64,
    /// When collecting began; nothing is known before.
    pub since: i64,
    pub unit: &'static str,
    pub width: u32,
    pub height: u32,
}

/// Returns the marks and everything the page writes around them.
pub fn draw(chart: Chart) -> Result<ChartView, String> {
    let highest = chart.lines.iter().flat_map(|(_, points)| points).map(|(_, value)| *value);
    let top = nice_top(highest.fold(0.0, f64::max));
    let width = bucket_width(&chart);
    let lines: Vec<_> = chart.lines.iter().map(|(name, points)| (name, thin(points, width))).collect();
    let svg = marks(&chart, &lines, top)?;
    let gaps = chart.lines.iter().map(|(_, points)| gaps(points)).max_by_key(Vec::len).unwrap_or_default();
    let series = lines.into_iter().zip(&chart.lines).map(|((name, runs), (_, points))| ChartLine {
        name: name.clone(),
        latest: points.last().map(|(_, value)| *value),
        change_per_sec: None,
        points: with_breaks(&runs),
    });
    Ok(ChartView {
        svg,
        x: TimeAxis { min: chart.from, max: chart.to, ticks: time_ticks(chart.from, chart.to) },
        y: ValueAxis {
            min: 0.0,
            max: top,
            ticks: (0..=4).map(|step| top * f64::from(step) / 4.0).collect(),
            unit: chart.unit.to_owned(),
        },
        series: series.collect(),
        collecting_since: chart.since,
        gaps,
    })
}

fn marks(chart: &Chart, lines: &[(&String, Vec<Run>)], top: f64) -> Result<String, String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (chart.width * SCALE, chart.height * SCALE))
            .into_drawing_area();
        let mut plot = ChartBuilder::on(&root)
            .build_cartesian_2d(chart.from..chart.to.max(chart.from + 1), 0.0..top)
            .map_err(|error| error.to_string())?;
        for (index, (_, runs)) in lines.iter().enumerate() {
            let colour = RGBColor(0, 0, u8::try_from(index + 1).unwrap_or(u8::MAX));
            for run in runs {
                if lines.len() == 1 {
                    let area = AreaSeries::new(run.iter().copied(), 0.0, colour.mix(0.1));
                    plot.draw_series(area).map_err(|error| error.to_string())?;
                }
                let line = LineSeries::new(run.iter().copied(), colour.stroke_width(LINE_WIDTH));
                plot.draw_series(line).map_err(|error| error.to_string())?;
            }
        }
        root.present().map_err(|error| error.to_string())?;
    }
    Ok(svg)
}

/// Points without a gap between them.
type Run = Vec<(i64, f64)>;

/// How much time goes into one point so that no line has many more than [`POINTS_MAX`]; none if they have not.
fn bucket_width(chart: &Chart) -> Option<i64> {
    let most = i64::try_from(POINTS_MAX).unwrap_or(i64::MAX);
    let many = chart.lines.iter().any(|(_, points)| points.len() > POINTS_MAX);
    many.then(|| ((chart.to - chart.from) / most).max(1))
}

/// Parts a line at its gaps and keeps of each bucket of time the highest value, so that no peak is lost, at the time
/// of its newest point, which is the same in all lines.
fn thin(points: &[(i64, f64)], width: Option<i64>) -> Vec<Run> {
    let bucket = |at: i64| width.map_or(at, |width| at.div_euclid(width));
    let thinned = |run: &[(i64, f64)]| {
        let buckets = run.chunk_by(|one, other| bucket(one.0) == bucket(other.0));
        let highest = |points: &[(i64, f64)]| {
            let (at, _) = points.last()?;
            points.iter().map(|(_, value)| *value).max_by(f64::total_cmp).map(|value| (*at, value))
        };
        buckets.filter_map(highest).collect()
    };
    points.chunk_by(|one, other| other.0 - one.0 <= GAP_MS).map(thinned).collect()
}

fn gaps(points: &[(i64, f64)]) -> Vec<ChartGap> {
    let pairs = points.iter().zip(points.iter().skip(1));
    pairs
        .filter(|(one, other)| other.0 - one.0 > GAP_MS)
        .map(|(one, other)| ChartGap { from: one.0, to: other.0 })
        .collect()
}

fn with_breaks(runs: &[Run]) -> Vec<(i64, Option<f64>)> {
    let mut all: Vec<(i64, Option<f64>)> = Vec::new();
    for run in runs {
        if let Some((before, _)) = all.last() {
            all.push((before + 1, None));
        }
        all.extend(run.iter().map(|(at, value)| (*at, Some(*value))));
    }
    all
}

/// The least of 1, 2, 4, 5, 8 times a power of ten that is not below `value`; four steps divide it well.
fn nice_top(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    let factors = [1.0, 2.0, 4.0, 5.0, 8.0, 10.0];
    factors.into_iter().map(|factor| factor * power).find(|top| *top >= value).unwrap_or(10.0 * power)
}

/// Whole steps of time, four to eight of them.
fn time_ticks(from: i64, to: i64) -> Vec<i64> {
    const STEPS_S: [i64; 12] = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200];
    let range = (to - from).max(1);
    let step = STEPS_S.into_iter().map(|seconds| seconds * 1_000).find(|step| range / step <= 8);
    let step = step.unwrap_or(3_600_000);
    let first = from.div_euclid(step) * step;
    (0..).map(|index| first + index * step).skip_while(|at| *at < from).take_while(|at| *at <= to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(points: Vec<(i64, f64)>) -> Chart {
        Chart {
            lines: vec![("a".into(), points)],
            from: 0,
            to: 60_000,
            since: 0,
            unit: "records/s",
            width: 400,
            height: 120,
        }
    }

    #[test]
    fn marks_have_sentinel_colours_and_no_text() {
        let view = draw(chart((0..30).map(|n| (n * 2_000, n as f64)).collect())).expect("drawn");
        assert!(view.svg.contains("#000001"));
        assert!(!view.svg.contains("<text"));
        assert_eq!((view.y.max, view.y.ticks.len()), (40.0, 5));
        assert_eq!(view.series[0].latest, Some(29.0));
    }

    #[test]
    fn a_gap_breaks_the_line() {
        let view = draw(chart(vec![(0, 1.0), (2_000, 1.0), (40_000, 1.0)])).expect("drawn");
        assert_eq!(view.gaps, [ChartGap { from: 2_000, to: 40_000 }]);
        assert!(view.series[0].points.iter().any(|(_, value)| value.is_none()));
    }

    #[test]
    fn an_empty_chart_is_drawn() {
        let view = draw(chart(Vec::new())).expect("drawn");
        assert_eq!(view.y.max, 1.0);
    }

    #[test]
    fn thinning_keeps_peaks_and_makes_no_gaps() {
        let mut points: Vec<_> = (0..10_800).map(|n| (n * 2_000, 0.0)).collect();
        points[7_777].1 = 9.0;
        points.drain(3_000..3_100);
        let mut drawn = chart(points);
        drawn.to = 6 * 3_600_000;
        drawn.lines.push(("later".into(), drawn.lines[0].1[5_000..].to_vec()));
        let view = draw(drawn).expect("drawn");
        assert_eq!(view.gaps, [ChartGap { from: 5_998_000, to: 6_200_000 }]);
        let [line, later] = &view.series[..] else { panic!("two lines") };
        let breaks = line.points.iter().filter(|(_, value)| value.is_none()).count();
        assert_eq!((breaks, line.points.len() <= POINTS_MAX + 10), (1, true));
        assert!(line.points.iter().any(|(_, value)| *value == Some(9.0)));
        let times: Vec<i64> = line.points.iter().map(|(at, _)| *at).collect();
        assert!(later.points.iter().all(|(at, _)| times.contains(at)), "lines share their times");
    }
}
