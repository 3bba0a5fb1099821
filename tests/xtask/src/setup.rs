//! Everything a fresh machine lacks: packages, npm packages, the built UI, Kafka's jars, foreign clients.

use std::path::PathBuf;

use super::steps::{Outcome, Step, is_stale, output, root};
use super::{browser, packages};

/// The oldest Node that builds the UI.
const NODE_MIN: (u32, u32) = (20, 19);
/// Apache Kafka as the tests compare with it; `tests/clients/java/pom.xml` names the version.
const KAFKA_LIB: &str = "target/kafka/lib";

/// What the app needs.
pub fn for_the_app() -> Outcome {
    packages::install(packages::APP)?;
    node()?;
    npm_packages("ui")?;
    built_ui()
}

/// What the tests need beside that.
pub fn for_tests() -> Outcome {
    for_the_app()?;
    packages::install(packages::TESTS)?;
    kafka_jars()?;
    java_client("admin")?;
    java_client("txn")?;
    java_client("groups")?;
    java_client("streams")?;
    java_client("tools")?;
    npm_packages("tests/clients/node")?;
    npm_packages("tests/e2e")?;
    python_clients()?;
    browser::program()?;
    go_clients()
}

fn node() -> Outcome {
    let missing = || {
        format!("Node {}.{} or newer is needed to build the UI (https://nodejs.org)", NODE_MIN.0, NODE_MIN.1)
    };
    let version = output("node", &["--version"]).ok_or_else(missing)?;
    let mut parts =
        version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found >= NODE_MIN { Ok(()) } else { Err(format!("{}; this one is {}", missing(), version.trim())) }
}

fn npm_packages(dir: &str) -> Outcome {
    let lock = root().join(dir).join("package-lock.json");
    if !lock.exists() {
        return Ok(());
    }
    let installed = root().join(dir).join("node_modules/.package-lock.json");
    if !is_stale(&installed, &[lock]) {
        return Ok(());
    }
    Step::new(&format!("installing the npm packages of {dir}")).in_dir(dir).npm(&[
        "ci",
        "--no-audit",
        "--no-fund",
    ])
}

/// Builds the UI if its sources are newer than what is built.
pub fn built_ui() -> Outcome {
    let ui = root().join("ui");
    let sources = ["src", "index.html", "package-lock.json", "vite.config.ts"].map(|name| ui.join(name));
    if !is_stale(&ui.join("dist/index.html"), &sources) {
        return Ok(());
    }
    Step::new("building the UI").in_dir("ui").npm(&["run", "build"])
}

fn kafka_jars() -> Outcome {
    let lib = root().join(KAFKA_LIB);
    let pom: PathBuf = root().join("tests/clients/java/pom.xml");
    if !is_stale(&lib.join(".complete"), &[pom]) {
        return Ok(());
    }
    let out = format!("-DoutputDirectory={}", lib.display());
    let args = ["-q", "-B", "dependency:copy-dependencies", &out];
    Step::new("fetching Apache Kafka's jars").in_dir("tests/clients/java").program("mvn", &args)?;
    std::fs::write(lib.join(".complete"), "").map_err(|err| format!("{}: {err}", lib.display()))
}

/// Compiles `tests/clients/NAME/*.java` against Kafka's jars, with what they use of `tests/clients/java`.
fn java_client(name: &str) -> Outcome {
    let dir = root().join("tests/clients").join(name);
    let built = root().join("target/clients").join(name);
    let complete = built.join(".complete");
    let shared = root().join("tests/clients/java/Verdict.java");
    if !is_stale(&complete, &[dir.clone(), shared, root().join(KAFKA_LIB).join(".complete")]) {
        return Ok(());
    }
    let entries = std::fs::read_dir(&dir).map_err(|err| format!("{}: {err}", dir.display()))?.flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut sources: Vec<String> = names.filter(|name| name.ends_with(".java")).collect();
    sources.sort();
    let (out, jars) = (built.display().to_string(), root().join(KAFKA_LIB).join("*").display().to_string());
    let mut args = vec!["-Xlint:all,-classfile,-path,-processing", "-Werror", "-d", &out, "-cp", &jars];
    args.extend(["-sourcepath", "../java", "-implicit:class"]);
    args.extend(sources.iter().map(String::as_str));
    let at = format!("tests/clients/{name}");
    Step::new(&format!("building the Java client {name}")).in_dir(&at).program("javac", &args)?;
    std::fs::write(&complete, "").map_err(|err| format!("{}: {err}", complete.display()))
}

/// A virtual environment with the Python clients.
fn python_clients() -> Outcome {
    let wanted = root().join("tests/clients/python/requirements.txt");
    let built = root().join("target/clients/python");
    let complete = built.join(".complete");
    if !is_stale(&complete, std::slice::from_ref(&wanted)) {
        return Ok(());
    }
    let (at, wanted) = (built.display().to_string(), wanted.display().to_string());
    Step::new("making a Python environment").program("python3", &["-m", "venv", "--clear", &at])?;
    let python = built.join("bin/python").display().to_string();
    let args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", &wanted];
    Step::new("installing the Python clients").program(&python, &args)?;
    std::fs::write(&complete, "").map_err(|err| format!("{}: {err}", complete.display()))
}

fn go_clients() -> Outcome {
    if output("go", &["version"]).is_none() {
        let message = "Go is not installed: the tests with franz-go, sarama and kafka-go are left out";
        return if std::env::var_os("CI").is_some() {
            Err("Go is needed for the tests with its clients".to_owned())
        } else {
            println!("== {message}");
            Ok(())
        };
    }
    let sources = root().join("tests/clients/go");
    let programs = root().join("target/clients/go");
    if !is_stale(&programs.join("franz"), &[sources]) {
        return Ok(());
    }
    let out = format!("{}/", programs.display());
    Step::new("building the Go clients")
        .in_dir("tests/clients/go")
        .program("go", &["build", "-o", &out, "./..."])
}
