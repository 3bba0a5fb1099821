// Calls everything an admin tool may call, on the cluster at KAFKA_BOOTSTRAP_SERVERS, and prints the answers.
// `java Main` runs the whole table, `java Main groups` one part of it.

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

public final class Main {
    private Main() {}

    interface Part {
        void run(Table table) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        String bootstrap = System.getenv("KAFKA_BOOTSTRAP_SERVERS");
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("client.id", "admin-table");
        config.put("default.api.timeout.ms", 20_000);
        config.put("request.timeout.ms", 15_000);
        try (Admin admin = Admin.create(config)) {
            Table table = new Table(admin, bootstrap, args.length > 0 ? args[0] : null);
            run(table, "topics", Topics::run);
            run(table, "partitions", Partitions::run);
            run(table, "configs", Configs::run);
            run(table, "brokerConfigs", BrokerConfigs::run);
            run(table, "records", Records::run);
            run(table, "groups", Groups::run);
            run(table, "replicas", Replicas::run);
            run(table, "cluster", Clusters::run);
            run(table, "transactions", Transactions::run);
            run(table, "security", Security::run);
        }
    }

    private static void run(Table table, String name, Part part) throws Exception {
        if (table.wants(name)) {
            part.run(table);
        }
    }
}
