// Configs of brokers: one, all of them (the empty name), and their loggers.

import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.APPEND;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.DELETE;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.SET;

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
import org.apache.kafka.common.config.ConfigResource;

final class BrokerConfigs {
    // The client waits this long for a broker that will not come.
    private static final DescribeConfigsOptions SOON = new DescribeConfigsOptions().timeoutMs(1_000);

    private BrokerConfigs() {}

    private static ConfigResource broker(String name) {
        return new ConfigResource(ConfigResource.Type.BROKER, name);
    }

    static void run(Table table) {
        describing(table);
        changed(table, "oneBroker", "1", op(SET, "log.retention.ms", "99999999"), text -> text.contains("99999999"));
        changed(table, "cluster", "", op(SET, "log.retention.ms", "88888888"), text -> text.contains("88888888"));
        table.rowOnce("describeConfigs/brokerSynonyms",
            text -> text.contains("88888888") && text.contains("99999999"),
            () -> entry(table, broker("1"), "log.retention.ms"));
        changed(table, "oneBrokerBack", "1", op(DELETE, "log.retention.ms", ""), text -> !text.contains("99999999"));
        inherited(table);
        changed(table, "clusterBack", "", op(DELETE, "log.retention.ms", ""), text -> !text.contains("88888888"));
        changed(table, "clusterThreads", "", op(SET, "num.io.threads", "9"), text -> text.contains("num.io.threads"));
        changed(table, "clusterThreadsBack", "", op(DELETE, "num.io.threads", ""), text -> !text.contains("num.io.threads"));
        everyKind(table);
        changed(table, "clusterList", "", op(APPEND, "log.cleanup.policy", "compact"),
            text -> text.contains("compact"));
        changed(table, "clusterListBack", "", op(DELETE, "log.cleanup.policy", ""),
            text -> !text.contains("compact"));
        refused(table);
        loggers(table);
    }

    private static AlterConfigOp op(AlterConfigOp.OpType type, String name, String value) {
        return Configs.op(type, name, value);
    }

    private static void describing(Table table) {
        Admin admin = table.admin;
        table.row("describeConfigs/broker", () -> admin.describeConfigs(List.of(broker("1")), Configs.ALL).values());
        table.row("describeConfigs/clusterDefault",
            () -> admin.describeConfigs(List.of(broker("")), Configs.ALL).values());
        table.row("describeConfigs/unknownBroker", () -> admin.describeConfigs(List.of(broker("77")), SOON).values());
        table.row("describeConfigs/brokerByWord", () -> admin.describeConfigs(List.of(broker("one"))).values());
    }

    private static void changed(Table table, String name, String broker, AlterConfigOp op, Predicate<String> shown) {
        String call = "incrementalAlterConfigs/broker/" + name;
        table.row(call, () -> Configs.alter(table, broker(broker), op));
        table.rowOnce(call + "/after", shown, () -> Configs.set(table, broker(broker)));
    }

    // Configs of every kind, set on one broker and on all, as they are described in full.
    private static void everyKind(Table table) {
        Map<String, String> configs = new TreeMap<>(Map.of(
            "log.cleaner.threads", "2",
            "log.cleaner.io.buffer.load.factor", "0.8",
            "remote.fetch.max.wait.ms", "600",
            "transaction.partition.verification.enable", "false",
            "listener.name.inside.max.connections", "70",
            "listener.name.inside.ssl.key.password", "secret",
            "sasl.kerberos.service.name", "kafka",
            "leader.replication.throttled.rate", "1000",
            "ssl.keystore.location", "/tmp/store.jks",
            "sasl.kerberos.principal.to.local.rules", "DEFAULT"));
        for (String id : List.of("1", "")) {
            configs.forEach((name, value) -> {
                String call = "incrementalAlterConfigs/broker/" + (id.isEmpty() ? "all" : id) + "/" + name;
                table.row(call, () -> Configs.alter(table, broker(id), op(SET, name, value)));
            });
        }
        // The last of them for all brokers came last.
        String last = "\"name\":\"transaction.partition.verification.enable\",\"source\":\"DYNAMIC_DEFAULT_BROKER_CONFIG\"";
        for (String id : List.of("1", "")) {
            table.rowOnce("describeConfigs/everyKind/" + (id.isEmpty() ? "all" : id),
                text -> text.contains(last), () -> named(table, id, configs.keySet()));
        }
        AlterConfigOp[] back = configs.keySet().stream().map(name -> op(DELETE, name, "")).toArray(AlterConfigOp[]::new);
        for (String id : List.of("1", "")) {
            table.row("incrementalAlterConfigs/broker/" + (id.isEmpty() ? "all" : id) + "/back",
                () -> Configs.alter(table, broker(id), back));
        }
    }

