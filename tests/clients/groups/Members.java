// The members of one group in this process, polled in turn.

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.StringDeserializer;

final class Members implements AutoCloseable {
    final List<KafkaConsumer<String, String>> all = new ArrayList<>();
    private final String group;
    private final Set<String> read = new HashSet<>();

    Members(String group) {
        this.group = group;
    }

    static KafkaConsumer<String, String> member(String group, Map<String, Object> more) {
        Map<String, Object> config = Main.config();
        config.putAll(Map.of("group.id", group, "group.protocol", "consumer"));
        config.putAll(Map.of("auto.offset.reset", "earliest", "enable.auto.commit", false, "metadata.max.age.ms", 1000));
        config.putAll(more);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    KafkaConsumer<String, String> join(Map<String, Object> more, Consumer<KafkaConsumer<String, String>> subscribe) {
        var member = member(group, more);
        subscribe.accept(member);
        all.add(member);
        return member;
    }

    private void poll() {
        for (var member : all) {
            member.poll(Duration.ofMillis(50)).forEach(record -> read.add(record.value()));
        }
    }

    // How many partitions each has, rising, once the members have `partitions` between them and as evenly as can be.
    List<Integer> settle(int partitions) {
        Instant end = Instant.now().plus(Main.DEADLINE);
        while (Instant.now().isBefore(end)) {
            poll();
            Set<TopicPartition> owned = new HashSet<>();
            all.forEach(member -> owned.addAll(member.assignment()));
            List<Integer> sizes = sizes();
            boolean even = sizes.get(sizes.size() - 1) - sizes.get(0) <= 1;
            if (owned.size() == partitions && even && sizes.stream().mapToInt(n -> n).sum() == partitions) {
                return sizes;
            }
        }
        return sizes();
    }

    private List<Integer> sizes() {
        return all.stream().map(member -> member.assignment().size()).sorted().toList();
    }

    int readUntil(int records) {
        Instant end = Instant.now().plus(Main.DEADLINE);
        while (read.size() < records && Instant.now().isBefore(end)) {
            poll();
        }
        return read.size();
    }

    // Commits until the group has come to the end of `records`; what moved between members may be read twice.
    void commitTo(long records) {
        Instant end = Instant.now().plus(Main.DEADLINE);
        while (Instant.now().isBefore(end)) {
            poll();
            commit();
            long at = all.stream().flatMapToLong(member -> member.assignment().stream().mapToLong(member::position)).sum();
            if (at == records) {
                return;
            }
        }
    }

    // A member that is asked to rebalance commits once it has; poll() brings it there.
    void commit() {
        Instant end = Instant.now().plus(Main.DEADLINE);
        for (KafkaConsumer<String, String> member : all) {
            boolean done = false;
            while (!done) {
                try {
                    member.commitSync();
                    done = true;
                } catch (RebalanceInProgressException moving) {
                    if (Instant.now().isAfter(end)) {
                        throw moving;
                    }
                    poll();
                }
            }
        }
    }

    void leave(int at) {
        all.remove(at).close();
    }

    @Override
    public void close() {
        all.forEach(KafkaConsumer::close);
    }
}
