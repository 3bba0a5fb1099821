// What a tool may not do to a group with members, and may once it is empty.

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

final class Refusals {
    private Refusals() {}

    interface Act {
        void run() throws Exception;
    }

    // The name of what it throws.
    static String of(Act act) {
        try {
            act.run();
            return "nothing";
        } catch (ExecutionException err) {
            return err.getCause().getClass().getSimpleName();
        } catch (Exception err) {
            return err.getClass().getSimpleName();
        }
    }

    static void run(Admin admin, Verdict verdict) throws Exception {
        Main.create(admin, "r-orders", 1);
        TopicPartition partition = new TopicPartition("r-orders", 0);
        Map<TopicPartition, OffsetAndMetadata> zero = Map.of(partition, new OffsetAndMetadata(0));
        try (var members = new Members("g-refuse")) {
            members.join(Map.of(), c -> c.subscribe(List.of("r-orders")));
            members.settle(1);
            Main.produce("r-orders", 1, 1);
            members.readUntil(1);
            members.commit();
            verdict.put("delete_used", of(() -> admin.deleteConsumerGroups(List.of("g-refuse")).all().get()));
            verdict.put("set_used", of(() -> admin.alterConsumerGroupOffsets("g-refuse", zero).all().get()));
            verdict.put("forget_used",
                of(() -> admin.deleteConsumerGroupOffsets("g-refuse", Set.of(partition)).all().get()));
        }
        verdict.put("set", of(() -> admin.alterConsumerGroupOffsets("g-refuse", zero).all().get()));
        verdict.put("forget", of(() -> admin.deleteConsumerGroupOffsets("g-refuse", Set.of(partition)).all().get()));
        verdict.put("delete", of(() -> admin.deleteConsumerGroups(List.of("g-refuse")).all().get()));
        verdict.put("describe_gone", of(() -> admin.describeConsumerGroups(List.of("g-refuse")).all().get()));
        try (var members = new Members("g-assignor")) {
            members.join(Map.of("group.remote.assignor", "none"), c -> c.subscribe(List.of("r-orders")));
            verdict.put("unknown_assignor", of(() -> members.settle(1)));
        }
        try (var members = new Members("g-range")) {
            members.join(Map.of("group.remote.assignor", "range"), c -> c.subscribe(List.of("r-orders")));
            members.settle(1);
            verdict.put("range", Described.group(admin, "g-range").get("assignor"));
        }
    }
}
