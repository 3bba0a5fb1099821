//! Our message descriptions beside Kafka's own, field by field, for every version we serve.
//!
//! The definitions are JSON files inside Kafka 4.3.1's jars; they are read where `cargo xtask` has put the jars
//! (`target/kafka/lib`, or HEADWATER_KAFKA_LIB) and never kept here.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use broker_core::protocol::ApiKey;
use broker_core::protocol::api::{Request, RequestVisitor, visit_requests};
use broker_core::protocol::records::{consumer_group as cg, group as g, metadata as md, transaction as t};
use broker_core::protocol::wire::{Message, Schema, SchemaField};
use serde_json::Value;

fn jar_dir() -> Option<PathBuf> {
    let dir = std::env::var_os("HEADWATER_KAFKA_LIB")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/kafka/lib"), PathBuf::from);
    if dir.is_dir() {
        return Some(dir);
    }
    assert!(std::env::var_os("CI").is_none(), "Kafka's jars are not in {}", dir.display());
    eprintln!("skipped: Kafka's jars are not in {}; `cargo xtask test` fetches them", dir.display());
    None
}

/// Every definition in the jars, by name.
fn definitions(dir: PathBuf) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // What Streams writes into its members' metadata is none of the brokers' business.
        if !name.starts_with("kafka-") || name.starts_with("kafka-streams") || !name.ends_with(".jar") {
            continue;
        }
        let mut jar = zip::ZipArchive::new(std::fs::File::open(entry.path()).unwrap()).unwrap();
        for at in 0..jar.len() {
            let mut file = jar.by_index(at).unwrap();
            let Some(name) = file.name().strip_prefix("common/").map(str::to_owned) else { continue };
            if let Some(name) = name.rsplit('/').next().and_then(|name| name.strip_suffix(".json")) {
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                found.insert(name.to_owned(), parse(&text));
            }
        }
    }
    found
}

/// JSON with `//` comments.
fn parse(text: &str) -> Value {
    let plain: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    serde_json::from_str(&plain.join("\n")).unwrap()
}

fn covers(range: Option<&Value>, version: i16) -> bool {
    let Some(range) = range.and_then(Value::as_str) else { return false };
    let number = |text: &str| text.parse::<i16>().unwrap();
    match (range, range.strip_suffix('+'), range.split_once('-')) {
        ("none", _, _) => false,
        (_, Some(since), _) => version >= number(since),
        (_, _, Some((from, to))) => (number(from)..=number(to)).contains(&version),
        (only, None, None) => version == number(only),
    }
}

fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let after_lower = at > 0 && (chars[at - 1].is_lowercase() || chars[at - 1].is_ascii_digit());
        let starts_word = at > 0 && chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && at > 0 && (after_lower || starts_word) {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The fields that Kafka's definition has in `version`: positional ones in order, then tagged ones.
fn expected(definition: &Value, fields: &Value, version: i16) -> Vec<SchemaField> {
    let mut body = Vec::new();
    let mut tagged = Vec::new();
    for field in fields.as_array().unwrap() {
        if !covers(field.get("versions").or_else(|| field.get("taggedVersions")), version) {
            continue;
        }
        let kind = field["type"].as_str().unwrap();
        let base = kind.trim_start_matches("[]");
        let commons = definition.get("commonStructs").and_then(Value::as_array);
        let common = commons.into_iter().flatten().find(|common| common["name"] == base);
        let inner = field.get("fields").or_else(|| common.map(|common| &common["fields"]));
        let list = if kind.starts_with("[]") { "[]" } else { "" };
        let tag = field.get("tag").and_then(Value::as_u64).map(|tag| tag as u32);
        let row = SchemaField {
            name: snake(field["name"].as_str().unwrap()),
            kind: format!("{list}{}", if inner.is_some() { "struct" } else { base }),
            nullable: covers(field.get("nullableVersions"), version),
            tag: tag.filter(|_| covers(field.get("taggedVersions"), version)),
            fields: inner.map(|inner| expected(definition, inner, version)).unwrap_or_default(),
        };
        if row.tag.is_some() { tagged.push(row) } else { body.push(row) }
    }
    body.extend(tagged);
    body
}

/// Tagged fields may be written down in any order.
fn sorted(mut fields: Vec<SchemaField>) -> Vec<SchemaField> {
    let body = fields.iter().take_while(|field| field.tag.is_none()).count();
    fields[body..].sort_by_key(|field| field.tag);
    for field in &mut fields {
        field.fields = sorted(std::mem::take(&mut field.fields));
    }
    fields
}

fn compare<M: Message>(all: &BTreeMap<String, Value>, name: &str, versions: (i16, i16)) {
    let definition = all.get(name).unwrap_or_else(|| panic!("Kafka has no definition {name}"));
    for version in versions.0..=versions.1 {
        assert!(covers(definition.get("validVersions"), version), "{name} has no version {version}");
        let theirs = sorted(expected(definition, &definition["fields"], version));
        assert_eq!(sorted(Schema::of::<M>(version)), theirs, "{name} v{version}");
    }
}

fn compare_api<Q: Request>(all: &BTreeMap<String, Value>) {
    let key = Q::KEY;
    let (request, response) = (format!("{}Request", key.name()), format!("{}Response", key.name()));
    compare::<Q>(all, &request, key.versions());
    compare::<Q::Response>(all, &response, key.versions());
    let definition = &all[&request];
    assert_eq!(definition["apiKey"], key.code(), "{request}");
    let (min, max) = key.versions();
    for version in min..=max {
        assert_eq!(
            covers(definition.get("flexibleVersions"), version),
            key.flexible(version),
            "{request} v{version}"
        );
    }
    let stable = definition.get("latestVersionUnstable").and_then(Value::as_bool) != Some(true);
    assert!(
        !covers(definition.get("validVersions"), max + 1) || !stable,
        "{request} has versions after {max}"
    );
}

struct Compare<'a> {
    all: &'a BTreeMap<String, Value>,
    apis: usize,
}

