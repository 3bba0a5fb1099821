// A table of calls: each is made in order and printed as one line of JSON with its name and its answer.

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;

final class Table {
    // What a change needs at most until every broker shows it.
    private static final Duration SHOWN = Duration.ofSeconds(8);
    private static final ObjectMapper JSON =
        new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    final Admin admin;
    final String bootstrap;
    private final String only;
    private boolean refused;

    Table(Admin admin, String bootstrap, String only) {
        this.admin = admin;
        this.bootstrap = bootstrap;
        this.only = only;
    }

    // The parts of the table that were asked for; all if none was named.
    boolean wants(String part) {
        return only == null || only.equals(part);
    }

    void row(String name, Callable<?> call) {
        Object answer = answer(call);
        refused = refuses(answer);
        print(name, answer);
    }

    // An API that is not there will not come, nor will the change that it was to make.
    private static boolean refuses(Object answer) {
        return text(answer).contains("UNSUPPORTED_VERSION");
    }

    // Brokers learn of a change one after the other: asks again until the answer, as text, shows it.
    void rowOnce(String name, Predicate<String> shown, Callable<?> call) {
        print(name, await(shown, call));
    }

    Object await(Predicate<String> shown, Callable<?> call) {
        long end = System.nanoTime() + SHOWN.toNanos();
        Object answer = answer(call);
        while (!shown.test(text(answer)) && !refused && !refuses(answer) && System.nanoTime() < end) {
            pause();
            answer = answer(call);
        }
        return answer;
    }

    static String text(Object plain) {
        try {
            return JSON.writeValueAsString(plain);
        } catch (com.fasterxml.jackson.core.JsonProcessingException err) {
            throw new IllegalStateException(err);
        }
    }

    private static Object answer(Callable<?> call) {
        try {
            Object value = call.call();
            return Plain.of(value);
        } catch (java.util.concurrent.ExecutionException err) {
            return Plain.error(err.getCause());
        } catch (Exception err) {
            return Plain.error(err);
        }
    }

    private static void print(String name, Object answer) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("call", name);
        line.put("answer", answer == null ? "ok" : answer);
        System.out.println(text(line));
        System.out.flush();
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException err) {
            throw new IllegalStateException(err);
        }
    }
}
