package dev.provision.provisioner.cli;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Options that say when and how long: wrong ones are refused where they are read, in words. */
class WatchOptionsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--interval=5s | add --watch", "--watch --interval=0s | at least 1s",
        "--watch --interval=500ms | at least 1s", "--watch --interval=200000d | at most 3650d",
        "--lock-timeout=106752d | at most 3650d", "--wait=done | none of ready, completed",
        "--metrics=127.0.0.1:0 | add --watch"})
    void refusedInWords(String options, String words) {
        Typed typed = Typed.run(("apply nowhere.yaml " + options).split(" "));
        assertEquals(2, typed.exitCode(), typed.err());
        assertTrue(typed.err().contains(words), typed.err());
    }

    @ParameterizedTest
    @CsvSource({"--watch --interval=1s", "--lock-timeout=3650d", "--wait=Completed", "--wait=ready"})
    void goOnToTheManifest(String options) {
        assertEquals(3, Typed.run(("apply nowhere.yaml " + options).split(" ")).exitCode());
    }
}
