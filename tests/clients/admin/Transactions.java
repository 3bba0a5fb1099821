// What administrators see of transactions, and how they end those of others.

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FenceProducersResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

final class Transactions {
    private static final TopicPartition LEDGER = new TopicPartition("ledger", 0);

    private Transactions() {}

    static void run(Table table) {
        Topics.make(table, "ledger", Map.of());
        try (var open = producer(table.bootstrap, "open"); var done = producer(table.bootstrap, "done")) {
            table.row("transactions/commit", () -> {
                begin(done);
                done.commitTransaction();
                return "ok";
            });
            table.row("transactions/begin", () -> {
                begin(open);
                return "ok";
            });
            listing(table);
            describing(table);
            ending(table, open);
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrap, String id) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "transactional.id", id,
            "max.block.ms", 20_000, "transaction.timeout.ms", 60_000);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static void begin(KafkaProducer<String, String> producer) throws Exception {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("ledger", 0, "key", "value")).get();
    }

    private static void listed(Table table, String name, ListTransactionsOptions options) {
        table.row("listTransactions/" + name, () -> {
            Map<String, Object> all = new TreeMap<>();
            for (TransactionListing one : table.admin.listTransactions(options).all().get()) {
                all.put(one.transactionalId(), one);
            }
            return all;
        });
    }

    private static void listing(Table table) {
        table.rowOnce("listTransactions/all", text -> text.contains("COMPLETE_COMMIT") && text.contains("ONGOING"), () -> {
            Map<String, Object> all = new TreeMap<>();
            table.admin.listTransactions().all().get().forEach(one -> all.put(one.transactionalId(), one));
            return all;
        });
        listed(table, "ongoing", new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING)));
        listed(table, "unknownState", new ListTransactionsOptions().filterStates(Set.of(TransactionState.UNKNOWN)));
        listed(table, "unknownProducer", new ListTransactionsOptions().filterProducerIds(Set.of(4711L)));
        listed(table, "forAnHour", new ListTransactionsOptions().filterOnDuration(3_600_000));
        listed(table, "pattern", new ListTransactionsOptions().filterOnTransactionalIdPattern("op.*"));
        listed(table, "badPattern", new ListTransactionsOptions().filterOnTransactionalIdPattern("(op"));
    }

    private static void describing(Table table) {
        Admin admin = table.admin;
        table.row("describeTransactions/open", () -> admin.describeTransactions(List.of("open")).description("open"));
        table.row("describeTransactions/done", () -> admin.describeTransactions(List.of("done")).description("done"));
        table.row("describeTransactions/missing", () -> admin.describeTransactions(List.of("nobody")).description("nobody"));
        table.row("describeTransactions/emptyName", () -> admin.describeTransactions(List.of("")).description(""));
        table.row("describeProducers/transactional", () -> active(admin));
    }

    private static List<ProducerState> active(Admin admin) throws Exception {
        return admin.describeProducers(Set.of(LEDGER)).partitionResult(LEDGER).get().activeProducers().stream()
            .filter(one -> one.currentTransactionStartOffset().isPresent()).toList();
    }

    private static void ending(Table table, KafkaProducer<String, String> open) {
        Admin admin = table.admin;
        table.row("abortTransaction/oldEpoch", () -> {
            ProducerState hanging = active(admin).get(0);
            return admin.abortTransaction(new AbortTransactionSpec(
                LEDGER, hanging.producerId(), (short) (hanging.producerEpoch() - 1), 0)).all();
        });
        table.row("abortTransaction/hanging", () -> {
            ProducerState hanging = active(admin).get(0);
            return admin.abortTransaction(new AbortTransactionSpec(LEDGER, hanging.producerId(),
                (short) hanging.producerEpoch(), hanging.coordinatorEpoch().orElse(0))).all();
        });
        table.rowOnce("describeProducers/aborted", text -> text.equals("[]"), () -> active(admin));
        table.row("fenceProducers/open", () -> fenced(admin.fenceProducers(List.of("open")), "open"));
        table.row("fenceProducers/unknown", () -> fenced(admin.fenceProducers(List.of("new-name")), "new-name"));
        table.row("transactions/commitFenced", () -> {
            open.commitTransaction();
            return "ok";
        });
        open.close(Duration.ZERO);
        table.row("forceTerminateTransaction/none", () -> admin.forceTerminateTransaction("open").result());
        table.row("forceTerminateTransaction/unknown", () -> admin.forceTerminateTransaction("nobody-2").result());
    }

    private static Map<String, Object> fenced(FenceProducersResult result, String id) {
        return new TreeMap<>(Map.of("fenced", result.fencedProducers(), "epoch", result.epochId(id)));
    }
}
