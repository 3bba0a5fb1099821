// Reading a whole topic from outside.

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

final class Reading {
    private Reading() {}

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, Main.PARTITIONS).mapToObj(at -> new TopicPartition(topic, at)).toList();
    }

    // Everything up to the end that this isolation sees; the end is a position, so markers do not count.
    static List<ConsumerRecord<String, String>> records(String topic, String isolation) {
        try (KafkaConsumer<String, String> consumer = Main.consumer(null, isolation)) {
            consumer.assign(partitions(topic));
            consumer.seekToBeginning(consumer.assignment());
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            List<ConsumerRecord<String, String>> all = new ArrayList<>();
            long deadline = System.nanoTime() + Main.DEADLINE.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the end of " + topic + " is out of reach: " + ends);
                }
            }
            return all;
        }
    }

    static List<String> all(String topic, String isolation) {
        return records(topic, isolation).stream().map(ConsumerRecord::value).toList();
    }

    // What a read_committed reader sees up to and with `last`.
    static List<String> until(String topic, String last) {
        try (KafkaConsumer<String, String> consumer = Main.consumer(null, "read_committed")) {
            consumer.assign(partitions(topic));
            consumer.seekToBeginning(consumer.assignment());
            List<String> seen = new ArrayList<>();
            long deadline = System.nanoTime() + Main.DEADLINE.toNanos();
            while (!seen.contains(last)) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> seen.add(record.value()));
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(last + " stays out of sight in " + topic);
                }
            }
            return seen;
        }
    }
}
