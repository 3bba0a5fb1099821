// The exactly-once script, by Java's client: consume, transform and produce with every third transaction aborted,
// a zombie that is fenced, and a transaction that runs out of time.

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public final class Main {
    static final int RECORDS = 90;
    static final int PARTITIONS = 3;
    static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int SHORT_TIMEOUT_MS = 2_000;

    private Main() {}

    public static void main(String[] args) throws Exception {
        Verdict verdict = new Verdict();
        try (Admin admin = Admin.create(config())) {
            List<NewTopic> topics = List.of("java-in", "java-out", "java-fence", "java-late").stream()
                .map(name -> new NewTopic(name, Optional.of(PARTITIONS), Optional.empty())).toList();
            admin.createTopics(topics).all().get();
            Pipeline.run(admin, verdict);
        }
        fence(verdict);
        late(verdict);
        verdict.print();
    }

    static Map<String, Object> config() {
        return new HashMap<>(Map.of("bootstrap.servers", System.getenv("KAFKA_BOOTSTRAP_SERVERS")));
    }

    static KafkaProducer<String, String> producer(String id, int timeoutMs) {
        Map<String, Object> config = config();
        if (id != null) {
            config.put("transactional.id", id);
            config.put("transaction.timeout.ms", timeoutMs);
        }
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    static KafkaConsumer<String, String> consumer(String group, String isolation) {
        Map<String, Object> config = config();
        config.putAll(Map.of("auto.offset.reset", "earliest", "enable.auto.commit", false, "isolation.level", isolation));
        if (group != null) {
            config.put("group.id", group);
        }
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    private static KafkaProducer<String, String> begun(String id, int timeoutMs, String topic, String value)
        throws Exception {
        var producer = producer(id, timeoutMs);
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, 0, null, value)).get();
        return producer;
    }

    // Two producers of one name: the later one ends what the earlier one had begun.
    private static void fence(Verdict verdict) throws Exception {
        var zombie = begun("java-fenced", 60_000, "java-fence", "zombie");
        var heir = begun("java-fenced", 60_000, "java-fence", "heir");
        verdict.put("zombie", ended(zombie));
        verdict.put("heir", ended(heir));
        verdict.put("fence_read", Reading.all("java-fence", "read_committed"));
    }

    // Nobody ends this transaction; the coordinator does, and then readers get past it.
    private static void late(Verdict verdict) throws Exception {
        var late = begun("java-late", SHORT_TIMEOUT_MS, "java-late", "late");
        try (var plain = producer(null, 0)) {
            plain.send(new ProducerRecord<>("java-late", 0, null, "after")).get();
        }
        verdict.put("late_read", Reading.until("java-late", "after"));
        verdict.put("late", ended(late));
    }

    private static String ended(KafkaProducer<String, String> producer) {
        try {
            producer.commitTransaction();
            return "committed";
        } catch (ProducerFencedException | InvalidProducerEpochException | InvalidTxnStateException err) {
            // The last is what Apache Kafka answers after it has ended a transaction for its time.
            return "refused";
        } finally {
            producer.close(Duration.ZERO);
        }
    }
}
