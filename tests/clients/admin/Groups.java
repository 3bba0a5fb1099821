// Consumer groups: one that has a member, one that is empty, one nobody knows.

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

final class Groups {
    private static final TopicPartition READ = new TopicPartition("read", 0);
    private static final TopicPartition NO_PARTITION = new TopicPartition("read", 9);
    private static final TopicPartition MISSING = new TopicPartition("missing", 0);
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(60);

    private Groups() {}

    static void run(Table table) throws Exception {
        Topics.make(table, "read", Records.FOREVER);
        Records.produce(table.bootstrap, "read");
        var live = member(table.bootstrap, "live", null);
        var fixed = member(table.bootstrap, "static", "seat-1");
        member(table.bootstrap, "stopped", null).close();
        listing(table);
        describing(table);
        offsets(table);
        altering(table);
        removing(table);
        deleting(table);
        fixed.close();
        live.close();
    }

    // A consumer that has joined, read all ten records and committed.
    private static KafkaConsumer<String, String> member(String bootstrap, String group, String instance) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", bootstrap, "group.id", group,
            "client.id", "member", "auto.offset.reset", "earliest", "enable.auto.commit", false));
        if (instance != null) {
            config.put("group.instance.id", instance);
        }
        var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of("read"));
        long end = System.nanoTime() + JOIN_TIMEOUT.toNanos();
        for (int read = 0; read < 10;) {
            read += consumer.poll(Duration.ofMillis(200)).count();
            if (System.nanoTime() > end) {
                throw new IllegalStateException("group " + group + " read only " + read + " of 10");
            }
        }
        consumer.commitSync();
        return consumer;
    }

    private static List<GroupListing> listed(Admin admin, ListGroupsOptions options) throws Exception {
        List<GroupListing> all = new ArrayList<>(admin.listGroups(options).all().get());
        all.sort(Comparator.comparing(GroupListing::groupId));
        return all;
    }

    private static void listing(Table table) {
        Admin admin = table.admin;
        table.row("listGroups/all", () -> listed(admin, new ListGroupsOptions()));
        table.row("listGroups/stable", () -> listed(admin, new ListGroupsOptions().inGroupStates(Set.of(GroupState.STABLE))));
        table.row("listGroups/empty", () -> listed(admin, new ListGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY))));
        table.row("listGroups/dead", () -> listed(admin, new ListGroupsOptions().inGroupStates(Set.of(GroupState.DEAD))));
        table.row("listGroups/classic", () -> listed(admin, new ListGroupsOptions().withTypes(Set.of(GroupType.CLASSIC))));
        table.row("listGroups/consumer", () -> listed(admin, new ListGroupsOptions().withTypes(Set.of(GroupType.CONSUMER))));
        table.row("listGroups/share", () -> listed(admin, new ListGroupsOptions().withTypes(Set.of(GroupType.SHARE))));
        table.row("listGroups/forConsumers", () -> listed(admin, ListGroupsOptions.forConsumerGroups()));
        table.row("listGroups/protocolType",
            () -> listed(admin, new ListGroupsOptions().withProtocolTypes(Set.of("connect"))));
    }

    private static void describing(Table table) {
        Admin admin = table.admin;
        table.row("describeGroups/live", () -> admin.describeConsumerGroups(List.of("live")).describedGroups());
        table.row("describeGroups/static", () -> admin.describeConsumerGroups(List.of("static"),
            new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true)).describedGroups());
        table.row("describeGroups/empty", () -> admin.describeConsumerGroups(List.of("stopped")).describedGroups());
        table.row("describeGroups/missing", () -> admin.describeConsumerGroups(List.of("nobody")).describedGroups());
        table.row("describeGroups/emptyName", () -> admin.describeConsumerGroups(List.of("")).describedGroups());
        table.row("describeGroups/mixed",
            () -> admin.describeConsumerGroups(List.of("live", "nobody")).describedGroups());
        table.row("describeClassicGroups/live", () -> admin.describeClassicGroups(List.of("live")).describedGroups());
        table.row("describeClassicGroups/missing", () -> admin.describeClassicGroups(List.of("nobody")).describedGroups());
        table.row("describeShareGroups/missing", () -> admin.describeShareGroups(List.of("nobody")).describedGroups());
        table.row("describeShareGroups/classic", () -> admin.describeShareGroups(List.of("live")).describedGroups());
        table.row("describeStreamsGroups/missing", () -> admin.describeStreamsGroups(List.of("nobody")).describedGroups());
    }

    private static void offsets(Table table) {
        Admin admin = table.admin;
        table.row("listGroupOffsets/all",
            () -> admin.listConsumerGroupOffsets("stopped").partitionsToOffsetAndMetadata());
        table.row("listGroupOffsets/some", () -> admin.listConsumerGroupOffsets(Map.of("stopped",
            new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(READ, NO_PARTITION, MISSING)))).all());
        table.row("listGroupOffsets/stable", () -> admin.listConsumerGroupOffsets("stopped",
            new ListConsumerGroupOffsetsOptions().requireStable(true)).partitionsToOffsetAndMetadata());
        table.row("listGroupOffsets/missing",
            () -> admin.listConsumerGroupOffsets("nobody").partitionsToOffsetAndMetadata());
        table.row("listGroupOffsets/severalGroups", () -> admin.listConsumerGroupOffsets(Map.of(
            "stopped", new ListConsumerGroupOffsetsSpec(), "live", new ListConsumerGroupOffsetsSpec())).all());
    }

    private static void altered(Table table, String name, String group, Map<TopicPartition, OffsetAndMetadata> to) {
        table.row("alterGroupOffsets/" + name, () -> {
            var result = table.admin.alterConsumerGroupOffsets(group, to);
            return each(to.keySet(), result::partitionResult);
        });
    }

    private static Map<TopicPartition, Object> each(
        Set<TopicPartition> all, Function<TopicPartition, KafkaFuture<Void>> answer) {
        Map<TopicPartition, Object> answers = new HashMap<>();
        all.forEach(partition -> answers.put(partition, answer.apply(partition)));
        return answers;
    }

    private static void altering(Table table) {
        altered(table, "empty", "stopped", Map.of(READ, new OffsetAndMetadata(4, "mötadata")));
        table.row("listGroupOffsets/altered",
            () -> table.admin.listConsumerGroupOffsets("stopped").partitionsToOffsetAndMetadata());
        altered(table, "newGroup", "made-by-admin", Map.of(READ, new OffsetAndMetadata(2)));
        altered(table, "beyondEnd", "stopped", Map.of(READ, new OffsetAndMetadata(4711)));
        altered(table, "live", "live", Map.of(READ, new OffsetAndMetadata(4)));
        altered(table, "unknownPartition", "stopped", Map.of(NO_PARTITION, new OffsetAndMetadata(1)));
        altered(table, "mixed", "stopped",
            Map.of(READ, new OffsetAndMetadata(5), MISSING, new OffsetAndMetadata(1)));
        altered(table, "metadataTooLarge", "stopped", Map.of(READ, new OffsetAndMetadata(5, "x".repeat(5000))));
        table.row("describeGroups/madeByAdmin",
            () -> table.admin.describeConsumerGroups(List.of("made-by-admin")).describedGroups());
    }

    private static void removing(Table table) {
        Admin admin = table.admin;
        var unknown = new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove("seat-9")));
        var seat = new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove("seat-1")));
        table.row("removeMembers/unknownInstance", () -> admin.removeMembersFromConsumerGroup("static", unknown)
            .memberResult(new MemberToRemove("seat-9")));
        table.row("removeMembers/unknownGroup", () -> admin.removeMembersFromConsumerGroup("nobody", seat)
            .memberResult(new MemberToRemove("seat-1")));
        table.row("removeMembers/instance", () -> admin.removeMembersFromConsumerGroup("static", seat)
            .memberResult(new MemberToRemove("seat-1")));
        table.rowOnce("describeGroups/staticGone", text -> text.contains("EMPTY"),
            () -> admin.describeConsumerGroups(List.of("static")).describedGroups());
    }

    private static void deleting(Table table) {
        Admin admin = table.admin;
        table.row("deleteGroupOffsets/subscribed",
            () -> admin.deleteConsumerGroupOffsets("live", Set.of(READ)).partitionResult(READ));
        table.row("deleteGroupOffsets/missingGroup",
            () -> admin.deleteConsumerGroupOffsets("nobody", Set.of(READ)).partitionResult(READ));
        Set<TopicPartition> mixed = Set.of(READ, NO_PARTITION, MISSING);
        table.row("deleteGroupOffsets/mixed",
            () -> each(mixed, admin.deleteConsumerGroupOffsets("made-by-admin", mixed)::partitionResult));
        table.row("listGroupOffsets/deleted",
            () -> admin.listConsumerGroupOffsets("made-by-admin").partitionsToOffsetAndMetadata());
        table.row("deleteGroups/nonEmpty", () -> admin.deleteConsumerGroups(List.of("live")).deletedGroups());
        table.row("deleteGroups/mixed",
            () -> admin.deleteConsumerGroups(List.of("stopped", "nobody", "live", "")).deletedGroups());
        table.row("removeMembers/all", () -> admin.removeMembersFromConsumerGroup(
            "live", new RemoveMembersFromConsumerGroupOptions()).all());
        table.rowOnce("deleteGroups/emptied", text -> text.contains("ok"),
            () -> admin.deleteConsumerGroups(List.of("live")).deletedGroups());
        table.row("listGroups/afterDelete", () -> listed(admin, new ListGroupsOptions()));
    }
}
