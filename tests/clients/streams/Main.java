// An exactly-once Streams application: it counts the words of `words` and writes every count to `counts`. Its store is
// in memory, so that each start reads the changelog back. It runs until it is killed.

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;

public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        Properties config = new Properties();
        config.putAll(Map.of(
            "application.id", "counter",
            "bootstrap.servers", System.getenv("KAFKA_BOOTSTRAP_SERVERS"),
            "state.dir", System.getenv("STATE_DIR"),
            "processing.guarantee", "exactly_once_v2",
            "commit.interval.ms", 100,
            "statestore.cache.max.bytes", 0,
            "replication.factor", 3,
            "num.stream.threads", 2,
            "repartition.purge.interval.ms", 200));
        config.put("consumer.session.timeout.ms", 6000);
        config.put("consumer.heartbeat.interval.ms", 1000);
        config.put("consumer.auto.offset.reset", "earliest");
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("words", Consumed.with(Serdes.ByteArray(), Serdes.String()))
            .selectKey((key, word) -> word)
            .groupByKey(Grouped.with(Serdes.String(), Serdes.String()))
            .count(Materialized.<String, Long>as(Stores.inMemoryKeyValueStore("counted"))
                .withKeySerde(Serdes.String()).withValueSerde(Serdes.Long()))
            .mapValues(count -> Long.toString(count))
            .toStream()
            .to("counts", Produced.with(Serdes.String(), Serdes.String()));
        KafkaStreams streams = new KafkaStreams(builder.build(), config);
        streams.setStateListener((now, before) -> System.out.println(now));
        streams.start();
        Thread.currentThread().join();
    }
}
