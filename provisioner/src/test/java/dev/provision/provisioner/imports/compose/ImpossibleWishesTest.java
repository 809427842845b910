package dev.provision.provisioner.imports.compose;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.provisioner.imports.Conversions;
import dev.provision.provisioner.imports.Imported;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What Compose takes and machines cannot have, not here or not yet. */
class ImpossibleWishesTest {

    private static List<String> notYet(String services) {
        Imported imported = Conversions.compose("services: {" + services + "}");
        assertEquals(0, imported.losses(), () -> Conversions.remarks(imported).toString());
        return imported.remarks()
                .stream()
                .filter(remark -> remark.code() == Code.NOT_SUPPORTED)
                .map(Diagnostic::why)
                .toList();
    }

    /** The manifest keeps them, so nothing is lost and --strict has nothing to say; but plan would refuse it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: {image: builtin}                                                     |
            a: {image: builtin}, b: {image: builtin}                                |
            a: {image: builtin, network_mode: bridge}, b: {image: builtin}          |
            a: {image: builtin, volumes: ['./a:/a']}                                |
            a: {image: builtin, gpus: [{count: 1}]}, b: {image: builtin, networks: [n]} | `gpu` yet; asked for by `a`
            """)
    void whatPlanRefusesForNowIsSaid(String services, @Nullable String says) {
        assertEquals(says == null ? List.of() : List.of("this version cannot give machines " + says), notYet(services));
    }

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
