package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

import dev.provision.planner.observed.ObservedFleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a person types, right and wrong, as far as no host is needed. */
class CommandLineTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    static Stream<CommandSpec> commands() {
        return withSubcommands(Main.commandLine());
    }

    private static Stream<CommandSpec> withSubcommands(CommandLine commandLine) {
        return Stream.concat(Stream.of(commandLine.getCommandSpec()),
                commandLine.getSubcommands().values().stream().flatMap(CommandLineTest::withSubcommands));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfWithAnExampleThatParses(CommandSpec command) {
        CommandLine line = command.commandLine();
        String help = line.getUsageMessage();
        assertTrue(help.contains("Examples:\n  provision "), help);
        assertFalse(command.usageMessage().description().length == 0, help);
        command.options().forEach(option -> assertTrue(option.description().length > 0, option::longestName));
        command.positionalParameters().forEach(p -> assertTrue(p.description().length > 0, p::paramLabel));
        for (String example : command.usageMessage().footer()) {
            String words = example.strip().replaceAll(" [|<>] .*|  +.*", "");
            if (words.startsWith("provision ")) {
                assertNotNull(Main.commandLine().parseArgs(words.substring(10).split(" ")), example);
            }
        }
    }

    @Test
    void withoutArgumentsItShowsWhatThereIs() {
        Typed typed = Typed.run();
        assertEquals(0, typed.exitCode());
        assertTrue(typed.out().contains("Commands:") && typed.out().contains("provision COMMAND --help"), typed.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "plan --version", "image list --version"})
    void versionIsTheSameEverywhere(String line) {
        assertTrue(Typed.run(line.split(" ")).out().startsWith("provision "), line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            aply                | did you mean `apply`?   | provision --help
            stauts              | did you mean `status`?  | provision --help
            plan --cpu 3        | did you mean `--cpus`?  | provision plan --help
            bogus               | there is no command `provision bogus` | provision --help
            image bogus         | see the commands: provision image --help | provision image --help
            status --nosuch     | Unknown option          | provision status --help
            start               | Missing                 | provision start --help
            exec web-0          | Missing                 | provision exec --help
            plan -o yaml        | yaml                    | provision plan --help
            plan -p 0           | is not a whole number from 1 | provision plan --help
            image               | which command           | provision image --help
            """)
    void usageErrorsAreShortAndHelpful(String line, String says, String pointsTo) {
        Typed typed = Typed.run(line.split(" "));
        assertEquals(2, typed.exitCode());
        assertTrue(typed.err().startsWith("error: ") && typed.err().contains(says), typed.err());
        assertTrue(typed.err().contains("Usage: provision") && typed.err().contains(pointsTo), typed.err());
        assertTrue(typed.err().lines().count() <= 9, "a hint, not the help:\n" + typed.err());
        assertEquals("", typed.out());
    }

    private static List<String> execWords(String line) {
        var exec = Main.commandLine().parseArgs(line.split(" ")).subcommand();
        return ((ExecCommand) exec.commandSpec().userObject()).command();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exec web-0 -- ls -la             | ls -la
            exec web-0 ls -la                | ls -la
            exec -i web-0 -- cat             | cat
            exec --fleet x web-0 -- ls --help | ls --help
            exec web-0 -- sh -c -- x -- y    | sh -c -- x -- y
            exec web-0 ls -- -x              | ls -- -x
            exec -- web-0 ls -i              | ls -i
            """)
    void whatFollowsTheMachineBelongsToTheGuest(String line, String command) {
        assertEquals(List.of(command.split(" ")), execWords(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "validate"})
    void jsonOfAWrongManifestIsADocument(String command) throws IOException {
        Typed typed = Typed.run(command, "-o", "json", bad().toString());
        assertEquals(3, typed.exitCode());
        assertEquals("PRV-0102", JSON.readTree(typed.out()).path("diagnostics").path(0).path("code").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"apply", "destroy"})
    void jsonLinesEndWithAnError(String command) throws IOException {
        Typed typed = Typed.run(command, "--output=json", bad().toString());
        assertEquals(3, typed.exitCode());
        JsonNode last = JSON.readTree(typed.out().lines().toList().getLast());
        assertEquals("error", last.path("event").asText());
        assertEquals(3, last.path("error").path("exitCode").asInt());
        assertEquals(1, last.path("diagnostics").size());
    }

    @Test
    void jsonIsPrintedAlsoWhenTheCommandLineIsWrong() throws IOException {
        assertEquals(2, JSON.readTree(Typed.run("plan", "-o", "json", "--nosuch").out())
                .path("error")
                .path("exitCode")
                .asInt());
        Typed apply = Typed.run("apply", "-ojson", "--nosuch");
        assertEquals(1, apply.out().lines().count());
        assertEquals("error", JSON.readTree(apply.out()).path("event").asText());
        Typed start = Typed.run("start", "-o", "JSON");
        assertEquals("error", JSON.readTree(start.out()).path("event").asText());
    }

    @Test
    void poolNeedsBothSizes() throws IOException {
        Typed typed = Typed.run("plan", "--cpus", "2", good().toString());
        assertEquals(2, typed.exitCode());
        assertTrue(typed.err().contains("--mem"), typed.err());
        Typed wrong = Typed.run("plan", "--cpus", "2", "--mem", "much", good().toString());
        assertEquals(2, wrong.exitCode());
        assertTrue(wrong.err().contains("much"), wrong.err());
    }

    @Test
    void twoManifestsAreOneTooMany() {
        assertEquals(2, Typed.run("validate", "a.yaml", "-f", "b.yaml").exitCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate -", "validate -f -", "plan -", "apply --yes -", "validate a.yaml -"})
    void standardInputIsNoManifest(String line) {
        Typed typed = Typed.run(line.split(" "));
        assertEquals(2, typed.exitCode());
        assertTrue(typed.err().contains("standard input") && typed.err().contains("name a file"), typed.err());
    }

    @Test
    void destroyOfAFleetThatWasNeverThereNamesThoseThatAre() {
        ObservedFleet nothing = new ObservedFleet("typo", new TreeMap<>(), new TreeMap<>());
        assertEquals(Optional.of("note: nothing is known of a fleet typo here; there are: lab, shop"),
                DestroyCommand.unknown(nothing, new TreeSet<>(List.of("shop", "lab"))));
        assertEquals(Optional.empty(), DestroyCommand.unknown(nothing, new TreeSet<>(List.of("typo"))));
    }

    @Test
    void destroyWithoutManifestAsksForTheFleet() {
        Typed typed = Typed.run("destroy");
        assertEquals(2, typed.exitCode());
        assertTrue(typed.err().contains("--fleet"), typed.err());
    }

    private Path bad() throws IOException {
        return Files.writeString(folder.resolve("bad.yaml"),
                "version: 1\nfleet: x\nmachines:\n  a: { resources: [1] }\n");
    }

    private Path good() throws IOException {
        return Files.writeString(folder.resolve("good.yaml"), "version: 1\nfleet: x\nmachines: { a: {} }\n");
    }
}