    private static Object named(Table table, String id, Set<String> names) throws Exception {
        ConfigResource resource = broker(id);
        Map<String, ConfigEntry> shown = new TreeMap<>();
        table.admin.describeConfigs(List.of(resource), Configs.ALL).values().get(resource).get().entries().stream()
            .filter(entry -> names.contains(entry.name())).forEach(entry -> shown.put(entry.name(), entry));
        return shown;
    }

    // Any broker may answer for a topic, so all must have the same configs by now.
    private static void inherited(Table table) {
        Topics.make(table, "inheriting", Map.of());
        table.rowOnce("describeConfigs/topicInheriting", text -> text.contains("88888888"),
            () -> entry(table, Configs.topic("inheriting"), "retention.ms"));
    }

    private static ConfigEntry entry(Table table, ConfigResource of, String name) throws Exception {
        return table.admin.describeConfigs(List.of(of), Configs.ALL).values().get(of).get().get(name);
    }

    private static void refused(Table table) {
        Map<String, AlterConfigOp> rows = new TreeMap<>(Map.of(
            "readOnly", op(SET, "node.id", "9"),
            "readOnlyPort", op(SET, "log.dirs", "/tmp/elsewhere"),
            "unknownName", op(SET, "no.such.config", "1"),
            "badValue", op(SET, "log.retention.ms", "soon"),
            "outOfRange", op(SET, "num.io.threads", "0"),
            "appendToNumber", op(APPEND, "num.io.threads", "1"),
            "tooManyThreads", op(SET, "num.io.threads", "900")));
        rows.forEach((name, op) -> {
            table.row("incrementalAlterConfigs/broker/" + name, () -> Configs.alter(table, broker("1"), op));
            table.row("incrementalAlterConfigs/clusterDefault/" + name, () -> Configs.alter(table, broker(""), op));
        });
        table.row("incrementalAlterConfigs/broker/unknown",
            () -> table.admin.incrementalAlterConfigs(Map.of(broker("77"), List.of(op(SET, "log.retention.ms", "1"))),
                new AlterConfigsOptions().timeoutMs(1_000)).values());
        table.row("incrementalAlterConfigs/broker/perBrokerForAll",
            () -> Configs.alter(table, broker(""), op(SET, "listener.security.protocol.map", "A:PLAINTEXT")));
    }

    private static void loggers(Table table) {
        ConfigResource logger = new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1");
        // Which loggers there are depends on what has run; the root is always there.
        table.row("describeConfigs/loggers", () -> table.admin.describeConfigs(List.of(logger)).values().get(logger)
            .thenApply(config -> config.get("root")));
        table.row("incrementalAlterConfigs/loggerBadLevel", () -> Configs.alter(table, logger, op(SET, "root", "LOUD")));
        table.row("incrementalAlterConfigs/loggerUnknown",
            () -> Configs.alter(table, logger, op(SET, "no.such.logger", "INFO")));
        table.row("describeConfigs/loggersOfUnknownBroker", () -> table.admin.describeConfigs(
            List.of(new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "77")), SOON).values());
    }
}
