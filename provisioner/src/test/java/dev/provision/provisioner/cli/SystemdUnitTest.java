package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.provisioner.golden.Golden;
import dev.provision.provisioner.views.SystemdUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
                List.of("--interval=1m", "--var=greeting=100% \"$HOME\""),
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
        Path home = Files.createDirectories(folder.resolve("my 100% home\\"));
        Path program = Files.writeString(Files.createDirectories(folder.resolve("100% ours")).resolve("provision"),
                "#!/bin/sh\n");
        assertTrue(program.toFile().setExecutable(true));
        Files.writeString(home.resolve("a \"b\".yaml"), "");
        SystemdUnit unit = SystemdUnitCommand.of(program, home, List.of(Path.of("a \"b\".yaml")),
                List.of("--interval=1m", "--var=a=b c"), Map.of("PROVISION_STATE_DIR", "x y", "HOME", "/root"), user);
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
                List.of(), Map.of("PROVISION_STATE_DIR", "/s", "SECRET", "x", "JAVA_HOME", "/jdk"), true);
        assertEquals(Map.of("PROVISION_STATE_DIR", "/s", "JAVA_HOME", "/jdk"), unit.environment());
        assertEquals(List.of(folder.resolve("m.yaml")), unit.manifests());
    }

    /** The service has none of the XDG variables that the folders of whoever writes the unit come from. */
    @Test
    void foldersAreHandedOnAsTheyAreHere() {
        Directories here = new Directories(Path.of("/xdg/state"), Path.of("/xdg/run"), Path.of("/xdg/cache"),
                Path.of("/xdg/devices.yaml"), null);
        Map<String, String> environment = SystemdUnitCommand
                .environment(Map.of("PROVISION_ACCEL", "tcg", "PROVISION_STATE_DIR", "relative"), here);
        assertEquals(Map.of("PROVISION_ACCEL", "tcg", "PROVISION_STATE_DIR", "/xdg/state", "PROVISION_RUNTIME_DIR",
                "/xdg/run", "PROVISION_CACHE_DIR", "/xdg/cache", "PROVISION_DEVICES", "/xdg/devices.yaml"),
                environment);
    }

    /** systemd.syntax(7): a line that ends in a backslash goes on in the next one. */
    @Test
    void backslashAtTheEndTakesNoLineAlong() {
        String unit = new SystemdUnit(PROGRAM, Path.of("/srv/lab\\"), List.of(Path.of("/srv/lab.yaml\\")),
                List.of("--var=a=\\"), new TreeMap<>(Map.of("PROVISION_X", "\\")), true).text();
        assertTrue(unit.lines().noneMatch(line -> line.endsWith("\\")), unit);
        assertTrue(unit.contains("\nWorkingDirectory=/srv/lab\\/\n"), unit);
    }

    private static List<String> options(String... typed) {
        return SystemdUnitCommand.options(Main.commandLine().parseArgs(typed).subcommand());
    }

    @Test
    void optionsOfAWatchAreHandedOnAsTheyWereTyped() {
        assertEquals(List.of(), options("systemd-unit", "--user", "a.yaml"));
        List<String> watch = List.of("--allow=live,restart", "--var=a=b c", "--var=d=e", "--var-file=x.env",
                "--metrics=unix:m.sock", "--interval=60s", "--mem=2GiB", "--cpus=4", "--no-prune", "--parallelism=3",
                "--target=tier=front", "--devices=d.yaml", "--accel=tcg");
        List<String> typed = new ArrayList<>(List.of("systemd-unit", "a.yaml", "--user"));
        typed.addAll(watch);
        List<String> handedOn = options(typed.toArray(String[]::new));
        assertEquals(new TreeSet<>(watch), new TreeSet<>(handedOn));
        assertEquals(List.of("--prune"), options("systemd-unit", "--prune"));
        List<String> apply = new ArrayList<>(List.of("apply", "--watch"));
        apply.addAll(handedOn);
        assertFalse(Main.commandLine().parseArgs(apply.toArray(String[]::new)).subcommand().isUsageHelpRequested());
    }

    @Test
    void whatIsDoneOnceIsNoOptionOfAWatch() {
        Typed typed = Typed.run("systemd-unit", "--replace=web");
        assertEquals(2, typed.exitCode());
        assertTrue(typed.err().contains("--replace is done once"), typed.err());
        assertEquals(2, Typed.run("systemd-unit", "--mem=1GiB").exitCode(), "half a pool");
    }

    @Test
    void whatNoUnitCanHoldIsRefused() {
        assertThrows(CommandFailedException.class,
                () -> SystemdUnitCommand.of(PROGRAM, folder, List.of(Path.of("a\nb.yaml")), List.of(), Map.of(),
                        false));
        assertThrows(CommandFailedException.class,
                () -> SystemdUnitCommand.of(PROGRAM, folder, List.of(Path.of("missing.yaml")), List.of(),
                        Map.of(), false));
        assertThrows(CommandFailedException.class,
                () -> SystemdUnitCommand.of(Path.of("/opt/a\\b/provision"), folder, List.of(folder), List.of(),
                        Map.of(), false));
    }
}
