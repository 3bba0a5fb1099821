// Any answer of the admin client as maps, lists, numbers and words, with what differs from one run to the next
// (ids, ports, times, directories) replaced by a word for it. Every public getter counts, so that a field that
// a later client adds is compared without anybody thinking of it.

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;

final class Plain {
    private static final Set<String> NO_FIELDS =
        Set.of("hashCode", "toString", "getClass", "notify", "notifyAll", "wait", "clone", "all", "iterator");
    private static final Pattern UUID =
        Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern TOPIC_ID = Pattern.compile("(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])");
    private static final Pattern DIRECTORY =
        Pattern.compile(Pattern.quote(System.getProperty("java.io.tmpdir")) + "/[^ ,]+");
    private static final Pattern PORT = Pattern.compile("(localhost|127\\.0\\.0\\.1):\\d+");

    private Plain() {}

    static Object of(Object value) {
        if (value == null || value instanceof Boolean || value instanceof Number) {
            return value;
        }
        if (value instanceof CharSequence text) {
            return words(text.toString());
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Uuid id) {
            return Uuid.ZERO_UUID.equals(id) ? "zero" : "id";
        }
        if (value instanceof TopicPartition partition) {
            return partition.toString();
        }
        if (value instanceof Node node) {
            return node(node);
        }
        if (value instanceof Throwable error) {
            return error(error);
        }
        if (value instanceof Config config) {
            return configs(config);
        }
        if (value instanceof KafkaFuture<?> future) {
            return future(future);
        }
        return optional(value).orElseGet(() -> composed(value));
    }

    private static Optional<Object> optional(Object value) {
        if (value instanceof Optional<?> some) {
            return Optional.of(some.map(Plain::of).orElse("none"));
        }
        if (value instanceof OptionalInt some) {
            return Optional.of(some.isPresent() ? (Object) some.getAsInt() : "none");
        }
        if (value instanceof OptionalLong some) {
            return Optional.of(some.isPresent() ? (Object) some.getAsLong() : "none");
        }
        return Optional.empty();
    }

    private static Object composed(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, entry) -> sorted.put(String.valueOf(key(key)), of(entry)));
            return sorted;
        }
        if (value instanceof Collection<?> many) {
            List<Object> all = new ArrayList<>();
            many.forEach(one -> all.add(of(one)));
            if (!(value instanceof List)) {
                all.sort((a, b) -> String.valueOf(a).compareTo(String.valueOf(b)));
            }
            return all;
        }
        if (value.getClass().isArray()) {
            return value instanceof byte[] bytes ? (Object) bytes.length : of(Arrays.asList((Object[]) value));
        }
        return fields(value);
    }

    private static Map<String, Object> configs(Config config) {
        Map<String, Object> sorted = new TreeMap<>();
        config.entries().forEach(entry -> {
            Map<String, Object> plain = fields(entry);
            plain.remove("name");
            sorted.put(entry.name(), plain);
        });
        return sorted;
    }

    private static Object key(Object key) {
        Object plain = key instanceof Enum<?> || key instanceof Number ? key : words(String.valueOf(key));
        if (key instanceof ConfigResource resource) {
            return resource.type() + " " + resource.name();
        }
        return key instanceof Uuid ? "id" : plain;
    }

    private static Object node(Node node) {
        if (node.isEmpty()) {
            return "no node";
        }
        return node.id() + (node.hasRack() ? "@" + node.rack() : "") + (node.isFenced() ? " fenced" : "");
    }

    static Object future(KafkaFuture<?> future) {
        try {
            Object value = future.get();
            return value == null ? "ok" : of(value);
        } catch (ExecutionException err) {
            return error(err.getCause());
        } catch (InterruptedException err) {
            throw new IllegalStateException(err);
        }
    }

    static Map<String, Object> error(Throwable error) {
        Map<String, Object> plain = new LinkedHashMap<>();
        Errors code = Errors.forException(error);
        plain.put("error", code == Errors.UNKNOWN_SERVER_ERROR ? error.getClass().getSimpleName() : code.name());
        plain.put("message", error.getMessage() == null ? null : words(error.getMessage()));
        return plain;
    }

    private static Map<String, Object> fields(Object value) {
        Map<String, Object> all = new TreeMap<>();
        for (Method method : value.getClass().getMethods()) {
            boolean getter = method.getParameterCount() == 0 && method.getReturnType() != void.class
                && !Modifier.isStatic(method.getModifiers()) && !NO_FIELDS.contains(method.getName());
            if (getter) {
                all.put(method.getName(), field(method, value));
            }
        }
        return all;
    }

    private static Object field(Method method, Object value) {
        try {
            method.setAccessible(true);
            Object plain = of(method.invoke(value));
            return masked(method.getName(), plain);
        } catch (InvocationTargetException err) {
            return error(err.getCause());
        } catch (IllegalAccessException err) {
            throw new IllegalStateException(err);
        }
    }

    // What a clock, a disk or a counter of this run decided: only whether it is there is compared.
    private static Object masked(String name, Object plain) {
        if (Set.of("isr", "elr", "lastKnownElr").contains(name) && plain instanceof List<?> replicas) {
            return replicas.stream().map(String::valueOf).sorted().toList();
        }
        boolean ofTheRun = Set.of("lastTimestamp", "lastFetchTimestamp", "lastCaughtUpTimestamp", "totalBytes",
            "usableBytes", "transactionStartTimeMs", "producerId", "finalizedFeaturesEpoch", "highWatermark",
            "logEndOffset", "leaderEpoch", "coordinatorId", "coordinator", "controller", "leaderId", "port").contains(name);
        if (ofTheRun && plain instanceof Number number) {
            return number.longValue() < 0 ? "negative" : "number";
        }
        if (name.equals("documentation") && plain instanceof String text) {
            return text.isBlank() ? "blank" : "present";
        }
        return ofTheRun && plain instanceof String text && !text.startsWith("no") ? "some" : plain;
    }

    static String words(String text) {
        String plain = PORT.matcher(text).replaceAll("$1:PORT");
        plain = UUID.matcher(plain).replaceAll("UUID");
        if (plain.toLowerCase(Locale.ROOT).replace(" ", "").contains("topicid")) {
            plain = TOPIC_ID.matcher(plain).replaceAll("ID");
        }
        plain = plain.replaceAll("producerId=\\d+", "producerId=N").replaceAll("sent to broker \\d+", "sent to broker N");
        return DIRECTORY.matcher(plain).replaceAll("DIRECTORY");
    }
}
