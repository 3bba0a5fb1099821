//! What was larger than a rule allows when the rule came: listed with its size, which may only sink.

/// How much more than its real size a listed thing may be allowed, so that a comment is no event.
const SLACK: usize = 5;

/// What is wrong with `found` (names and sizes) where `max` is allowed to all and `listed` to a few.
pub fn check(max: usize, listed: &[(&str, usize)], found: &[(String, usize)]) -> Vec<String> {
    let size = |name: &str| found.iter().filter(|(found, _)| found == name).map(|(_, size)| *size).max();
    let allowed = |name: &str| listed.iter().find(|(listed, _)| *listed == name).map_or(max, |(_, max)| *max);
    let large = found.iter().filter(|(name, size)| *size > allowed(name)).map(|(name, size)| {
        format!("{name} has {size} lines; {} are allowed: look for a seam", allowed(name))
    });
    let loose = listed.iter().filter_map(|(name, allowed)| match size(name) {
        None => Some(format!("{name} is on the list and is not there any more: take it off")),
        Some(size) if size <= max => {
            Some(format!("{name} has {size} lines, as all may: take it off the list"))
        }
        Some(size) if size + SLACK < *allowed => {
            Some(format!("{name} has {size} lines and {allowed} are allowed: lower that to {size}"))
        }
        Some(_) => None,
    });
    large.chain(loose).collect()
}
