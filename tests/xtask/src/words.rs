//! The words after `cargo xtask`: what is not understood is named and starts nothing.

pub const USAGE: &str = "cargo xtask COMMAND

  run [--web] [ARGS…]   set up, build and open the app; without a display (or with --web) serve the same UI
                        on loopback and print the address
  test [FILTER]         set up, then everything: format, lints, house rules, dependencies, unit tests, suites
                        with real clients, the UI, the browser, the window; FILTER runs the Rust tests of that name
  check                 the quick loop: format, lints, house rules, unit tests, UI types, lint and tests
  bench [NAME…]         measure beside Apache Kafka in one run and print the ratios
  bindings              write the TypeScript types of the operation list
  shots                 pictures of every screen, in both themes and two sizes
  soak [MINUTES]        kill and restart under load for as long as you say (10)
  fuzz [SECONDS]        mutated input for the decoders, seeded faults for the cluster, each for as long as you say (60)
  dist                  the launcher as one static file, and what its container image is made from, in target/dist
  wine                  what is about files as on Windows: unit tests and suites, built by mingw, run by Wine
  fresh                 prove `run` and `test` in a bare Debian made by mmdebstrap
  setup                 only the set-up
  help                  this text";

const SOAK_MINUTES: u32 = 10;
const FUZZ_SECONDS: u32 = 60;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Task<'a> {
    Help,
    Run(&'a [&'a str]),
    Test { filter: Option<&'a str> },
    Check,
    Bench(&'a [&'a str]),
    Bindings,
    Shots,
    Dist,
    Soak { minutes: u32 },
    Fuzz { seconds: u32 },
    Fresh,
    Wine,
    Setup,
}

/// The task that the words ask for, or what is wrong with them.
pub fn parse<'a>(words: &'a [&'a str]) -> Result<Task<'a>, String> {
    let Some((command, rest)) = words.split_first() else { return Ok(Task::Help) };
    // The words after `run` are the app's.
    if *command != "run" && rest.iter().any(|word| is_help(word)) {
        return Ok(Task::Help);
    }
    match *command {
        word if is_help(word) || word == "help" => Ok(Task::Help),
        "run" => Ok(Task::Run(rest)),
        "test" => Ok(Task::Test { filter: at_most_one(command, rest)? }),
        "bench" => Ok(Task::Bench(rest)),
        "soak" => Ok(Task::Soak { minutes: number(command, "minutes", rest, SOAK_MINUTES)? }),
        "fuzz" => Ok(Task::Fuzz { seconds: number(command, "seconds", rest, FUZZ_SECONDS)? }),
        "check" => alone(command, rest, Task::Check),
        "bindings" => alone(command, rest, Task::Bindings),
        "shots" => alone(command, rest, Task::Shots),
        "dist" => alone(command, rest, Task::Dist),
        "fresh" => alone(command, rest, Task::Fresh),
        "wine" => alone(command, rest, Task::Wine),
        "setup" => alone(command, rest, Task::Setup),
        word => Err(format!("{word:?} is not a command; `cargo xtask help` lists them")),
    }
}

fn is_help(word: &str) -> bool {
    matches!(word, "--help" | "-h")
}

fn alone<'a>(command: &str, rest: &[&str], task: Task<'a>) -> Result<Task<'a>, String> {
    match rest {
        [] => Ok(task),
        [word, ..] => Err(format!("{command} takes no arguments; {word:?} is one")),
    }
}

fn at_most_one<'a>(command: &str, rest: &'a [&'a str]) -> Result<Option<&'a str>, String> {
    match rest {
        [] => Ok(None),
        [word] if !word.starts_with('-') => Ok(Some(word)),
        [word] => Err(format!("{command} has no option {word:?}")),
        [_, word, ..] => Err(format!("{command} takes one argument; {word:?} is one more")),
    }
}

fn number(command: &str, unit: &str, rest: &[&str], default: u32) -> Result<u32, String> {
    let wrong = |word: &str| format!("{command} takes a whole number of {unit} from 1, not {word:?}");
    match rest {
        [] => Ok(default),
        [word] => word.parse().ok().filter(|number| *number > 0).ok_or_else(|| wrong(word)),
        [_, word, ..] => Err(format!("{command} takes one argument; {word:?} is one more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[&str], wanted: Result<Task<'_>, &str>) {
        assert_eq!(parse(words), wanted.map_err(str::to_owned), "{words:?}");
    }

    #[test]
    fn help_is_given_for_nothing_and_for_its_words() {
        for words in [&[][..], &["help"], &["--help"], &["-h"], &["fuzz", "--help"]] {
            check(words, Ok(Task::Help));
        }
    }

    #[test]
    fn words_after_run_are_the_apps() {
        check(&["run", "--web", "--help"], Ok(Task::Run(&["--web", "--help"])));
    }

    #[test]
    fn a_wrong_word_is_named() {
        check(&["tset"], Err("\"tset\" is not a command; `cargo xtask help` lists them"));
        check(&["check", "now"], Err("check takes no arguments; \"now\" is one"));
        check(&["test", "--all"], Err("test has no option \"--all\""));
        check(&["test", "a", "b"], Err("test takes one argument; \"b\" is one more"));
    }

    #[test]
    fn times_are_whole_numbers_from_one() {
        check(&["fuzz"], Ok(Task::Fuzz { seconds: 60 }));
        check(&["soak", "3"], Ok(Task::Soak { minutes: 3 }));
        check(&["fuzz", "abc"], Err("fuzz takes a whole number of seconds from 1, not \"abc\""));
        check(&["fuzz", "-1"], Err("fuzz takes a whole number of seconds from 1, not \"-1\""));
        check(&["fuzz", "0"], Err("fuzz takes a whole number of seconds from 1, not \"0\""));
        check(&["soak", "xyz"], Err("soak takes a whole number of minutes from 1, not \"xyz\""));
        check(&["soak", "1", "2"], Err("soak takes one argument; \"2\" is one more"));
    }
}
