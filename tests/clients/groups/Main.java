// Consumer groups of the new protocol (KIP-848), by Java's client: members come and go, partitions are added, topics
// match a pattern, a static member returns, the two protocols take turns, and what a tool may not do is refused.

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

public final class Main {
    static final String TOPIC = "g-orders";
    static final int PARTITIONS = 6;
    static final int RECORDS = 600;
    static final Duration DEADLINE = Duration.ofSeconds(60);

    private Main() {}

    public static void main(String[] args) throws Exception {
        Verdict verdict = new Verdict();
        try (Admin admin = Admin.create(config())) {
            create(admin, TOPIC, PARTITIONS);
            produce(TOPIC, PARTITIONS, RECORDS);
            rebalances(admin, verdict);
            Patterns.run(admin, verdict);
            Statics.run(admin, verdict);
            Protocols.run(admin, verdict);
            Refusals.run(admin, verdict);
        }
        verdict.print();
    }

    static Map<String, Object> config() {
        return new HashMap<>(Map.of("bootstrap.servers", System.getenv("KAFKA_BOOTSTRAP_SERVERS")));
    }

    static void create(Admin admin, String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty()))).all().get();
    }

    static void produce(String topic, int partitions, int records) throws Exception {
        try (var producer = new KafkaProducer<>(config(), new StringSerializer(), new StringSerializer())) {
            for (int n = 0; n < records; n++) {
                producer.send(new ProducerRecord<>(topic, n % partitions, null, "value " + n));
            }
        }
    }

    private static void rebalances(Admin admin, Verdict verdict) throws Exception {
        try (var members = new Members("g-one")) {
            IntStream.range(0, 2).forEach(n -> members.join(Map.of(), c -> c.subscribe(List.of(TOPIC))));
            verdict.put("two", members.settle(PARTITIONS));
            verdict.put("read", members.readUntil(RECORDS));
            members.commitTo(RECORDS);
            members.join(Map.of(), c -> c.subscribe(List.of(TOPIC)));
            verdict.put("three", members.settle(PARTITIONS));
            verdict.put("described", Described.group(admin, "g-one"));
            verdict.put("listed", Described.listed(admin, "g-one"));
            members.leave(0);
            verdict.put("left", members.settle(PARTITIONS));
            admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(PARTITIONS + 2))).all().get();
            verdict.put("grown", members.settle(PARTITIONS + 2));
        }
        verdict.put("emptied", Described.group(admin, "g-one"));
        var offsets = admin.listConsumerGroupOffsets("g-one").partitionsToOffsetAndMetadata().get();
        verdict.put("committed", offsets.values().stream().mapToLong(offset -> offset.offset()).sum());
    }
}
