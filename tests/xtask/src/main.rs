//! The task runner. `cargo xtask run` opens the app, `cargo xtask test` passes everything; both do all the
//! set-up they need on a fresh machine and say what they do.

mod bench;
mod check;
mod fresh;
mod packages;
mod setup;
mod steps;
mod test;

use std::process::ExitCode;

use steps::{Outcome, Step, root};

const USAGE: &str = "cargo xtask COMMAND

  run [--web] [ARGS…]   set up, build and open the app; without a display (or with --web) serve the same UI
                        on loopback and print the address
  test [FILTER]         set up, then everything: format, lints, house rules, unit tests, suites with real
                        clients, the UI, the browser, the window; FILTER runs the Rust tests of that name
  check                 the quick loop: format, lints, house rules, unit tests, UI types, lint and tests
  bench [NAME]          measure beside Apache Kafka in one run and print the ratios
  bindings              write the TypeScript types of the operation list
  shots                 pictures of every screen, in both themes and two sizes
  soak [MINUTES]        kill and restart under load for as long as you say (10)
  fuzz [SECONDS]        feed the decoders mutated input for as long as you say (60)
  fresh                 prove `run` and `test` in a bare Debian made by mmdebstrap
  setup                 only the set-up";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    let outcome = match args.first().map(String::as_str) {
        Some("run") => run(&rest),
        Some("test") => test::run(rest.first().copied()),
        Some("check") => check::run(),
        Some("bench") => bench::run(&rest),
        Some("bindings") => bindings(),
        Some("shots") => shots(),
        Some("soak") => test::soak(rest.first().copied()),
        Some("fuzz") => test::fuzz(rest.first().copied()),
        Some("fresh") => fresh::run(),
        Some("setup") => setup::for_tests(),
        Some(_) | None => {
            eprintln!("{USAGE}");
            return if args.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nxtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Outcome {
    setup::for_the_app()?;
    let web = args.contains(&"--web") || !has_display();
    let rest = args.iter().copied().filter(|arg| *arg != "--web");
    Step::new("building the app").cargo(&["build", "--package", "headwater"])?;
    let program = root().join("target/debug").join(if cfg!(windows) { "headwater.exe" } else { "headwater" });
    let mut app: Vec<&str> = if web { vec!["serve"] } else { Vec::new() };
    app.extend(rest);
    let title = if web { "serving the app on loopback" } else { "opening the app" };
    Step::new(title).program(&program.to_string_lossy(), &app)
}

fn has_display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

fn bindings() -> Outcome {
    setup::for_the_app()?;
    Step::new("writing the TypeScript bindings").cargo(&[
        "run",
        "--quiet",
        "--package",
        "headwater",
        "--",
        "bindings",
    ])
}

fn shots() -> Outcome {
    setup::for_tests()?;
    Step::new("taking pictures of every screen").in_dir("ui").npm(&["run", "shots"])
}
