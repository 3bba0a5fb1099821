//! Records a second, and what they cost; ours and theirs take turns.

use super::super::ROUNDS;
use super::super::clusters::{Named, one, three};
use super::super::load::{self, Figures, Read, Work};

/// README's rows: 1 KiB with one and three replicas.
pub fn usual() {
    for replicas in [1, 3] {
        for codec in ["none", "lz4"] {
            beside(&Work { replicas, codec, ..Work::USUAL }, ROUNDS);
        }
    }
}

/// One thing at a time is otherwise than usual.
pub fn measure() {
    let small = Work { record: 100, bytes: 150_000_000, ..Work::USUAL };
    let works = [
        Work { replicas: 3, codec: "zstd", ..Work::USUAL },
        Work { replicas: 3, acks: "1", ..Work::USUAL },
        small,
        Work { replicas: 3, ..small },
        Work { read: Read::Tail, ..Work::USUAL },
        Work { read: Read::Tail, replicas: 3, ..Work::USUAL },
        Work { read: Read::Cold, ..Work::USUAL },
        Work { partitions: 1, ..Work::USUAL },
        Work { partitions: 100, ..Work::USUAL },
    ];
    for work in works {
        beside(&work, 1);
    }
}

/// Many partitions, and many producers.
pub fn wide() {
    let short = Work { bytes: 300_000_000, ..Work::USUAL };
    // Kafka makes at most ten thousand metadata records at once.
    beside(&Work { partitions: 9_900, bytes: 60_000_000, ..Work::USUAL }, 1);
    beside(&Work { producers: 500, ..short }, 1);
}

fn beside(work: &Work, rounds: usize) {
    let clusters: Vec<Named> = if work.replicas == 1 { one() } else { three() };
    let mut runs: Vec<Vec<Figures>> = clusters.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for ((name, start), runs) in clusters.iter().zip(&mut runs) {
            eprintln!("… {name}: {work}");
            runs.push(load::run(&start(), work));
        }
    }
    println!("{work} (medians of {rounds})");
    let figures: Vec<Figures> = runs.iter().map(|runs| Figures::median(runs)).collect();
    for ((name, _), figures) in clusters.iter().zip(&figures) {
        println!("  {name:13} {figures}");
    }
    if let [ours, theirs] = figures.as_slice() {
        println!("  {:13} {}", "ratio", load::ratio(ours, theirs));
    }
}
