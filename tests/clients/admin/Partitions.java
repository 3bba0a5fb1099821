// Adding partitions.

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.NewPartitions;

final class Partitions {
    private Partitions() {}

    static void run(Table table) {
        Admin admin = table.admin;
        Topics.make(table, "grown", Map.of());
        row(table, "validateOnly", Map.of("grown", NewPartitions.increaseTo(3)),
            new CreatePartitionsOptions().validateOnly(true));
        row(table, "same", Map.of("grown", NewPartitions.increaseTo(1)));
        row(table, "placed", Map.of("grown", NewPartitions.increaseTo(3, List.of(List.of(2, 3, 1), List.of(3, 1, 2)))));
        table.rowOnce("describeTopics/grown", text -> text.contains("\"partition\":2") && !text.contains("no node"),
            () -> admin.describeTopics(List.of("grown")).topicNameValues());
        row(table, "fewer", Map.of("grown", NewPartitions.increaseTo(2)));
        row(table, "none", Map.of("grown", NewPartitions.increaseTo(0)));
        row(table, "unknown", Map.of("missing", NewPartitions.increaseTo(2)));
        row(table, "invalidName", Map.of("bad name", NewPartitions.increaseTo(2)));
        row(table, "tooFewPlaces", Map.of("grown", NewPartitions.increaseTo(5, List.of(List.of(1, 2, 3)))));
        row(table, "unequalPlaces", Map.of("grown", NewPartitions.increaseTo(4, List.of(List.of(1, 2)))));
        row(table, "unknownBroker", Map.of("grown", NewPartitions.increaseTo(4, List.of(List.of(1, 2, 77)))));
        row(table, "sameBrokerTwice", Map.of("grown", NewPartitions.increaseTo(4, List.of(List.of(1, 2, 2)))));
        row(table, "emptyPlaces", Map.of("grown", NewPartitions.increaseTo(4, List.of(List.of()))));
        row(table, "mixed",
            Map.of("grown", NewPartitions.increaseTo(4), "missing", NewPartitions.increaseTo(2)));
        row(table, "internal", Map.of("__cluster_metadata", NewPartitions.increaseTo(2)));
    }

    private static void row(Table table, String name, Map<String, NewPartitions> wanted) {
        row(table, name, wanted, new CreatePartitionsOptions());
    }

    private static void row(
        Table table, String name, Map<String, NewPartitions> wanted, CreatePartitionsOptions options) {
        table.row("createPartitions/" + name, () -> table.admin.createPartitions(wanted, options).values());
    }
}
