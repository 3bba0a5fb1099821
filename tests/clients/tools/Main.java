// Kafka's console tools, one after the other in one JVM: a line of standard input is a class and its arguments, parted
// by tabs; a line of standard output is what that tool printed and the code it ended with. Nothing of a tool is played
// here: its own `main` runs, and what would end the JVM ends the tool.

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.utils.Exit;

public final class Main {
    private Main() {}

    /** What a tool throws where it would have ended the JVM. */
    private static final class Ended extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A stream that a tool may keep for ever: what comes after its end is dropped. */
    private static final class Capture extends OutputStream {
        private ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private boolean open;

        @Override
        public synchronized void write(int one) {
            if (open) {
                kept.write(one);
            }
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            if (open) {
                kept.write(bytes, from, length);
            }
        }

        synchronized void clear() {
            kept = new ByteArrayOutputStream();
        }

        synchronized void open() {
            open = true;
        }

        synchronized void seal() {
            open = false;
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }

    private static final Capture OUT = new Capture();
    private static final Capture ERR = new Capture();
    private static int code;

    /** The first word counts: a tool that catches everything may meet its own end. */
    private static void end(int status, String message) {
        if (OUT.open) {
            if (message != null) {
                System.err.println(message);
            }
            code = status;
            seal();
        }
        throw new Ended();
    }

    private static void run(String name, String[] args) {
        code = 0;
        OUT.clear();
        ERR.clear();
        open();
        try {
            Class.forName(name).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException thrown) {
            if (OUT.open) {
                // As the JVM does with what `main` throws.
                thrown.getCause().printStackTrace();
                code = 1;
            }
        } catch (ReflectiveOperationException wrong) {
            wrong.printStackTrace();
            code = 127;
        }
        seal();
    }

    private static void open() {
        OUT.open();
        ERR.open();
    }

    private static void seal() {
        OUT.seal();
        ERR.seal();
    }

    public static void main(String[] none) throws Exception {
        PrintStream answers = System.out;
        System.setOut(new PrintStream(OUT, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(ERR, true, StandardCharsets.UTF_8));
        Exit.setExitProcedure(Main::end);
        Exit.setHaltProcedure(Main::end);
        // What a tool would do last, when its JVM ends, is not done.
        Exit.setShutdownHookAdder((name, hook) -> { });
        ObjectMapper json = new ObjectMapper();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split("\t", -1);
            run(words[0], Arrays.copyOfRange(words, 1, words.length));
            answers.println(json.writeValueAsString(
                Map.of("code", code, "stdout", OUT.text(), "stderr", ERR.text())));
            answers.flush();
        }
        System.exit(0);
    }
}
