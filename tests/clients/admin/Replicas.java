// Reassignments and elections.

import static org.apache.kafka.common.ElectionType.PREFERRED;
import static org.apache.kafka.common.ElectionType.UNCLEAN;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;

final class Replicas {
    private static final TopicPartition MOVED = new TopicPartition("moved", 0);
    private static final TopicPartition NO_PARTITION = new TopicPartition("moved", 5);
    private static final TopicPartition MISSING = new TopicPartition("missing", 0);

    private Replicas() {}

    static void run(Table table) throws Exception {
        Topics.make(table, "moved", Map.of());
        Records.produce(table.bootstrap, "moved");
        Admin admin = table.admin;
        table.row("listReassignments/none", () -> admin.listPartitionReassignments().reassignments());
        table.row("listReassignments/unknown",
            () -> admin.listPartitionReassignments(Set.of(MISSING, NO_PARTITION)).reassignments());
        refused(table);
        elected(table, "notNeeded", PREFERRED, Set.of(MOVED));
        elected(table, "uncleanNotNeeded", UNCLEAN, Set.of(MOVED));
        elected(table, "unknown", PREFERRED, Set.of(MISSING, NO_PARTITION));
        elected(table, "mixed", PREFERRED, Set.of(MISSING, MOVED));
        moved(table, "reorder", List.of(2, 3, 1), "\"replicas\":[\"2\",\"3\",\"1\"]");
        elected(table, "preferred", PREFERRED, Set.of(MOVED));
        described(table, "electLeaders/preferred/after", "\"leader\":\"2\"");
        moved(table, "shrink", List.of(3, 2), "\"replicas\":[\"3\",\"2\"]");
        moved(table, "shrinkAwayTheLeader", List.of(3), "\"replicas\":[\"3\"]");
        moved(table, "grow", List.of(3, 1, 2), "\"replicas\":[\"3\",\"1\",\"2\"]");
        // Others of the table may have lost a leader while the machine was busy.
        table.row("electLeaders/every", () -> admin.electLeaders(PREFERRED, null).partitions().get().entrySet().stream()
            .filter(entry -> entry.getKey().equals(MOVED)).toList());
    }

    private static void reassigned(Table table, String name, TopicPartition partition, List<Integer> to) {
        Optional<NewPartitionReassignment> target = Optional.ofNullable(to).map(NewPartitionReassignment::new);
        table.row("alterReassignments/" + name,
            () -> table.admin.alterPartitionReassignments(Map.of(partition, target)).values());
    }

    private static void refused(Table table) {
        reassigned(table, "unknownBroker", MOVED, List.of(1, 77));
        reassigned(table, "negativeBroker", MOVED, List.of(-1, 2));
        reassigned(table, "sameBrokerTwice", MOVED, List.of(2, 2));
        reassigned(table, "unknownTopic", MISSING, List.of(1, 2));
        reassigned(table, "unknownPartition", NO_PARTITION, List.of(1, 2));
        reassigned(table, "cancelNothing", MOVED, null);
        reassigned(table, "cancelUnknown", MISSING, null);
        table.row("alterReassignments/mixed", () -> table.admin.alterPartitionReassignments(Map.of(
            MOVED, Optional.of(new NewPartitionReassignment(List.of(1, 2, 3))),
            MISSING, Optional.of(new NewPartitionReassignment(List.of(1))))).values());
    }

    private static void moved(Table table, String name, List<Integer> to, String shown) {
        reassigned(table, name, MOVED, to);
        table.rowOnce("alterReassignments/" + name + "/done", text -> text.equals("{}"),
            () -> table.admin.listPartitionReassignments(Set.of(MOVED)).reassignments().get());
        String isr = "\"isr\":" + Table.text(to.stream().sorted().map(String::valueOf).toList());
        table.rowOnce("alterReassignments/" + name + "/after", text -> text.contains(shown) && text.contains(isr),
            () -> table.admin.describeTopics(List.of("moved")).topicNameValues());
    }

    private static void described(Table table, String name, String shown) {
        table.rowOnce(name, text -> text.contains(shown),
            () -> table.admin.describeTopics(List.of("moved")).topicNameValues());
    }

    private static void elected(Table table, String name, ElectionType type, Set<TopicPartition> partitions) {
        table.row("electLeaders/" + name, () -> table.admin.electLeaders(type, partitions).partitions());
    }
}
