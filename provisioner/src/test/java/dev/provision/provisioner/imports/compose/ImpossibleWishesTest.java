package dev.provision.provisioner.imports.compose;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.provisioner.imports.Conversions;
import dev.provision.provisioner.imports.Imported;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What Compose takes and machines cannot have. */
class ImpossibleWishesTest {

    /** Who is not there takes no port from anybody, and keeps its own for the day on which it is. */
    @Test
    void aServiceWithoutMachinesSharesNothing() {
        Imported imported = Conversions
                .compose("services: {a: {image: builtin, ports: ['80:80'], deploy: {replicas: 0}},"
                        + " b: {image: builtin, ports: ['80:80'], network_mode: bridge}}");
        assertEquals(0, imported.losses(), () -> Conversions.remarks(imported).toString());
        assertTrue(imported.manifest().contains("count: 0"), imported.manifest());
        assertEquals(2, imported.manifest().split("ports: \\['0\\.0\\.0\\.0:80:80']", -1).length - 1,
                imported.manifest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'./a:/etc'", "'/a:/usr/'", "'./a:/proc/x'", "'data:/etc'",
        "{type: bind, source: ./a, target: /}"})
    void nothingIsMountedOverWhatAGuestNeeds(String volume) {
        Imported imported = Conversions.compose("services: {a: {image: builtin, volumes: [" + volume + "]}}");
        assertEquals(1, imported.losses(), () -> Conversions.remarks(imported).toString());
        assertFalse(imported.manifest().contains("volumes:") || imported.manifest().contains("disks:"),
                imported.manifest());
    }
}
