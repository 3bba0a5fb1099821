//! The launcher: a cluster for scripts, CI and other people's tests.
//!
//! `start` runs one until it is told to end, `exec` runs one around a command, `ctl` talks to one that runs.

mod args;
mod ctl;
mod environment;
mod ephemeral;
mod exec;
mod listeners;
mod properties;
mod run;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    log.with_ansi(colours).init();
    let outcome = match Args::parse().command {
        Command::Start(start) => run::start(&start),
        Command::Exec(exec) => exec::exec(&exec),
        Command::Ctl(ctl) => ctl::run(&ctl),
    };
    outcome.unwrap_or_else(|message| {
        eprintln!("headwater-cluster: {message}");
        ExitCode::FAILURE
    })
}