impl RequestVisitor for Compare<'_> {
    fn visit<Q: Request>(&mut self) {
        compare_api::<Q>(self.all);
        self.apis += 1;
    }
}

#[test]
fn every_message_is_the_one_kafka_defines() {
    let Some(dir) = jar_dir() else { return };
    let all = definitions(dir);
    let mut compared = Compare { all: &all, apis: 0 };
    visit_requests(&mut compared);
    assert_eq!(compared.apis, ApiKey::ALL.len(), "an API is missing in this test");
}

#[test]
fn every_record_of_an_internal_log_is_the_one_kafka_defines() {
    let Some(dir) = jar_dir() else { return };
    let all = definitions(dir);
    compare::<md::RegisterBrokerRecord>(&all, "RegisterBrokerRecord", (0, 4));
    compare::<md::TopicRecord>(&all, "TopicRecord", (0, 0));
    compare::<md::PartitionRecord>(&all, "PartitionRecord", (0, 2));
    compare::<md::ConfigRecord>(&all, "ConfigRecord", (0, 0));
    compare::<md::PartitionChangeRecord>(&all, "PartitionChangeRecord", (0, 2));
    compare::<md::RemoveTopicRecord>(&all, "RemoveTopicRecord", (0, 0));
    compare::<md::FeatureLevelRecord>(&all, "FeatureLevelRecord", (0, 0));
    compare::<md::ProducerIdsRecord>(&all, "ProducerIdsRecord", (0, 0));
    compare::<md::BrokerRegistrationChangeRecord>(&all, "BrokerRegistrationChangeRecord", (0, 3));
    compare::<t::TransactionLogKey>(&all, "TransactionLogKey", (0, 0));
    compare::<t::TransactionLogValue>(&all, "TransactionLogValue", (0, 1));
    compare::<g::OffsetCommitKey>(&all, "OffsetCommitKey", (0, 0));
    compare::<g::OffsetCommitValue>(&all, "OffsetCommitValue", (0, 4));
    compare::<g::GroupMetadataKey>(&all, "GroupMetadataKey", (0, 0));
    compare::<g::GroupMetadataValue>(&all, "GroupMetadataValue", (0, 4));
    for name in ["ConsumerGroupMetadataKey", "ConsumerGroupTargetAssignmentMetadataKey"] {
        compare::<cg::GroupKey>(&all, name, (0, 0));
    }
    for name in ["MemberMetadata", "TargetAssignmentMember", "CurrentMemberAssignment"] {
        compare::<cg::MemberKey>(&all, &format!("ConsumerGroup{name}Key"), (0, 0));
    }
    compare::<cg::EpochValue>(&all, "ConsumerGroupMetadataValue", (0, 0));
    compare::<cg::MemberValue>(&all, "ConsumerGroupMemberMetadataValue", (0, 0));
    compare::<cg::TargetEpochValue>(&all, "ConsumerGroupTargetAssignmentMetadataValue", (0, 0));
    compare::<cg::TargetValue>(&all, "ConsumerGroupTargetAssignmentMemberValue", (0, 0));
    compare::<cg::CurrentValue>(&all, "ConsumerGroupCurrentMemberAssignmentValue", (0, 0));
}
