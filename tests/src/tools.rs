//! Kafka's console tools in one JVM (`tests/clients/tools`): a tool answers in a tenth of the time that a JVM takes
//! to start.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::{Output, kafka};

/// The longest a tool may run.
const LIMIT: Duration = Duration::from_secs(90);

/// The tools that are not in `org.apache.kafka.tools` itself.
const ELSEWHERE: &[(&str, &str)] = &[
    ("ConfigCommand", "kafka.admin."),
    ("ConsumerGroupCommand", "org.apache.kafka.tools.consumer.group."),
    ("ReassignPartitionsCommand", "org.apache.kafka.tools.reassign."),
    ("ShareGroupCommand", "org.apache.kafka.tools.consumer.group."),
    ("StreamsGroupCommand", "org.apache.kafka.tools.streams."),
];

/// A JVM that runs tools towards one cluster; it ends with this value.
#[derive(Debug)]
pub struct Tools {
    child: Child,
    stdin: ChildStdin,
    answers: Receiver<String>,
    bootstrap: String,
}

impl Tools {
    /// Starts the JVM.
    pub fn start(bootstrap: &str) -> Self {
        let mut command = kafka::java_client("tools", bootstrap);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = piped.spawn().expect("Java runs");
        let stdin = child.stdin.take().expect("stdin is piped");
        let stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        Self { child, stdin, answers, bootstrap: bootstrap.to_owned() }
    }

    /// Runs a tool with arguments parted by blanks, `''` for an empty one, and `--bootstrap-server` behind them.
    pub fn run(&mut self, tool: &str, args: &str) -> Output {
        let bootstrap = format!("--bootstrap-server {}", self.bootstrap);
        // The parsers with subcommands want it where each expects it; all others take it anywhere.
        let args = match tool {
            "FeatureCommand" | "MetadataQuorumCommand" | "TransactionsCommand" => {
                format!("{bootstrap} {args}")
            }
            _ => format!("{args} {bootstrap}"),
        };
        let package = ELSEWHERE.iter().find(|(name, _)| *name == tool);
        let package = package.map_or("org.apache.kafka.tools.", |(_, package)| package);
        let words = args.split_whitespace().map(|word| if word == "''" { "" } else { word });
        let line = format!("{package}{tool}\t{}\n", words.collect::<Vec<_>>().join("\t"));
        self.stdin.write_all(line.as_bytes()).expect("the JVM listens");
        let answer = self.answers.recv_timeout(LIMIT);
        let answer = answer.unwrap_or_else(|err| panic!("{tool} {args}: {err}; is the JVM gone?"));
        let answer: Value = serde_json::from_str(&answer).expect("the answer is JSON");
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        let code = answer["code"].as_i64().and_then(|code| i32::try_from(code).ok());
        Output { code, stdout: text("stdout"), stderr: text("stderr") }
    }

    /// Runs a tool that ends with `code`, and whose words, with one blank between them, hold each of `wanted`.
    /// Returns those words: what it printed, then its errors.
    pub fn says(&mut self, tool: &str, args: &str, code: i32, wanted: &[&str]) -> String {
        let output = self.run(tool, args);
        let all = format!("{} {}", output.stdout, output.stderr);
        let said = all.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.code, Some(code), "{tool} {args}: {output:?}");
        for words in wanted {
            assert!(said.contains(words), "{tool} {args} does not say {words:?}: {output:?}");
        }
        said
    }
}

impl Drop for Tools {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
