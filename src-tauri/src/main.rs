//! `headwater` opens the window; `headwater serve` shows the same in a browser.

// A release build on Windows opens no console beside its window.
#![cfg_attr(all(not(debug_assertions), target_os = "windows"), windows_subsystem = "windows")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A desktop manager for Apache Kafka.
#[derive(Parser)]
#[command(name = "headwater", version, about)]
struct Arguments {
    /// Where connections, history and the local cluster's data are kept.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Show the same UI in a browser on this machine, at the address that is printed.
    Serve {
        /// The port on 127.0.0.1; 0 is any free one.
        #[arg(long, default_value_t = 0)]
        port: u16,
    },
    /// Write ui/src/ipc/bindings.ts from the operation list (for developers, from the source tree).
    #[command(hide = true)]
    Bindings,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        None => headwater::run_window(arguments.data_dir),
        Some(Command::Serve { port }) => headwater::run_serve(arguments.data_dir, port),
        Some(Command::Bindings) => headwater::write_bindings(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("headwater: {error}");
            for remedy in &error.remedies {
                eprintln!("  {}", remedy.label);
            }
            ExitCode::FAILURE
        }
    }
}
