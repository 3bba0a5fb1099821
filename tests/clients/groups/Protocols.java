// One group by members of one protocol after the other: offsets go on, the group's type changes.

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

final class Protocols {
    private static final int EACH = 10;

    private Protocols() {}

    static void run(Admin admin, Verdict verdict) throws Exception {
        Main.create(admin, "p-orders", 1);
        for (String protocol : List.of("classic", "consumer", "classic", "consumer")) {
            Main.produce("p-orders", 1, EACH);
            try (var members = new Members("g-turns")) {
                members.join(Map.of("group.protocol", protocol), c -> c.subscribe(List.of("p-orders")));
                members.settle(1);
                members.readUntil(EACH);
                members.commit();
            }
            verdict.put("turn_" + protocol, List.of(Described.listed(admin, "g-turns").get("type"), offset(admin) % EACH));
        }
        verdict.put("turns", offset(admin));
        for (String assignor : List.of("CooperativeStickyAssignor", "RangeAssignor")) {
            together(admin, verdict, assignor);
        }
    }

    // Members of both protocols at a time: the group goes over with the first of the new one, back with its last.
    private static void together(Admin admin, Verdict verdict, String assignor) throws Exception {
        String group = "g-" + assignor;
        Map<String, Object> classic = Map.of("group.protocol", "classic", "heartbeat.interval.ms", 500,
            "session.timeout.ms", 10_000,
            "partition.assignment.strategy", "org.apache.kafka.clients.consumer." + assignor);
        try (var members = new Members(group)) {
            members.join(classic, c -> c.subscribe(List.of("s-orders")));
            verdict.put("before_" + assignor, List.of(members.settle(4), type(admin, group)));
            members.join(Map.of(), c -> c.subscribe(List.of("s-orders")));
            verdict.put("together_" + assignor, List.of(members.settle(4), type(admin, group)));
            members.join(classic, c -> c.subscribe(List.of("s-orders")));
            verdict.put("three_" + assignor, List.of(members.settle(4), type(admin, group)));
            members.commit();
            members.leave(1);
            verdict.put("back_" + assignor, List.of(members.settle(4), type(admin, group)));
        }
    }

    private static Object type(Admin admin, String group) throws Exception {
        return Described.listed(admin, group).get("type");
    }

    private static long offset(Admin admin) throws Exception {
        var offsets = admin.listConsumerGroupOffsets("g-turns").partitionsToOffsetAndMetadata().get();
        return offsets.values().iterator().next().offset();
    }
}
