package dev.provision.schema.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Several files, folders and variables make one fleet, or a diagnostic that names every place concerned. */
class AssemblyTest {

    private static final String HEAD = "version: 1\nfleet: x\n";

    @TempDir
    private Path folder = Path.of("");

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Fleet fleet(Map<String, String> variables, Map<String, String> environment, String... files) {
        Problems problems = new Problems();
        Optional<Fleet> fleet = ManifestReader.read(inputs(variables, environment, files), problems);
        assertEquals(List.of(), problems.sorted());
        return fleet.orElseThrow();
    }

    private Inputs inputs(Map<String, String> variables, Map<String, String> environment, String... files) {
        return new Inputs(Arrays.stream(files).map(folder::resolve).toList(), variables, environment);
    }

    /** {@code FILE:LINE:COLUMN CODE what} of each problem. */
    private String problems(Map<String, String> variables, String... files) {
        Problems problems = new Problems();
        assertTrue(ManifestReader.read(inputs(variables, Map.of(), files), problems).isEmpty());
        return problems.sorted().stream().map(this::text).collect(Collectors.joining("\n"));
    }

    private String text(Diagnostic problem) {
        String place = problem.span()
                .map(span -> folder.relativize(Path.of(span.source().name())) + ":" + span.line() + ":" + span.column()
                        + " ")
                .orElse("");
        String related = problem.related()
                .stream()
                .map(other -> " (" + folder.relativize(Path.of(other.span().source().name())) + ":"
                        + other.span().line() + ")")
                .collect(Collectors.joining());
        return place + problem.code() + " " + problem.what().replace(folder + "/", "") + related;
    }

    private static String memory(Fleet fleet, String machine) {
        return Objects.requireNonNull(fleet.machines().get(machine)).spec().resources().memory().limit().canonical();
    }

    @Test
    void includedFilesAdd() throws IOException {
        write("machines.yaml", HEAD + "include: [parts/db.yaml, parts/web.yaml]\nmachines: { a: {} }\n");
        write("parts/db.yaml", "include: profiles.yaml\nmachines: { db: { profile: big } }\n");
        write("parts/web.yaml", HEAD + "include: profiles.yaml\nmachines: { web: { profile: big } }\n");
        write("parts/profiles.yaml", "profiles: { big: { resources: { memory: 2GiB } } }\n");
        Fleet fleet = fleet(Map.of(), Map.of(), "machines.yaml");
        assertEquals(List.of("a", "db", "web"), List.copyOf(fleet.machines().keySet()));
        assertEquals("2GiB", memory(fleet, "web"));
    }

    @Test
    void whatTwoIncludedFilesSayIsAConflict() throws IOException {
        write("machines.yaml",
                HEAD + "include: other.yaml\nmachines: { a: {} }\ndefaults: { resources: { cpus: 2 } }\n");
        write("other.yaml", "fleet: y\nmachines:\n  a: {}\ndefaults: { resources: { cpus: 1 } }\n");
        assertEquals("""
                other.yaml:1:1 INCLUDE_CONFLICT `fleet` is said by two files (machines.yaml:2)
                other.yaml:3:3 INCLUDE_CONFLICT `a` stands in the `machines` of two files (machines.yaml:4)
                other.yaml:4:1 INCLUDE_CONFLICT `defaults` is said by two files (machines.yaml:5)""",
                problems(Map.of(), "machines.yaml"));
    }

