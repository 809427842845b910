package dev.provision.schema.diagnostics;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class SuggestionTest {

    private static final Set<String> CROWD = IntStream.range(0, 20_000)
            .mapToObj("worker-%05d-node"::formatted)
            .collect(Collectors.toSet());

    @ParameterizedTest
    @CsvSource({"memry, memory", "memoyr, memory", "MEMORY, memory", "cpu, cpus", "strage, storage", "xyz, ",
        "'', "})
    void theNearestWordIsMeant(String word, String meant) {
        assertEquals(Optional.ofNullable(meant), Suggestion.nearest(word, List.of("cpus", "memory", "storage")));
    }

    @ParameterizedTest
    @CsvSource({"worker-0777-node, worker-07770-node", "worker-007777-node, worker-00777-node",
        "wroker-00777-node, worker-00777-node", "worker-00777_node, worker-00777-node",
        "Worker-00777-node, worker-00777-node", "worker, ", "'', "})
    void inACrowdOneSlipIsForgiven(String word, String meant) {
        Optional<String> nearest = Suggestion.nearest(word, CROWD);
        assertEquals(meant == null, nearest.isEmpty(), nearest.toString());
        nearest.ifPresent(found -> assertEquals(meant.length(), found.length()));
    }

    /** Each with each would be 200 million comparisons of all letters with all letters. */
    @Test
    void manyMistakesInACrowdTakeNoMinutes() {
        assertTimeout(Duration.ofSeconds(30), () -> IntStream.range(0, 10_000)
                .forEach(i -> assertEquals(Optional.empty(), Suggestion.nearest("unknown-" + i + "-name", CROWD))));
    }

    /** A table of their letters would not fit into memory. */
    @Test
    void wordsOfNoHumanLengthAreNotCompared() {
        String endless = String.join("", Collections.nCopies(100_000, "ab"));
        assertEquals(Optional.empty(), Suggestion.nearest(endless + "c", List.of(endless + "d")));
    }
}
