package dev.provision.acceptance;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Bad input gets a clear error with its place; nothing is touched. */
class BadInputTest {

    @TempDir
    private Path folder = Path.of("");

    static Stream<Arguments> manifests() {
        return Stream.of(
                Arguments.of("YAML syntax", "version: 1\nfleet: x\nmachines: [a", 3, "bad.yaml:", "PRV-0002"),
                Arguments.of("unknown key", "version: 1\nfleet: x\nmachines:\n  a: { resources: { memry: 1GiB } }\n", 3,
                        "bad.yaml:4:21", "did you mean `memory`?"),
                Arguments.of("wrong type", "version: 1\nfleet: x\nmachines:\n  a: { resources: [1] }\n", 3,
                        "bad.yaml:4:19", "PRV-0102"),
                Arguments.of("negative memory",
                        "version: 1\nfleet: x\nmachines:\n  a: { resources: { memory: -1GiB } }\n", 3, "bad.yaml:4:29",
                        "is negative"),
                Arguments.of("two machines of one name", "version: 1\nfleet: x\nmachines:\n  a: {}\n  a: {}\n", 3,
                        "bad.yaml:5:3", "bad.yaml:4:3"),
                Arguments.of("larger than the host",
                        "version: 1\nfleet: x\nmachines:\n  a: { resources: { memory: 900GiB } }\n", 4, "bad.yaml:4:29",
                        "PRV-0301"),
                Arguments.of("too many CPUs", "version: 1\nfleet: x\nmachines:\n  a: { resources: { cpus: 4000 } }\n",
                        4, "bad.yaml:4:27", "PRV-0301"),
                Arguments.of("unknown image", "version: 1\nfleet: x\nmachines:\n  a: { image: nosuch }\n", 4,
                        "bad.yaml:4:15", "PRV-0305"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manifests")
    void isExplainedWithItsPlace(String name, String text, int exitCode, String place, String words) {
        try (Provision provision = new Provision(folder)) {
            provision.write("bad.yaml", text);
            Provision.Result apply = provision.run("apply", "bad.yaml", "--yes").exits(exitCode);
            assertAll(
                    () -> assertTrue(apply.err().contains(place), apply.err()),
                    () -> assertTrue(apply.err().contains(words), apply.err()),
                    () -> assertTrue(apply.err().contains("nothing was touched"), apply.err()),
                    () -> assertFalse(apply.err().contains("\tat "), "no stack trace"),
                    () -> assertEquals(List.of(), provision.storeFiles()));
        }
    }

    @Test
    void everythingElseThatCanBeTypedWrong() {
        try (Provision provision = new Provision(folder)) {
            assertTrue(provision.run("apply", "nosuch.yaml", "--yes")
                    .exits(3)
                    .err()
                    .contains("there is no file `nosuch.yaml`"));
            assertTrue(provision.run("aply").exits(2).err().contains("aply"));
            provision.write("machines.yaml", "version: 1\nfleet: x\nmachines: { a: {} }\n");
            assertTrue(provision.run("plan", "--cpus", "2").exits(2).err().contains("--mem"));
            assertTrue(provision.run("status", "--nosuch").exits(2).err().contains("--nosuch"));
            assertTrue(provision.run("exec", "ghost", "--", "true").exits(2).err().contains("no machine `ghost`"));
            assertTrue(provision.run("apply").exits(2).err().contains("--yes"), "no terminal, no confirmation");
            assertEquals(List.of(), provision.storeFiles());
        }
    }
}
