// Consume, transform, produce: ten records a transaction, every third one aborted and done again.

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

final class Pipeline {
    private static final int BATCH = 10;
    private static final int ABORT_EVERY = 3;

    private Pipeline() {}

    static void run(Admin admin, Verdict verdict) throws Exception {
        try (var plain = Main.producer(null, 0)) {
            for (int n = 0; n < Main.RECORDS; n++) {
                plain.send(new ProducerRecord<>("java-in", n % Main.PARTITIONS, null, String.valueOf(n))).get();
            }
        }
        verdict.put("transactions", transform());
        List<ConsumerRecord<String, String>> committed = Reading.records("java-out", "read_committed");
        verdict.put("committed", committed.size());
        verdict.put("distinct", new HashSet<>(committed.stream().map(ConsumerRecord::value).toList()).size());
        verdict.put("in_order", inOrder(committed));
        verdict.put("uncommitted", Reading.records("java-out", "read_uncommitted").size());
        verdict.put("group_offsets", admin.listConsumerGroupOffsets("java-app").partitionsToOffsetAndMetadata().get()
            .values().stream().mapToLong(OffsetAndMetadata::offset).sum());
    }

    private static int transform() {
        int transactions = 0;
        try (var consumer = Main.consumer("java-app", "read_committed"); var producer = Main.producer("java-app", 60_000)) {
            producer.initTransactions();
            consumer.subscribe(List.of("java-in"));
            List<ConsumerRecord<String, String>> polled = new ArrayList<>();
            for (int done = 0; done < Main.RECORDS;) {
                List<ConsumerRecord<String, String>> batch = batch(consumer, polled);
                transactions++;
                produce(producer, consumer, batch);
                if (transactions % ABORT_EVERY == 0) {
                    producer.abortTransaction();
                    polled.clear();
                    rewind(consumer);
                } else {
                    producer.commitTransaction();
                    done += batch.size();
                }
            }
        }
        return transactions;
    }

    // Ten records; what was polled beyond them stays in `polled`.
    private static List<ConsumerRecord<String, String>> batch(
        KafkaConsumer<String, String> consumer, List<ConsumerRecord<String, String>> polled) {
        long deadline = System.nanoTime() + Main.DEADLINE.toNanos();
        while (polled.size() < BATCH) {
            consumer.poll(Duration.ofMillis(100)).forEach(polled::add);
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("only " + polled.size() + " records to transform");
            }
        }
        List<ConsumerRecord<String, String>> head = polled.subList(0, BATCH);
        List<ConsumerRecord<String, String>> batch = new ArrayList<>(head);
        head.clear();
        return batch;
    }

    private static void produce(KafkaProducer<String, String> producer, KafkaConsumer<String, String> consumer,
        List<ConsumerRecord<String, String>> batch) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        producer.beginTransaction();
        for (ConsumerRecord<String, String> record : batch) {
            producer.send(new ProducerRecord<>("java-out", record.partition(), null, record.value()));
            offsets.put(new TopicPartition("java-in", record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        // An abort would drop what is not sent yet; readers shall have something to skip.
        producer.flush();
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
    }

    private static void rewind(KafkaConsumer<String, String> consumer) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment());
        consumer.assignment().forEach(partition -> {
            OffsetAndMetadata at = committed.get(partition);
            consumer.seek(partition, at == null ? 0 : at.offset());
        });
    }

    private static boolean inOrder(List<ConsumerRecord<String, String>> records) {
        return IntStream.range(0, Main.PARTITIONS).allMatch(partition -> {
            List<Integer> values = records.stream().filter(record -> record.partition() == partition)
                .map(record -> Integer.valueOf(record.value())).toList();
            return values.equals(values.stream().sorted().toList());
        });
    }
}
