package dev.provision.schema.document;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

class YamlReaderTest {

    private static Node read(String text) {
        Problems problems = new Problems();
        Node root = YamlReader.read(new SourceText("m.yaml", text), problems).orElseThrow();
        assertEquals(List.of(), problems.sorted());
        return root;
    }

    private static Mapping mapping(String text) {
        return assertInstanceOf(Mapping.class, read(text));
    }

    private static String text(Mapping mapping, String key) {
        return assertInstanceOf(Scalar.class, mapping.along(List.of(key)).getFirst().value()).text();
    }

    private static List<String> problems(String text) {
        Problems problems = new Problems();
        YamlReader.read(new SourceText("m.yaml", text), problems);
        return problems.sorted().stream().map(YamlReaderTest::line).toList();
    }

    private static String line(Diagnostic problem) {
        return problem.span().map(span -> span.line() + ":" + span.column()).orElse("-") + " " + problem.code() + " "
                + problem.what();
    }

    @Test
    void keepsThePlaceOfEveryKeyAndValue() {
        Mapping root = mapping("a: 1\nbb:\n  - 'x y'\n  - {c: 2}\n");
        assertEquals("m.yaml:2:1", root.along(List.of("bb")).getFirst().key().span().toString());
        Sequence list = assertInstanceOf(Sequence.class, root.along(List.of("bb")).getFirst().value());
        Span quoted = list.items().getFirst().span();
        assertEquals(List.of(3, 5, 5), List.of(quoted.line(), quoted.column(), quoted.length()));
        assertEquals("m.yaml:4:9",
                assertInstanceOf(Mapping.class, list.items().getLast()).spanAt(List.of("c")).toString());
    }

