// A static member that is away for a moment gets its partitions back, and nobody else notices.

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

final class Statics {
    private Statics() {}

    static void run(Admin admin, Verdict verdict) throws Exception {
        Main.create(admin, "s-orders", 4);
        Map<String, Object> fixed = Map.of("group.instance.id", "fixed");
        try (var members = new Members("g-static")) {
            members.join(Map.of(), c -> c.subscribe(List.of("s-orders")));
            var first = members.join(fixed, c -> c.subscribe(List.of("s-orders")));
            verdict.put("static", members.settle(4));
            var before = first.assignment();
            int epoch = epoch(admin);
            verdict.put("instance_in_use", Refusals.of(() -> {
                try (var second = Members.member("g-static", fixed)) {
                    second.subscribe(List.of("s-orders"));
                    Instant end = Instant.now().plusSeconds(10);
                    while (Instant.now().isBefore(end)) {
                        second.poll(Duration.ofMillis(50));
                    }
                }
            }));
            members.leave(1);
            var back = members.join(fixed, c -> c.subscribe(List.of("s-orders")));
            members.settle(4);
            verdict.put("static_back", back.assignment().equals(before));
            verdict.put("static_unnoticed", epoch(admin) == epoch);
        }
    }

    private static int epoch(Admin admin) throws Exception {
        return admin.describeConsumerGroups(List.of("g-static")).all().get().get("g-static").groupEpoch().orElse(-1);
    }
}
