// Configs of topics, and of the resources that are neither topics nor brokers.

import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.APPEND;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.DELETE;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.SET;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.SUBTRACT;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.common.config.ConfigResource;

final class Configs {
    static final DescribeConfigsOptions ALL =
        new DescribeConfigsOptions().includeSynonyms(true).includeDocumentation(true);

    private Configs() {}

    static void run(Table table) {
        Topics.make(table, "tuned", Map.of("retention.ms", "60000", "cleanup.policy", "compact"));
        describing(table);
        altering(table);
        refused(table);
        others(table);
    }

    static ConfigResource topic(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }

    static AlterConfigOp op(AlterConfigOp.OpType type, String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), type);
    }

    static Object alter(Table table, ConfigResource resource, AlterConfigOp... ops) {
        return table.admin.incrementalAlterConfigs(Map.of(resource, Arrays.asList(ops))).values();
    }

    private static void describing(Table table) {
        Admin admin = table.admin;
        table.row("describeConfigs/topic", () -> admin.describeConfigs(List.of(topic("tuned")), ALL).values());
        table.row("describeConfigs/topicWithoutSynonyms",
            () -> admin.describeConfigs(List.of(topic("tuned"))).values());
        table.row("describeConfigs/topicMissing", () -> admin.describeConfigs(List.of(topic("missing"))).values());
        table.row("describeConfigs/topicInvalidName", () -> admin.describeConfigs(List.of(topic("bad name"))).values());
        table.row("describeConfigs/topicEmptyName", () -> admin.describeConfigs(List.of(topic(""))).values());
        table.row("describeConfigs/mixed", () -> admin.describeConfigs(
            List.of(topic("tuned"), topic("missing"), topic("bad name"))).values());
    }

    // Alters, then shows the configs of the topic that are set on it.
    private static void changed(Table table, String name, Predicate<String> shown, AlterConfigOp... ops) {
        ConfigResource tuned = topic("tuned");
        table.row("incrementalAlterConfigs/" + name, () -> alter(table, tuned, ops));
        table.rowOnce("incrementalAlterConfigs/" + name + "/after", shown, () -> set(table, tuned));
    }

    // What differs from the defaults: name, value and where it comes from.
    static Map<String, Object> set(Table table, ConfigResource resource) throws Exception {
        Map<String, Object> set = new LinkedHashMap<>();
        table.admin.describeConfigs(List.of(resource)).values().get(resource).get().entries().stream()
            .filter(entry -> entry.source().name().startsWith("DYNAMIC"))
            .filter(entry -> resource.type() != ConfigResource.Type.TOPIC
                || entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
            .forEach(entry -> set.put(entry.name(), entry.source() + " " + entry.value()));
        return set;
    }

    private static Predicate<String> has(String part) {
        return text -> text.contains(part);
    }

    private static void altering(Table table) {
        changed(table, "set", has("120000"), op(SET, "retention.ms", "120000"));
        changed(table, "setTwo", has("lz4"), op(SET, "compression.type", "lz4"), op(SET, "flush.ms", "5000"));
        changed(table, "append", has("compact,delete"), op(APPEND, "cleanup.policy", "delete"));
        changed(table, "appendPresent", has("compact,delete"), op(APPEND, "cleanup.policy", "delete"));
        changed(table, "subtract", has("CONFIG delete"), op(SUBTRACT, "cleanup.policy", "compact"));
        changed(table, "subtractAbsent", has("CONFIG delete"), op(SUBTRACT, "cleanup.policy", "compact"));
        changed(table, "delete", has("flush.ms").negate(), op(DELETE, "flush.ms", ""));
        changed(table, "deleteUnset", has("flush.ms").negate(), op(DELETE, "segment.ms", ""));
        changed(table, "appendThrottle", has("0:1,0:2"),
            op(APPEND, "leader.replication.throttled.replicas", "0:1,0:2"));
        changed(table, "padded", has("4096"), op(SET, "index.interval.bytes", " 4096 "));
        changed(table, "hexadecimal", has("4096"), op(SET, "segment.index.bytes", "0x1000"));
    }

    private static void refused(Table table) {
        Admin admin = table.admin;
        ConfigResource tuned = topic("tuned");
        Object[][] rows = {
            {"unknownName", new AlterConfigOp[] {op(SET, "no.such.config", "1")}},
            {"deleteUnknownName", new AlterConfigOp[] {op(DELETE, "no.such.config", "")}},
            {"badValue", new AlterConfigOp[] {op(SET, "retention.ms", "soon")}},
            {"outOfRange", new AlterConfigOp[] {op(SET, "segment.bytes", "1")}},
            {"nullValue", new AlterConfigOp[] {op(SET, "retention.ms", null)}},
            {"emptyValue", new AlterConfigOp[] {op(SET, "retention.ms", "")}},
            {"appendToNumber", new AlterConfigOp[] {op(APPEND, "retention.ms", "1")}},
            {"subtractFromNumber", new AlterConfigOp[] {op(SUBTRACT, "retention.ms", "1")}},
            {"appendBadWord", new AlterConfigOp[] {op(APPEND, "cleanup.policy", "shred")}},
            {"sameNameTwice",
                new AlterConfigOp[] {op(SET, "retention.ms", "1"), op(APPEND, "retention.ms", "2")}},
            {"oneGoodOneBad", new AlterConfigOp[] {op(SET, "flush.ms", "77"), op(SET, "retention.ms", "x")}},
            {"sameWordTwice", new AlterConfigOp[] {op(SET, "cleanup.policy", "compact,compact")}},
            {"nothing", new AlterConfigOp[] {}},
        };
        for (Object[] row : rows) {
            table.row("incrementalAlterConfigs/" + row[0], () -> alter(table, tuned, (AlterConfigOp[]) row[1]));
        }
        table.row("incrementalAlterConfigs/unknownTopic",
            () -> alter(table, topic("missing"), op(SET, "retention.ms", "1")));
        table.row("incrementalAlterConfigs/invalidTopic",
            () -> alter(table, topic("bad name"), op(SET, "retention.ms", "1")));
        table.row("incrementalAlterConfigs/emptyTopic",
            () -> alter(table, topic(""), op(SET, "retention.ms", "1")));
        table.row("incrementalAlterConfigs/mixed", () -> admin.incrementalAlterConfigs(Map.of(
            tuned, List.of(op(SET, "retention.ms", "130000")),
            topic("missing"), List.of(op(SET, "retention.ms", "1")))).values());
        table.row("incrementalAlterConfigs/validateOnly", () -> admin.incrementalAlterConfigs(
            Map.of(tuned, List.of(op(SET, "retention.ms", "777"))), new AlterConfigsOptions().validateOnly(true)).values());
        table.row("incrementalAlterConfigs/validateOnlyBad", () -> admin.incrementalAlterConfigs(
            Map.of(tuned, List.of(op(SET, "retention.ms", "x"))), new AlterConfigsOptions().validateOnly(true)).values());
        table.rowOnce("incrementalAlterConfigs/afterRefusals", text -> text.contains("130000"), () -> set(table, tuned));
    }

    private static void others(Table table) {
        Admin admin = table.admin;
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "tuned-group");
        ConfigResource metrics = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "tuned-metrics");
        table.row("describeConfigs/group", () -> admin.describeConfigs(List.of(group), ALL).values());
        table.row("incrementalAlterConfigs/group",
            () -> alter(table, group, op(SET, "consumer.session.timeout.ms", "50000")));
        table.rowOnce("incrementalAlterConfigs/group/after", text -> text.contains("50000"), () -> set(table, group));
        table.row("incrementalAlterConfigs/groupOutOfRange",
            () -> alter(table, group, op(SET, "consumer.session.timeout.ms", "1")));
        table.row("incrementalAlterConfigs/groupUnknownName", () -> alter(table, group, op(SET, "no.such", "1")));
        table.row("describeConfigs/clientMetrics", () -> admin.describeConfigs(List.of(metrics), ALL).values());
        table.row("incrementalAlterConfigs/clientMetrics", () -> alter(table, metrics, op(SET, "interval.ms", "1000")));
        table.rowOnce("incrementalAlterConfigs/clientMetrics/after", text -> text.contains("1000"),
            () -> set(table, metrics));
        table.row("incrementalAlterConfigs/clientMetricsBad", () -> alter(table, metrics, op(SET, "interval.ms", "1")));
        Map<String, String> matches = new TreeMap<>(Map.of("unknownKey", "client_name=a", "badPattern", "client_id=[",
            "noPattern", "client_id", "emptyPattern", "client_id=", "empty", "",
            "good", "client_id=shop.*,client_source_port=9\\d+"));
        matches.forEach((name, match) -> table.row("incrementalAlterConfigs/clientMetricsMatch/" + name,
            () -> alter(table, metrics, op(SET, "match", match))));
        table.row("incrementalAlterConfigs/clientMetricsNoNumber",
            () -> alter(table, metrics, op(SET, "interval.ms", "soon")));
        table.row("incrementalAlterConfigs/clientMetricsUnknownName",
            () -> alter(table, metrics, op(SET, "no.such", "1")));
        for (ConfigResource.Type type : ConfigResource.Type.values()) {
            table.row("listConfigResources/" + type,
                () -> admin.listConfigResources(Set.of(type), new ListConfigResourcesOptions())
                    .all().get().stream().filter(one -> type != ConfigResource.Type.TOPIC || one.name().equals("tuned"))
                    .map(Object::toString).sorted().toList());
        }
    }
}
