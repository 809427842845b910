package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

import dev.provision.provisioner.cli.ExplainedPage.Console;
import dev.provision.provisioner.cli.ExplainedPage.Section;
import dev.provision.provisioner.documentation.DiagnosticPage;
import dev.provision.provisioner.golden.Golden;
import dev.provision.provisioner.views.DiagnosticText;
import dev.provision.provisioner.views.Palette;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * Every code has a page, and what a page shows is what happens. {@code -Dgolden.regenerate=true} writes the outputs anew.
 * Pages of {@code validate} run the command itself; those that need a host run the planner on {@link SampleHost}.
 */
class DiagnosticPagesTest {

    /** No manifest is known that shows these; as long as no GPU can be given away, no host has any to give. */
    private static final Set<Code> NEVER_SEEN = Set.of(Code.FORMATTING_REFUSED, Code.PLAN_STALE, Code.GPUS_EXCEED_HOST,
            Code.DEVICE_UNAVAILABLE);

    /** What to do about these stands in no manifest. */
    private static final Set<Code> MENDED_BY_HAND = Set.of(Code.STORE_UNUSABLE, Code.STORAGE_MISSING);

    /** What a command of a page told: the codes, and all as text. */
    private record Told(List<String> codes, String text) {}

    @TempDir
    private Path folder = Path.of("");

    private final PrintStream err = System.err;

    /** What the terminal of whoever runs the tests can show must not matter. */
    @BeforeEach
    void showUnicode() {
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void showAsBefore() {
        System.setErr(err);
    }

    private static Path file(Code code) {
        return ExplainedPage.FOLDER.resolve(code.id() + ".md");
    }

    @Test
    void everyCodeHasAPageAndEveryPageACode() throws IOException {
        Set<String> pages;
        try (Stream<Path> files = Files.list(ExplainedPage.FOLDER)) {
            pages = files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
        assertEquals(Arrays.stream(Code.values())
                .map(code -> Path.of(code.page()).getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new)), pages);
    }

    @ParameterizedTest
    @EnumSource(Code.class)
    void thePageHasItsParts(Code code) {
        ExplainedPage page = ExplainedPage.read(file(code));
        assertEquals("# " + code.id() + ": " + code.title(), page.heading());
        if (!NEVER_SEEN.contains(code)) {
            assertEquals(1, page.example().consoles().size(), "an example is one command");
            assertFalse(page.fix().text().contains(page.example().consoles().getFirst().line()),
                    "one output a command");
        }
        assertFalse(DiagnosticPage.of(code).summary().isBlank(), "what it means");
        assertFalse(page.why().text().isBlank() || page.fix().text().isBlank());
        assertTrue(page.fix().files().containsKey("machines.yaml") || !page.fix().consoles().isEmpty()
                || MENDED_BY_HAND.contains(code) || NEVER_SEEN.contains(code), "the manifest as it should be");
    }

    @ParameterizedTest
    @EnumSource(Code.class)
    void theProgramHasThePage(Code code) throws IOException {
        assumeFalse(Boolean.getBoolean("golden.regenerate"), "the build packs the pages before this changes them");
        assertEquals(Files.readString(file(code)), DiagnosticPage.of(code).text());
    }

    @ParameterizedTest
    @EnumSource(Code.class)
    void theExampleYieldsThisCodeAndWhatIsShown(Code code) throws IOException {
        assumeFalse(NEVER_SEEN.contains(code), "there is no example");
        ExplainedPage page = ExplainedPage.read(file(code));
        page.example().writeTo(folder);
        Console console = page.example().consoles().getFirst();
        Told told = told(console, code);
        assertEquals(List.of(code.id()), told.codes());
        Golden.checkFile(file(code), page.withOutput(console, told.text()));
    }

    @ParameterizedTest
    @EnumSource(Code.class)
    void theMendedManifestIsValid(Code code) throws IOException {
        assumeFalse(NEVER_SEEN.contains(code), "there is no example");
        ExplainedPage page = ExplainedPage.read(file(code));
        Section fix = page.fix();
        if (fix.files().isEmpty() && fix.consoles().isEmpty()) {
            return;
        }
        (fix.files().isEmpty() ? page.example() : fix).writeTo(folder);
        Told told = told(fix.consoles().isEmpty() ? page.example().consoles().getFirst() : fix.consoles().getFirst(),
                code);
        assertEquals(List.of(), told.codes(), told.text());
        for (Console console : fix.consoles()) {
            Golden.checkFile(file(code), page.withOutput(console, told.text()));
        }
    }

    private Told told(Console console, Code page) throws IOException {
        List<String> words = List.of(console.arguments());
        return switch (words.getFirst()) {
            case "start" -> told(SampleHost.start());
            case "import" -> imported(words);
            case "plan" -> told(planned(words));
            case "validate" -> words.contains("--host") ? told(onSampleHost(words.getLast(), page)) : validate(words);
            default -> throw new AssertionError("no page shows this: " + console.line());
        };
    }

    private List<Diagnostic> onSampleHost(String manifest, Code page) {
        Problems problems = new Problems();
        ManifestReader.read(folder.resolve(manifest), problems)
                .ifPresent(fleet -> problems.addAll(SampleHost.validate(fleet, page)));
        return problems.sorted();
    }

    private List<Diagnostic> planned(List<String> words) {
        Problems problems = new Problems();
        ScopeOptions scope = CommandLine.populateCommand(new ScopeOptions(),
                words.subList(1, words.size() - 1).toArray(String[]::new));
        ManifestReader.read(folder.resolve(words.getLast()), problems)
                .ifPresent(fleet -> problems.addAll(SampleHost.plan(fleet, scope)));
        return problems.sorted();
    }

    private Told told(List<Diagnostic> problems) {
        StringWriter text = new StringWriter();
        new DiagnosticText(new PrintWriter(text), Palette.PLAIN, DiagnosticText.MOST).print(problems);
        return new Told(problems.stream().map(problem -> problem.code().id()).distinct().toList(),
                withoutFolder(text.toString()));
    }

    private Told validate(List<String> words) throws IOException {
        String[] arguments = words.stream()
                .map(word -> word.endsWith(".yaml") ? folder.resolve(word).toString() : word)
                .toArray(String[]::new);
        Typed text = Typed.run(arguments);
        Typed json = Typed
                .run(Stream.concat(Arrays.stream(arguments), Stream.of("-o", "json")).toArray(String[]::new));
        List<String> codes = Objects.requireNonNull(new ObjectMapper().readTree(json.out()))
                .findValuesAsText("code")
                .stream()
                .distinct()
                .toList();
        boolean wrong = json.out().contains("\"error\"");
        assertEquals(wrong ? 3 : 0, text.exitCode());
        return new Told(codes, withoutFolder(text.err() + text.out()));
    }

    private Told imported(List<String> words) {
        Typed typed = Typed.run(words.stream()
                .map(word -> word.contains(".") ? folder.resolve(word).toString() : word)
                .toArray(String[]::new));
        List<String> codes = Pattern.compile("\\[(PRV-[0-9]{4})]")
                .matcher(typed.err())
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
        assertEquals(typed.out().isEmpty() ? 3 : 0, typed.exitCode());
        return new Told(codes, withoutFolder(typed.err() + typed.out()));
    }

    private String withoutFolder(String text) {
        return text.replace(folder + "/", "");
    }
}