    @Test
    void circlesAndMissingFilesAreNamed() throws IOException {
        write("machines.yaml", HEAD + "include: [b.yaml, gone.yaml]\nmachines: {}\n");
        write("b.yaml", "include: c.yaml\n");
        write("c.yaml", "include: machines.yaml\n");
        assertEquals(
                """
                        c.yaml:1:10 INCLUDE_CYCLE these files include each other: machines.yaml → b.yaml → c.yaml → machines.yaml
                        machines.yaml:3:19 FILE_UNREADABLE there is no file `gone.yaml`""",
                problems(Map.of(), "machines.yaml"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "profils.yaml       | there is no file `profils.yaml`     | did you mean `profiles.yaml`?",
        "./profils.yaml     | there is no file `profils.yaml`     | did you mean `./profiles.yaml`?",
        "sub/web.yaml       | there is no file `sub/web.yaml`     | did you mean `sub/wep.yaml`?",
        "gone/web.yaml      | there is no file `gone/web.yaml`    | write the file's path, relative to this one",
        "sub/*.yaml         | there is no file `sub/*.yaml`       | name each file: patterns stand for nothing here",
        "sub                | `sub` is a folder, not a file       | name each of its files",
        "''                 | `` is a folder, not a file          | name each of its files",
        "'a\\0b'             | no file can have this name          | write the file's path, relative to this one"})
    void aMissingIncludeIsReportedWhereItStandsAndAlone(String name, String what, String fix) throws IOException {
        write("machines.yaml", HEAD + "include: [\"" + name + "\"]\nmachines:\n  a: { profile: nope, "
                + "networks: [nope], dependsOn: { nope: ready }, env: { A: '${NOPE}' } }\n");
        write("profiles.yaml", "profiles: {}\n");
        write(".profils.yaml", "profiles: {}\n");
        write("sub/wep.yaml", "machines: {}\n");
        assertEquals("machines.yaml:3:11 FILE_UNREADABLE " + what, problems(Map.of(), "machines.yaml"));
        Problems problems = new Problems();
        ManifestReader.read(inputs(Map.of(), Map.of(), "machines.yaml"), problems);
        assertEquals(fix, problems.sorted().getFirst().fix());
    }

    @Test
    void ofABrokenIncludeOnlyTheBreakIsReported() throws IOException {
        write("machines.yaml", HEAD + "include: p.yaml\nmachines: { a: { profile: p } }\n");
        write("p.yaml", "profiles: { p: [ }\n");
        assertEquals(1, problems(Map.of(), "machines.yaml").lines().count(), problems(Map.of(), "machines.yaml"));
    }

    @Test
    void errorsInIncludedFilesPointThere() throws IOException {
        write("machines.yaml", HEAD + "include: p.yaml\nmachines: { a: { profile: p } }\n");
        write("p.yaml", "profiles:\n  p:\n    resources: { memory: -1 }\n");
        assertEquals("p.yaml:3:26 INVALID_VALUE `-1` is negative (machines.yaml:4)",
                problems(Map.of(), "machines.yaml"));
    }

    @Test
    void laterFilesLieOverEarlierOnes() throws IOException {
        write("base.yaml", HEAD + "machines: { a: { resources: { cpus: 1, memory: 1GiB } }, b: {} }\n");
        write("prod.yaml", "machines: { a: { resources: { memory: 4GiB } }, b: null }\n");
        Fleet fleet = fleet(Map.of(), Map.of(), "base.yaml", "prod.yaml");
        assertEquals(List.of("a"), List.copyOf(fleet.machines().keySet()));
        assertEquals("4GiB", memory(fleet, "a"));
    }

    @Test
    void takingAwayAMachineThatIsNotThereIsWarnedOf() throws IOException {
        write("base.yaml", HEAD + "machines: { debugger: {}, db: {}, bare: }\n");
        write("prod.yaml", "machines:\n  debuger: ~\n  db: ~\n  cache:\n");
        Problems problems = new Problems();
        Fleet fleet = ManifestReader.read(inputs(Map.of(), Map.of(), "base.yaml", "prod.yaml"), problems).orElseThrow();
        assertEquals(List.of("bare", "debugger"), List.copyOf(fleet.machines().keySet()));
        assertEquals(List.of(
                "prod.yaml:2:3 UNKNOWN_MACHINE there is no machine `debuger` to take away: did you mean `debugger`?",
                "prod.yaml:4:3 UNKNOWN_MACHINE there is no machine `cache` to take away: "
                        + "remove it, or write `cache: {}` for a machine of the defaults"),
                problems.sorted().stream().map(problem -> text(problem) + ": " + problem.fix()).toList());
    }

    @Test
    void everyFileThatCannotBeReadIsNamed() throws IOException {
        write("tab.yaml", "version: 1\nmachines:\n\ta: {}\n");
        write("open.yaml", "machines: [\n");
        assertEquals(3, problems(Map.of(), "tab.yaml", "missing.yaml", "open.yaml").lines().count());
    }

    @Test
    void aFolderIsAllItsFiles() throws IOException {
        write("fleet/10-head.yaml", HEAD + "include: 20-machines.yml\n");
        write("fleet/20-machines.yml", "machines: { a: {} }\n");
        write("fleet/notes.txt", "not YAML: [");
        write("fleet/.hidden.yaml", "not YAML: [");
        assertEquals(1, fleet(Map.of(), Map.of(), "fleet").machines().size());
        Files.createDirectory(folder.resolve("empty"));
        assertEquals("FILE_UNREADABLE the folder `empty` has no .yaml file", problems(Map.of(), "empty"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "${SIZE}             | 512MiB",
        "${SIZE:-1GiB}       | 512MiB",
        "${NONE:-768MiB}     | 768MiB",
        "${SIZE:?say it}     | 512MiB",
        "${FROM_ENV}         | 256MiB",
        "${EMPTY:-640MiB}    | 640MiB",
        "'${DIGITS}MiB'      | 300MiB"})
    void referencesBecomeValues(String written, String canonical) throws IOException {
        write("machines.yaml", HEAD + """
                variables: { SIZE: 512MiB, NONE: , EMPTY: "", DIGITS: 300, FROM_ENV: { env: CI_SIZE, value: 1GiB } }
                machines: { a: { resources: { memory: "%s" } } }
                """.formatted(written.replace("'", "")));
        assertEquals(canonical,
                memory(fleet(Map.of(), Map.of("CI_SIZE", "256MiB", "SIZE", "1TiB"), "machines.yaml"), "a"));
    }

    @Test
    void dollarsOfShellsStay() throws IOException {
        write("machines.yaml", HEAD
                + "machines: { a: { run: { command: 'echo $HOME $(nproc) $$${X} $${HOME}' } } }\nvariables: { X: y }\n");
        assertEquals(List.of("/bin/sh", "-c", "echo $HOME $(nproc) $y ${HOME}"),
                Objects.requireNonNull(fleet(Map.of(), Map.of(), "machines.yaml").machines().get("a"))
                        .spec()
                        .workload()
                        .command());
    }

    @Test
    void theCommandLineGoesBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
        write("machines.yaml", HEAD
                + "variables: { M: { env: M, value: 1GiB } }\nmachines: { a: { resources: { memory: \"${M}\" } } }\n");
        assertEquals("1GiB", memory(fleet(Map.of(), Map.of(), "machines.yaml"), "a"));
        assertEquals("2GiB", memory(fleet(Map.of(), Map.of("M", "2GiB"), "machines.yaml"), "a"));
        assertEquals("3GiB", memory(fleet(Map.of("M", "3GiB"), Map.of("M", "2GiB"), "machines.yaml"), "a"));
    }

    @Test
    void everyUnsetUnknownOrBrokenReferenceIsReported() throws IOException {
        write("machines.yaml", HEAD + """
                variables: { TAG: , SIZE: 1GiB }
                machines:
                  a: { env: { A: "${TAG}", B: "${SIZ}", C: "${TAG:?set it in CI}", D: "${", E: "${TAG:-${SIZE}}" } }
                """);
        assertEquals("""
                machines.yaml:5:19 UNKNOWN_VARIABLE variable `TAG` has no value
                machines.yaml:5:32 UNKNOWN_VARIABLE variable `SIZ` is not declared
                machines.yaml:5:45 UNKNOWN_VARIABLE variable `TAG` has no value
                machines.yaml:5:72 MALFORMED_REFERENCE a `${` begins here that no reference follows
                machines.yaml:5:81 MALFORMED_REFERENCE a `${` begins here that no reference follows
                UNKNOWN_VARIABLE the manifest declares no variable `TAGG`, but a value was given for it""",
                problems(Map.of("TAGG", "1"), "machines.yaml"));
    }

    @Test
    void whatIsNotDeclaredHasNoDefaultEither() throws IOException {
        write("machines.yaml", HEAD + """
                variables: { MEMROY: 4GiB }
                machines:
                  a: { resources: { memory: "${MEMORY:-1GiB}" }, env: { A: "${HOME:-/root}" } }
                """);
        assertEquals("""
                machines.yaml:5:30 UNKNOWN_VARIABLE variable `MEMORY` is not declared
                machines.yaml:5:61 UNKNOWN_VARIABLE variable `HOME` is not declared""",
                problems(Map.of(), "machines.yaml"));
    }

    @Test
    void variablesAreNotMadeOfVariables() throws IOException {
        write("machines.yaml", HEAD + """
                variables: { X: a, Y: "$$${X}-1", Z: { value: "${" }, 1Z: b, "a-b": c }
                machines: { a: {} }
                """);
        assertEquals(
                """
                        machines.yaml:3:26 MALFORMED_REFERENCE `${X}` stands in the value of a variable, where nothing is replaced
                        machines.yaml:3:48 MALFORMED_REFERENCE `${` stands in the value of a variable, where nothing is replaced
                        machines.yaml:3:55 INVALID_VALUE `1Z` cannot be the name of a variable
                        machines.yaml:3:62 INVALID_VALUE `a-b` cannot be the name of a variable""",
                problems(Map.of(), "machines.yaml"));
        write("machines.yaml", HEAD + "variables: { X: 'echo $${HOME} $PWD' }\n"
                + "machines: { a: { env: { A: '${X}', B: '$$${X}' } } }\n");
        assertEquals(Map.of("A", "echo ${HOME} $PWD", "B", "$echo ${HOME} $PWD"),
                Objects.requireNonNull(fleet(Map.of(), Map.of(), "machines.yaml").machines().get("a"))
                        .spec()
                        .workload()
                        .env());
    }

    @Test
    void anOverlayCanMeanAKeyByAnotherNameAndCompleteAShortForm() throws IOException {
        write("base.yaml",
                HEAD + "variables: { MEM: 512 }\nmachines: { a: { resources: { memoryMb: \"${MEM}\" } } }\n");
        write("prod.yaml", "variables: { MEM: 1024 }\nmachines: { a: { resources: { memory: { max: 4GiB } } } }\n");
        Fleet fleet = fleet(Map.of(), Map.of(), "base.yaml", "prod.yaml");
        assertEquals("1GiB", memory(fleet, "a"));
        assertEquals("4GiB",
                Objects.requireNonNull(fleet.machines().get("a")).spec().resources().memory().max().canonical());
    }
}
