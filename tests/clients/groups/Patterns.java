// A member that subscribes by a pattern, which the broker matches.

import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;

final class Patterns {
    private Patterns() {}

    static void run(Admin admin, Verdict verdict) throws Exception {
        Main.create(admin, "pat-a", 2);
        Main.create(admin, "xpat-a", 2);
        try (var members = new Members("g-pattern")) {
            var member = members.join(Map.of(), c -> c.subscribe(new SubscriptionPattern("pat-.*")));
            members.settle(2);
            verdict.put("pattern", topics(member.assignment()));
            member.subscribe(new SubscriptionPattern("x?pat-.*"));
            members.settle(4);
            verdict.put("pattern_changed", topics(member.assignment()));
        }
        try (var members = new Members("g-bad-pattern")) {
            members.join(Map.of(), c -> c.subscribe(new SubscriptionPattern("pat-(")));
            verdict.put("bad_pattern", Refusals.of(() -> members.settle(1)));
        }
    }

    private static TreeSet<String> topics(Iterable<TopicPartition> partitions) {
        TreeSet<String> topics = new TreeSet<>();
        partitions.forEach(partition -> topics.add(partition.topic()));
        return topics;
    }
}
