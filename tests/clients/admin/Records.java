// Offsets, DeleteRecords, log directories and the producers of a partition.

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.serialization.StringSerializer;

final class Records {
    private static final TopicPartition KEPT = new TopicPartition("kept", 0);
    private static final TopicPartition EMPTY = new TopicPartition("empty", 0);
    private static final TopicPartition MISSING = new TopicPartition("missing", 0);
    private static final TopicPartition NO_PARTITION = new TopicPartition("kept", 7);
    // The client waits this long for what will not come.
    private static final int SOON_MS = 1_000;
    private static final long FIRST_TIMESTAMP_MS = 1_700_000_000_000L;

    // Those records are old: without this, retention takes them while they are still being looked at.
    static final Map<String, String> FOREVER = Map.of("retention.ms", "-1");

    private Records() {}

    static void run(Table table) throws Exception {
        Topics.make(table, "kept", FOREVER);
        Topics.make(table, "empty", Map.of());
        produce(table.bootstrap, "kept");
        offsets(table);
        deleting(table);
        logDirs(table);
        producers(table);
    }

    // Ten records, one batch each, the latest timestamp in the middle.
    static void produce(String bootstrap, String topic) throws ExecutionException, InterruptedException {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "acks", "all");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int n = 0; n < 10; n++) {
                long timestamp = FIRST_TIMESTAMP_MS + (n == 5 ? 100 : n);
                producer.send(new ProducerRecord<>(topic, 0, timestamp, "key" + n, "value" + n)).get();
            }
        }
    }

    private static void offset(Table table, String name, TopicPartition partition, OffsetSpec spec) {
        table.row("listOffsets/" + name,
            () -> table.admin.listOffsets(Map.of(partition, spec)).partitionResult(partition));
    }

    private static void offsets(Table table) {
        offset(table, "earliest", KEPT, OffsetSpec.earliest());
        table.rowOnce("listOffsets/latest", text -> text.contains("\"offset\":10"),
            () -> table.admin.listOffsets(Map.of(KEPT, OffsetSpec.latest())).partitionResult(KEPT));
        offset(table, "maxTimestamp", KEPT, OffsetSpec.maxTimestamp());
        offset(table, "timestampInside", KEPT, OffsetSpec.forTimestamp(FIRST_TIMESTAMP_MS + 3));
        offset(table, "timestampOfTheLatest", KEPT, OffsetSpec.forTimestamp(FIRST_TIMESTAMP_MS + 50));
        offset(table, "timestampBefore", KEPT, OffsetSpec.forTimestamp(1));
        offset(table, "timestampAfter", KEPT, OffsetSpec.forTimestamp(FIRST_TIMESTAMP_MS + 1000));
        offset(table, "earliestLocal", KEPT, OffsetSpec.earliestLocal());
        offset(table, "latestTiered", KEPT, OffsetSpec.latestTiered());
        offset(table, "earliestPendingUpload", KEPT, OffsetSpec.earliestPendingUpload());
        offset(table, "emptyEarliest", EMPTY, OffsetSpec.earliest());
        offset(table, "emptyLatest", EMPTY, OffsetSpec.latest());
        offset(table, "emptyMaxTimestamp", EMPTY, OffsetSpec.maxTimestamp());
        offset(table, "emptyTimestamp", EMPTY, OffsetSpec.forTimestamp(1));
        offset(table, "invalidName", new TopicPartition("bad name", 0), OffsetSpec.latest());
    }

    private static void deleted(Table table, String name, TopicPartition partition, long before) {
        table.row("deleteRecords/" + name,
            () -> table.admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before))).lowWatermarks());
    }

    private static void deleting(Table table) {
        Admin admin = table.admin;
        deleted(table, "ok", KEPT, 3);
        offset(table, "earliestAfterDelete", KEPT, OffsetSpec.earliest());
        deleted(table, "again", KEPT, 3);
        deleted(table, "below", KEPT, 1);
        deleted(table, "beyondHighWatermark", KEPT, 11);
        deleted(table, "minusTwo", KEPT, -2);
        deleted(table, "empty", EMPTY, 0);
        deleted(table, "emptyToEnd", EMPTY, -1);
        table.row("deleteRecords/mixed", () -> admin.deleteRecords(Map.of(
            KEPT, RecordsToDelete.beforeOffset(4), EMPTY, RecordsToDelete.beforeOffset(5))).lowWatermarks());
        deleted(table, "toEnd", KEPT, -1);
        offset(table, "earliestAfterDeleteToEnd", KEPT, OffsetSpec.earliest());
        offset(table, "timestampAfterDeleteToEnd", KEPT, OffsetSpec.forTimestamp(1));
    }

    private static void logDirs(Table table) {
        Admin admin = table.admin;
        table.row("describeLogDirs/all", () -> {
            Map<Integer, Object> all = new TreeMap<>();
            for (var broker : admin.describeLogDirs(List.of(1, 2, 3)).allDescriptions().get().entrySet()) {
                all.put(broker.getKey(), broker.getValue().values().stream().map(Records::summary).toList());
            }
            return all;
        });
        table.row("describeLogDirs/unknownBroker", () -> admin.describeLogDirs(
            List.of(77), new DescribeLogDirsOptions().timeoutMs(SOON_MS)).descriptions());
        table.row("describeReplicaLogDirs/ok", () -> admin.describeReplicaLogDirs(
            Set.of(new TopicPartitionReplica("kept", 0, 1))).values().values().iterator().next()
            .thenApply(info -> info.getCurrentReplicaOffsetLag() + " " + info.getFutureReplicaOffsetLag()));
        table.row("alterReplicaLogDirs/relative", () -> admin.alterReplicaLogDirs(
            Map.of(new TopicPartitionReplica("kept", 0, 1), "relative/path")).values().values());
        table.row("alterReplicaLogDirs/unknownDirectory", () -> admin.alterReplicaLogDirs(
            Map.of(new TopicPartitionReplica("kept", 0, 1), "/no/such/directory")).values().values());
    }

    // Directories have other names each run; the partitions of this part are looked at.
    private static Object summary(LogDirDescription dir) {
        Map<String, Object> all = new TreeMap<>();
        all.put("error", dir.error());
        all.put("totalBytes", dir.totalBytes().orElse(-1) > 0);
        all.put("usableBytes", dir.usableBytes().orElse(-1) > 0);
        all.put("cordoned", dir.isCordoned());
        for (TopicPartition partition : List.of(KEPT, EMPTY)) {
            all.put(partition.toString(), dir.replicaInfos().get(partition));
        }
        return all;
    }

    private static void producers(Table table) {
        Admin admin = table.admin;
        table.row("describeProducers/idempotent",
            () -> admin.describeProducers(Set.of(KEPT)).partitionResult(KEPT));
        table.row("describeProducers/none", () -> admin.describeProducers(Set.of(EMPTY)).partitionResult(EMPTY));
        table.row("describeProducers/onFollower", () -> admin.describeProducers(
            Set.of(KEPT), new DescribeProducersOptions().brokerId(2)).partitionResult(KEPT));
        table.row("describeProducers/unknownPartitionOnBroker", () -> admin.describeProducers(
            Set.of(NO_PARTITION), new DescribeProducersOptions().brokerId(1).timeoutMs(SOON_MS)).partitionResult(NO_PARTITION));
        table.row("describeProducers/unknownTopicOnBroker", () -> admin.describeProducers(
            Set.of(MISSING), new DescribeProducersOptions().brokerId(1).timeoutMs(SOON_MS)).partitionResult(MISSING));
    }
}
