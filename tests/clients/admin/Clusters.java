// The cluster itself: its brokers, its features, its controllers.

import static org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType.SAFE_DOWNGRADE;
import static org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType.UPGRADE;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.Uuid;

final class Clusters {
    private Clusters() {}

    static void run(Table table) {
        Admin admin = table.admin;
        table.row("describeCluster/plain", () -> all(admin.describeCluster()));
        table.row("describeCluster/authorizedOperations",
            () -> all(admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))));
        table.row("describeCluster/fenced",
            () -> all(admin.describeCluster(new DescribeClusterOptions().includeFencedBrokers(true))));
        table.row("describeFeatures/supported",
            () -> admin.describeFeatures().featureMetadata().get().supportedFeatures());
        table.row("describeFeatures/finalized",
            () -> admin.describeFeatures().featureMetadata().get().finalizedFeatures());
        table.row("describeFeatures/epoch",
            () -> admin.describeFeatures().featureMetadata().get().finalizedFeaturesEpoch().isPresent());
        features(table);
        table.row("describeMetadataQuorum/plain", () -> admin.describeMetadataQuorum().quorumInfo());
        table.row("unregisterBroker/unknown", () -> admin.unregisterBroker(77).all());
        table.row("removeRaftVoter/unknown", () -> admin.removeRaftVoter(77, Uuid.ONE_UUID).all());
        table.row("addRaftVoter/unknown", () -> admin.addRaftVoter(77, Uuid.ONE_UUID, Set.of()).all());
        table.row("clientInstanceId/telemetry",
            () -> admin.clientInstanceId(java.time.Duration.ofSeconds(5)).getClass().getSimpleName());
    }

    private static Map<String, Object> all(DescribeClusterResult result) {
        return new TreeMap<>(Map.of("nodes", result.nodes(), "clusterId", result.clusterId().thenApply(String::length),
            "controller", result.controller().thenApply(node -> node.isEmpty() ? "none" : "some"),
            "authorizedOperations", result.authorizedOperations().thenApply(all -> all == null ? "none" : all)));
    }

    private static void feature(Table table, String name, String feature, FeatureUpdate update, boolean dry) {
        table.row("updateFeatures/" + name, () -> table.admin.updateFeatures(
            Map.of(feature, update), new UpdateFeaturesOptions().validateOnly(dry)).values());
    }

    private static void features(Table table) {
        feature(table, "unknown", "no.such.feature", new FeatureUpdate((short) 1, UPGRADE), false);
        feature(table, "tooHigh", "group.version", new FeatureUpdate((short) 99, UPGRADE), false);
        feature(table, "same", "group.version", new FeatureUpdate((short) 1, UPGRADE), false);
        feature(table, "upgradeThatIsNone", "transaction.version", new FeatureUpdate((short) 1, UPGRADE), false);
        feature(table, "validateOnly", "transaction.version", new FeatureUpdate((short) 1, SAFE_DOWNGRADE), true);
        table.row("describeFeatures/unchanged",
            () -> table.admin.describeFeatures().featureMetadata().get().finalizedFeatures().get("transaction.version"));
    }
}
