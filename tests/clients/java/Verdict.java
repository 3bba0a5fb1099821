// What a run of the script found, printed as one line of JSON that every client prints alike.

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

final class Verdict {
    private final Map<String, Object> found = new TreeMap<>();

    void put(String name, Object value) {
        found.put(name, value);
    }

    void print() throws JsonProcessingException {
        System.out.println(new ObjectMapper().writeValueAsString(found));
    }
}
