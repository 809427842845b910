package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.provisioner.golden.Golden;
import dev.provision.provisioner.views.SystemdUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class SystemdUnitTest {

    private static final Path PROGRAM = Path.of("/opt/provision/bin/provision");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static SystemdUnit unit(boolean user) {
        return new SystemdUnit(PROGRAM, Path.of("/srv/my lab"),
                List.of(Path.of("/srv/my lab/100% \"lab\".yaml"), Path.of("/srv/$HOME\\prod.yaml")),
                new TreeMap<>(Map.of("PROVISION_STATE_DIR", "/var/lib/a b%$c")), user);
    }

    @Test
    void unitOfTheSystem() {
        Golden.check("systemd-unit.service", unit(false).text());
    }

    @Test
    void unitOfAUser() {
        Golden.check("systemd-unit-user.service", unit(true).text());
    }

    @ParameterizedTest
    @CsvSource({"false,", "true,--user"})
    void systemdUnderstandsIt(boolean user, String option) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "systemd-analyze is not installed");
        Path home = Files.createDirectories(folder.resolve("my 100% home"));
        Path program = Files.writeString(home.resolve("provision"), "#!/bin/sh\n");
        assertTrue(program.toFile().setExecutable(true));
        Files.writeString(home.resolve("a \"b\".yaml"), "");
        SystemdUnit unit = SystemdUnitCommand.of(program, home, List.of(Path.of("a \"b\".yaml")),
                Map.of("PROVISION_STATE_DIR", "x y", "HOME", "/root"), user);
        Path file = Files.writeString(folder.resolve("lab.service"), unit.text());
        List<String> command = user ? List.of("systemd-analyze", option, "verify", file.toString())
                : List.of("systemd-analyze", "verify", file.toString());
        Process analysis = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(analysis.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = analysis.waitFor();
        assumeTrue(!said.contains("Failed to initialize manager"), () -> "systemd-analyze cannot run here: " + said);
        assertEquals(0, code, said);
        assertTrue(said.lines().noneMatch(line -> line.contains("lab.service")), said);
    }

    @Test
    void onlyOurVariablesAreHandedOn() throws IOException {
        Files.writeString(folder.resolve("m.yaml"), "");
        SystemdUnit unit = SystemdUnitCommand.of(PROGRAM, folder, List.of(Path.of("./m.yaml")),
                Map.of("PROVISION_STATE_DIR", "/s", "SECRET", "x", "JAVA_HOME", "/jdk"), true);
        assertEquals(Map.of("PROVISION_STATE_DIR", "/s", "JAVA_HOME", "/jdk"), unit.environment());
        assertEquals(List.of(folder.resolve("m.yaml")), unit.manifests());
    }

    @Test
    void whatNoUnitCanHoldIsRefused() {
        assertThrows(CommandFailedException.class,
                () -> SystemdUnitCommand.of(PROGRAM, folder, List.of(Path.of("a\nb.yaml")), Map.of(), false));
        assertThrows(CommandFailedException.class,
                () -> SystemdUnitCommand.of(PROGRAM, folder, List.of(Path.of("missing.yaml")), Map.of(), false));
    }
}
