//! The task runner. `cargo xtask run` opens the app, `cargo xtask test` passes everything; both do all the
//! set-up they need on a fresh machine and say what they do.

mod bench;
mod browser;
mod check;
mod deny;
mod dist;
mod fresh;
mod packages;
mod setup;
mod steps;
mod test;
mod wine;
mod words;

use std::process::ExitCode;

use steps::{Outcome, Step, root};
use words::{Task, USAGE};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = words::parse(&words).and_then(perform);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nxtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task<'_>) -> Outcome {
    match task {
        Task::Help => {
            println!("{USAGE}");
            Ok(())
        }
        Task::Run(args) => run(args),
        Task::Test { filter } => test::run(filter),
        Task::Check => check::run(),
        Task::Bench(names) => bench::run(names),
        Task::Bindings => bindings(),
        Task::Shots => shots(),
        Task::Soak { minutes } => test::soak(minutes),
        Task::Fuzz { seconds } => test::fuzz(seconds),
        Task::Dist => dist::run(),
        Task::Fresh => fresh::run(),
        Task::Wine => wine::run(),
        Task::Setup => setup::for_tests(),
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
    let chromium = browser::program()?;
    Step::new("taking pictures of every screen")
        .in_dir("ui")
        .env("CHROMIUM", &chromium)
        .npm(&["run", "shots"])
}
