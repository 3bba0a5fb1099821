//! What a cluster is: AclCommand, MetadataQuorumCommand, ClusterTool, BrokerApiVersionsCommand, FeatureCommand.

use super::Here;

const ACLS: &str = "AclCommand";
const QUORUM: &str = "MetadataQuorumCommand";
const CLUSTER: &str = "ClusterTool";
const FEATURES: &str = "FeatureCommand";

#[test]
fn tools_see_the_cluster_its_features_and_that_nothing_is_secured() {
    let Some(mut here) = Here::start() else { return };
    here.create("orders", "1:2:3");
    acls(&mut here);
    quorum(&mut here);
    brokers(&mut here);
    features(&mut here);
    here.shutdown();
}

fn acls(here: &mut Here) {
    let disabled = ["org.apache.kafka.common.errors.SecurityDisabledException"];
    let rule = "--allow-principal User:bob --operation Read --topic orders";
    here.tools.says(ACLS, "--list", 1, &disabled);
    here.tools.says(ACLS, &format!("--add {rule}"), 1, &disabled);
    here.tools.says(ACLS, &format!("--remove --force {rule}"), 1, &disabled);
    let unknown = rule.replace("Read", "Nonsense");
    here.tools.says(ACLS, &format!("--add {unknown}"), 1, &["ResourceType TOPIC only supports operations"]);
}

fn quorum(here: &mut Here) {
    // One controller inside the process: it leads, and the brokers follow as observers.
    let voters = r#"CurrentVoters: [{"id": 3000}]"#;
    let observers = r#"CurrentObservers: [{"id": 1}, {"id": 2}, {"id": 3}]"#;
    let wanted = ["LeaderId: 3000", "MaxFollowerLag: 0", voters, observers];
    here.tools.says(QUORUM, "describe --status", 0, &wanted);
    let head = "NodeId DirectoryId LogEndOffset Lag LastFetchTimestamp LastCaughtUpTimestamp Status 3000 ";
    let table = here.tools.says(QUORUM, "describe --replication", 0, &[head]);
    assert_eq!((table.matches(" Leader").count(), table.matches(" Observer").count()), (1, 3), "{table}");
    here.tools.says(QUORUM, "describe --replication --human-readable", 0, &[" ms ago "]);
    here.tools.says(QUORUM, "describe", 1, &["One of --status or --replication must be specified"]);
    let remove = "remove-controller --controller-id 2 --controller-directory-id AAAAAAAAAAAAAAAAAAAAAg";
    here.tools.says(QUORUM, remove, 1, &["UnsupportedVersionException"]);
}

fn brokers(here: &mut Here) {
    let id = here.tools.says(CLUSTER, "cluster-id", 0, &["Cluster ID: "]);
    let meta = std::fs::read_to_string(here.dir.path().join("cluster/broker-1/meta.properties")).unwrap();
    let line = meta.lines().find(|line| line.starts_with("cluster.id=")).unwrap();
    assert_eq!(id, line.replace("cluster.id=", "Cluster ID: "));
    let bootstrap = here.cluster.bootstrap();
    let rows: Vec<String> = (bootstrap.split(',').enumerate())
        .map(|(at, address)| format!("{} {} null unfenced broker", at + 1, address.replace(':', " ")))
        .collect();
    let rows = rows.join(" ");
    for args in ["list-endpoints", "list-endpoints --include-fenced-brokers"] {
        here.tools.says(CLUSTER, args, 0, &["ID HOST PORT RACK STATE ENDPOINT_TYPE", &rows]);
    }
    let refused = "The target cluster does not support the broker unregistration API.";
    here.tools.says(CLUSTER, "unregister --id 3", 0, &[refused]);
    let wanted = ["Produce(0): 0 to 13 [usable: 13]", "CreateTopics(19): 2 to 7 [usable: 7]"];
    let apis = here.tools.says("BrokerApiVersionsCommand", "", 0, &wanted);
    assert_eq!(apis.matches("rack: null isFenced: false) -> (").count(), 3);
    // SKIPPED.md: not advertised.
    for api in ["ShareFetch(78)", "StreamsGroupHeartbeat(88)", "AlterClientQuotas(49)"] {
        assert_eq!(apis.matches(&format!("{api}: UNSUPPORTED")).count(), 3, "{api}");
    }
}

fn features(here: &mut Here) {
    let metadata = "Feature: metadata.version SupportedMinVersion: 3.3-IV3 SupportedMaxVersion: 4.3-IV0 \
                    FinalizedVersionLevel: 4.3-IV0";
    let group =
        "Feature: group.version SupportedMinVersion: 0 SupportedMaxVersion: 1 FinalizedVersionLevel: 1";
    let transaction = |level: i16| {
        format!(
            "Feature: transaction.version SupportedMinVersion: 0 SupportedMaxVersion: 2 \
             FinalizedVersionLevel: {level}"
        )
    };
    here.tools.says(FEATURES, "describe", 0, &[metadata, group, &transaction(2)]);
    let mapping = ["metadata.version=21 (3.9)", "transaction.version=0", "group.version=0"];
    here.tools.says(FEATURES, "version-mapping --release-version 3.9", 0, &mapping);
    here.tools.says(
        FEATURES,
        "version-mapping --release-version 2.0",
        1,
        &["Unknown metadata.version '2.0'"],
    );
    let dry = "downgrade --feature transaction.version=1 --dry-run";
    here.tools.says(FEATURES, dry, 0, &["transaction.version can be downgraded to 1."]);
    here.tools.says(FEATURES, "describe", 0, &[&transaction(2)]);
    let down = "downgrade --feature transaction.version=1";
    here.tools.says(FEATURES, down, 0, &["transaction.version was downgraded to 1."]);
    here.tools.says(FEATURES, "describe", 0, &[&transaction(1)]);
    let up = "upgrade --feature transaction.version=2";
    here.tools.says(FEATURES, up, 0, &["transaction.version was upgraded to 2."]);
    for (args, wanted) in [
        ("upgrade --feature transaction.version=9", "only supports versions 0-2"),
        ("upgrade --feature nonsense=1", "does not support this feature."),
        ("downgrade --feature metadata.version=7", "Refusing to perform the requested downgrade"),
        ("disable --feature metadata.version", "Could not disable metadata.version."),
    ] {
        here.tools.says(FEATURES, args, 1, &[wanted, "1 out of 1 operation(s) failed."]);
    }
}
