// Creating, listing, describing and deleting topics.

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;

final class Topics {
    private Topics() {}

    static void run(Table table) {
        valid(table);
        invalid(table);
        placement(table);
        describing(table);
        deleting(table);
    }

    // A topic of one partition on brokers 1, 2 and 3, led by 1, known to the brokers.
    static void make(Table table, String name, Map<String, String> configs) {
        NewTopic topic = new NewTopic(name, Map.of(0, List.of(1, 2, 3))).configs(configs);
        table.admin.createTopics(List.of(topic));
        table.await(text -> text.contains("\"leader\":\"1\""),
            () -> table.admin.describeTopics(List.of(name)).topicNameValues());
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, 2, (short) 3);
    }

    private static NewTopic with(String name, String config, String value) {
        return topic(name).configs(Map.of(config, value));
    }

    private static Object create(Admin admin, NewTopic... topics) {
        return admin.createTopics(Arrays.asList(topics)).values();
    }

    private static void valid(Table table) {
        Admin admin = table.admin;
        table.row("createTopics/valid", () -> created(admin.createTopics(List.of(topic("valid"))), "valid"));
        table.row("createTopics/defaults", () -> created(
            admin.createTopics(List.of(new NewTopic("defaults", Optional.empty(), Optional.empty()))), "defaults"));
        table.row("createTopics/withConfigs", () -> created(admin.createTopics(List.of(topic("configured").configs(
            Map.ofEntries(entry("cleanup.policy", "compact,delete"), entry("retention.ms", "60000"),
                entry("compression.type", "zstd"), entry("segment.bytes", "1048576"))))), "configured"));
        table.row("createTopics/validateOnly", () -> created(admin.createTopics(List.of(topic("not-made")),
            new CreateTopicsOptions().validateOnly(true)), "not-made"));
        table.row("createTopics/validateOnlyExisting", () -> admin.createTopics(List.of(topic("valid")),
            new CreateTopicsOptions().validateOnly(true)).values());
        table.row("createTopics/existing", () -> create(admin, topic("valid")));
        table.row("createTopics/mixed",
            () -> create(admin, topic("mixed-good"), topic("valid"), topic("bad name"), with("mixed-bad", "no.such", "1")));
        table.row("createTopics/twiceInOneRequest", () -> create(admin, topic("twice"), topic("twice")));
        table.row("createTopics/collidingName", () -> create(admin, topic("dotted.name"), topic("dotted_name")));
        table.row("createTopics/collidingLater", () -> create(admin, topic("dotted.name_")));
        table.row("createTopics/collidingLaterToo", () -> create(admin, topic("dotted_name.")));
        table.row("createTopics/nothing", () -> create(admin));
    }

    private static Object created(CreateTopicsResult result, String name) {
        Map<String, Object> all = new TreeMap<>();
        all.put("topicId", result.topicId(name));
        all.put("numPartitions", result.numPartitions(name));
        all.put("replicationFactor", result.replicationFactor(name));
        all.put("config", result.config(name));
        return all;
    }

    private static void invalid(Table table) {
        Admin admin = table.admin;
        String[] names = {"", ".", "..", "sl/ash", "spa ce", "ünicode", "col:on", "x".repeat(249), "x".repeat(250)};
        for (String name : names) {
            String label = name.length() > 20 ? "x*" + name.length() : name;
            table.row("createTopics/named[" + label + "]", () -> create(admin, topic(name)));
        }
        table.row("createTopics/noPartitions", () -> create(admin, new NewTopic("no-partitions", 0, (short) 1)));
        table.row("createTopics/minusTwoPartitions", () -> create(admin, new NewTopic("minus", -2, (short) 1)));
        table.row("createTopics/tooManyPartitions",
            () -> create(admin, new NewTopic("too-many", 2_000_000, (short) 1)));
        table.row("createTopics/noReplicas", () -> create(admin, new NewTopic("no-replicas", 1, (short) 0)));
        table.row("createTopics/tooManyReplicas", () -> create(admin, new NewTopic("many-replicas", 1, (short) 4)));
        String[][] configs = {{"no.such.config", "1"}, {"retention.ms", "soon"}, {"retention.ms", "-2"},
            {"retention.ms", "-1"}, {"segment.bytes", "14"}, {"cleanup.policy", "shred"}, {"cleanup.policy", ""},
            {"cleanup.policy", "compact,compact"}, {"compression.type", "brotli"}, {"compression.gzip.level", "10"},
            {"compression.zstd.level", "23"}, {"min.insync.replicas", "0"}, {"min.cleanable.dirty.ratio", "1.5"},
            {"message.timestamp.type", "Whenever"}, {"preallocate", "maybe"}, {"max.message.bytes", "-1"},
            {"max.compaction.lag.ms", "0"}, {"message.format.version", "3.0"}, {"local.retention.ms", "99999999999"},
            {"leader.replication.throttled.replicas", "0:1,1:2"}, {"follower.replication.throttled.replicas", "0-1"},
            {"remote.storage.enable", "true"}, {"segment.jitter.ms", "-1"}, {"flush.ms", "1e3"},
            {"retention.bytes", " 1000 "}, {"index.interval.bytes", "4294967296"}};
        for (int at = 0; at < configs.length; at++) {
            String[] config = configs[at];
            NewTopic made = with("config-" + at, config[0], config[1]);
            table.row("createTopics/config[" + config[0] + "=" + config[1] + "]", () -> create(admin, made));
        }
        table.row("createTopics/compactLagInverted", () -> create(admin, topic("lag-inverted").configs(
            Map.of("min.compaction.lag.ms", "1000", "max.compaction.lag.ms", "10"))));
    }

    private static void placement(Table table) {
        Admin admin = table.admin;
        Object[][] rows = {
            {"ok", Map.of(0, List.of(2, 3), 1, List.of(3, 1))},
            {"unequal", Map.of(0, List.of(2, 3), 1, List.of(3))},
            {"unknownBroker", Map.of(0, List.of(1, 77))},
            {"sameBrokerTwice", Map.of(0, List.of(2, 2))},
            {"gap", Map.of(0, List.of(1), 2, List.of(2))},
            {"notFromZero", Map.of(1, List.of(1), 2, List.of(2))},
            {"noReplica", Map.of(0, List.of())},
        };
        for (Object[] row : rows) {
            @SuppressWarnings("unchecked")
            Map<Integer, List<Integer>> replicas = (Map<Integer, List<Integer>>) row[1];
            table.row("createTopics/placed[" + row[0] + "]",
                () -> create(admin, new NewTopic("on-" + row[0], new TreeMap<>(replicas))));
        }
    }

    private static void describing(Table table) {
        Admin admin = table.admin;
        table.rowOnce("describeTopics/placed", text -> text.contains("\"isr\":[\"2\",\"3\"]"),
            () -> admin.describeTopics(List.of("on-ok")).topicNameValues());
        table.row("describeTopics/authorizedOperations", () -> admin.describeTopics(List.of("on-ok"),
            new DescribeTopicsOptions().includeAuthorizedOperations(true)).topicNameValues());
        table.row("describeTopics/mixed", () -> admin.describeTopics(List.of("missing", "on-ok")).topicNameValues());
        table.row("describeTopics/invalidName", () -> admin.describeTopics(List.of("bad name")).topicNameValues());
        table.row("describeTopics/emptyName", () -> admin.describeTopics(List.of("")).topicNameValues());
        table.row("describeTopics/onePartitionAtATime", () -> admin.describeTopics(List.of("on-ok", "missing"),
            new DescribeTopicsOptions().partitionSizeLimitPerResponse(1)).topicNameValues());
        table.row("describeTopics/byId", () -> admin.describeTopics(
            TopicCollection.ofTopicIds(List.of(id(admin, "on-ok")))).topicIdValues());
        table.row("describeTopics/byUnknownId", () -> admin.describeTopics(
            TopicCollection.ofTopicIds(List.of(Uuid.randomUuid()))).topicIdValues());
        table.rowOnce("listTopics/public", text -> text.contains("valid"), () -> admin.listTopics().names());
        table.row("listTopics/listings", () -> admin.listTopics(
            new ListTopicsOptions().listInternal(true)).namesToListings().get().get("valid"));
    }

    static Uuid id(Admin admin, String name) throws Exception {
        return admin.describeTopics(List.of(name)).topicNameValues().get(name).get().topicId();
    }

    private static void deleting(Table table) {
        Admin admin = table.admin;
        table.row("deleteTopics/byName", () -> admin.deleteTopics(List.of("valid")).topicNameValues());
        table.rowOnce("describeTopics/deleted", text -> text.contains("UNKNOWN_TOPIC"),
            () -> admin.describeTopics(List.of("valid")).topicNameValues());
        table.row("deleteTopics/missing", () -> admin.deleteTopics(List.of("valid")).topicNameValues());
        table.row("deleteTopics/mixed",
            () -> admin.deleteTopics(List.of("mixed-good", "missing", "bad name", "")).topicNameValues());
        table.row("deleteTopics/byId", () -> admin.deleteTopics(
            TopicCollection.ofTopicIds(List.of(id(admin, "configured")))).topicIdValues());
        table.row("deleteTopics/byUnknownId", () -> admin.deleteTopics(
            TopicCollection.ofTopicIds(List.of(Uuid.randomUuid()))).topicIdValues());
        table.row("createTopics/againAfterDelete", () -> create(admin, topic("valid")));
    }
}