    @Test
    void columnsCountUtf16UnitsLikeTheText() {
        String text = "{😀: 1, b: 2}";
        assertEquals(text.indexOf('2') + 1, mapping(text).spanAt(List.of("b")).column());
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "on", "yes", "12:30", "010", "0x1F", "1_000", "2001-12-14", "52:54:00:12:34:56",
        "1e3", ".inf", "=", "!"})
    void yaml11SurprisesStayText(String scalar) {
        assertEquals(scalar.equals("!") ? "" : scalar, text(mapping("v: " + scalar), "v"));
    }

    @ParameterizedTest
    @CsvSource({"~, true", "null, true", "NULL, true", "'', true", "'\"\"', false", "'\"null\"', false", "nil, false"})
    void onlyPlainNullIsNothing(String scalar, boolean isNull) {
        var value = assertInstanceOf(Scalar.class, mapping("v: " + scalar).along(List.of("v")).getFirst().value());
        assertEquals(isNull, value.isNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# only a comment\n", "\uFEFF", "   "})
    void nothingIsAnEmptyMapping(String text) {
        assertTrue(mapping(text).entries().isEmpty());
    }

    @Test
    void lineEndsAndByteOrderMarkDoNotMovePlaces() {
        Mapping root = mapping("\uFEFFa: 1\r\nb:\r\n  c: 2\r\n");
        assertEquals("m.yaml:1:1", root.along(List.of("a")).getFirst().key().span().toString());
        assertEquals("m.yaml:3:6", root.spanAt(List.of("b", "c")).toString());
    }

    @Test
    void anAliasStandsForItsAnchorAndKeepsItsPlace() {
        Mapping root = mapping("a: &x {k: 1}\nb: *x\n");
        assertEquals("m.yaml:1:11", root.spanAt(List.of("b", "k")).toString());
    }

    @Test
    void mergeKeysYieldToOwnKeysAndEarlierOnesWin() {
        Mapping root = mapping("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2, w: 2}\nc:\n  <<: [*a, *b]\n  z: 3\n");
        Mapping c = root.child("c");
        assertEquals("1123", text(c, "x") + text(c, "y") + text(c, "w") + text(c, "z"));
    }

    @Test
    void manyAliasesAreFine() {
        StringBuilder text = new StringBuilder("d: &d {x: 1}\n");
        for (int i = 0; i < 1000; i++) {
            text.append("m").append(i).append(": {<<: *d}\n");
        }
        assertEquals(1001, mapping(text.toString()).entries().size());
    }

    @Test
    void bothPlacesOfADuplicateKeyAreKnown() {
        Problems problems = new Problems();
        YamlReader.read(new SourceText("m.yaml", "a: 1\nb: 2\na: 3\n"), problems);
        Diagnostic problem = problems.sorted().getFirst();
        assertEquals("3:1 DUPLICATE_KEY `a` stands twice here", line(problem));
        assertEquals("m.yaml:1:1", problem.related().getFirst().span().toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a: *nope | 1:4 YAML_SYNTAX no anchor `&nope` stands above this alias",
        "a: &a [*a] | 1:8 YAML_SYNTAX no anchor `&a` stands above this alias",
        "'? [x]\n: 1' | 1:3 WRONG_TYPE a key must be a single value, not a list",
        "'a: &a {}\nb: { <<: *a, <<: *a }' | 2:14 DUPLICATE_KEY `<<` stands twice here",
        "<<: 5 | 1:5 WRONG_TYPE `<<` takes a mapping, not a single value",
        "'a: 1\n---\nb: 2' | 2:1 YAML_SYNTAX a second document begins here"})
    void structuralMistakesAreReportedInPlace(String text, String problem) {
        assertEquals(List.of(problem), problems(text));
    }

    @ParameterizedTest
    @CsvSource({"'a:\n\tb: 1', 2", "'a: \"x', 1", "'a: [1', 1", "'a: 1\n b: 2', 2", "'a: 1\nb: \u0001', 2",
        "'a: b: c', 1",
        "'%YAML 3.0\n---\na: 1', 1", "'}', 1"})
    void brokenTextIsOneErrorWithItsLine(String text, int line) {
        List<String> found = problems(text);
        assertEquals(1, found.size());
        assertTrue(found.getFirst().startsWith(line + ":"), found.getFirst());
        assertTrue(found.getFirst().contains(" YAML_SYNTAX "), found.getFirst());
    }

    /** What it is that is open stands second where something else is the mistake. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'a: \"x\nb: c\n' | 1:4 the quote that opens here is never closed |",
        "'a: [b, c'       | 1:4 the `[` that opens here is never closed |",
        "'a: {b: c\nd: e' | 2:2 while parsing a flow mapping expected ',' or '}', but got : | 1:4 the `{` is here",
        "'a: [b, c\nd: e' | 2:2 while parsing a flow sequence expected ',' or ']', but got : | 1:4 the `[` is here",
        "'a:\n  - b\n  c: d' | 3:3 while parsing a block collection expected <block end>, but found '?' | 2:3 what is being read begins here"})
    void whatIsOpenIsShown(String text, String what, String open) {
        Problems problems = new Problems();
        YamlReader.read(new SourceText("m.yaml", text.replace("\\n", "\n")), problems);
        Diagnostic problem = problems.sorted().getFirst();
        assertEquals(what, line(problem).replace("YAML_SYNTAX not valid YAML: ", ""));
        assertEquals(open == null ? List.of() : List.of(open),
                problem.related()
                        .stream()
                        .map(other -> other.span().line() + ":" + other.span().column() + " " + other.role())
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"'a:\n\tb: 1', 2:1, indent with spaces; YAML forbids tabs",
        "'a: { b: c }\t# d', 1:12, replace it by a space",
        "'a:\n  \t# d\n  b: c', 2:3, replace it by a space"})
    void tabsThatIndentAreOthersThanThoseBeforeComments(String text, String place, String fix) {
        Problems problems = new Problems();
        YamlReader.read(new SourceText("m.yaml", text.replace("\\n", "\n").replace("\\t", "\t")), problems);
        assertTrue(line(problems.sorted().getFirst()).startsWith(place + " "));
        assertEquals(fix, problems.sorted().getFirst().fix());
    }

    @Test
    void tabsAreNamed() {
        Problems problems = new Problems();
        YamlReader.read(new SourceText("m.yaml", "a:\n\tb: 1\n"), problems);
        assertEquals("indent with spaces; YAML forbids tabs", problems.sorted().getFirst().fix());
    }

    @Test
    void billionLaughsEndEarly() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String alias = "*a" + (i - 1);
            text.append("a%d: &a%d [".formatted(i, i))
                    .append(String.join(", ", java.util.Collections.nCopies(10, alias)))
                    .append("]\n");
        }
        List<String> found = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> problems(text.toString()));
        assertEquals(1, found.size());
        assertTrue(found.getFirst().contains(Code.YAML_BOUNDS.name()), found.getFirst());
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 101, 5_000, 100_000})
    void nestingIsBounded(int depth) {
        List<String> found = problems("[".repeat(depth) + "]".repeat(depth));
        assertEquals(depth > 100 ? List.of("1:101 YAML_BOUNDS values are nested deeper than 100 levels") : List.of(),
                found);
    }

    @Test
    void columnsCountUtf16Units() {
        Mapping root = mapping("a: {🚀: '🚀🚀', b: x}\nc: [ü, 🚀, d]\n");
        Mapping first = assertInstanceOf(Mapping.class, root.along(List.of("a")).getFirst().value());
        assertEquals(List.of("m.yaml:1:5", "m.yaml:1:17"),
                first.entries().values().stream().map(entry -> entry.key().span().toString()).toList());
        assertEquals(6, first.entries().firstEntry().getValue().value().span().length());
        Sequence second = assertInstanceOf(Sequence.class, root.along(List.of("c")).getFirst().value());
        assertEquals(List.of("m.yaml:2:5", "m.yaml:2:8", "m.yaml:2:12"),
                second.items().stream().map(item -> item.span().toString()).toList());
    }

    /** Counting each from the line's beginning would read thousands of millions of characters. */
    @Test
    void manyColumnsOfALongLineAreCountedFast() {
        String text = "[" + "{🚀: [rocket]}, ".repeat(50_000) + "]";
        Sequence list = assertTimeoutPreemptively(Duration.ofSeconds(10),
                () -> assertInstanceOf(Sequence.class, read(text)));
        assertEquals(text.length() - 16, list.items().getLast().span().column());
    }
}
