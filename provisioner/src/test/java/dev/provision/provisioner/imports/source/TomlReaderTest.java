package dev.provision.provisioner.imports.source;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TomlReaderTest {

    private static Mapping read(String text) {
        Problems problems = new Problems();
        return TomlReader.read(new SourceText("Smolfile", text), problems)
                .orElseThrow(() -> new AssertionError(problems.sorted()));
    }

    private static String at(Span span) {
        return span.line() + ":" + span.column() + "+" + span.length();
    }

    private static String shown(Node node) {
        return switch (node) {
            case Scalar scalar -> scalar.text() + "@" + at(scalar.span());
            case Sequence sequence -> sequence.items().stream().map(TomlReaderTest::shown).toList().toString();
            case Mapping mapping -> mapping.entries()
                    .values()
                    .stream()
                    .map(entry -> shown(entry.key()) + "=" + shown(entry.value()))
                    .toList()
                    .toString();
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a = 12                     | [a@1:1+1=12@1:5+2]
            a = 1_000                  | [a@1:1+1=1000@1:5+1]
            a = "b"                    | [a@1:1+1=b@1:5+3]
            a = "\\u0041"              | [a@1:1+1=A@1:5+1]
            a = [1, "x"]               | [a@1:1+1=[1@1:6+1, x@1:9+3]]
            a = { b = true }           | [a@1:1+1=[b@1:7+1=true@1:11+4]]
            a.b = 1                    | [a@1:1+1=[b@1:1+1=1@1:7+1]]
            x = "😀", y                | (error)
            e = ["😀", "z"]            | [e@1:1+1=[😀@1:6+4, z@1:12+3]]
            """)
    void valuesKnowWhereTheyStand(String text, String expected) {
        Optional<Mapping> read = TomlReader.read(new SourceText("Smolfile", text), new Problems());
        assertEquals(expected, read.map(TomlReaderTest::shown).orElse("(error)"));
    }

    @Test
    void tablesAndByteOrderMarks() {
        Mapping root = read("\ufeffa = 1\n[dev]\nports = [\n  '80:80',\n]\n");
        assertEquals("[a@1:2+1=1@1:6+1, dev@2:1+1=[ports@3:1+5=[80:80@4:3+7]]]", shown(root));
    }

    @Test
    void everyMistakeIsReported() {
        Problems problems = new Problems();
        String text = "a = = 1\nb = 2\nb = 3\nc = 99999999999999999999\nd = nope\n";
        assertTrue(TomlReader.read(new SourceText("Smolfile", text), problems).isEmpty());
        assertEquals(List.of(1, 3, 4, 5),
                problems.sorted().stream().map(problem -> problem.span().orElseThrow().line()).toList());
    }

    @Test
    void nestingIsBounded() {
        Problems problems = new Problems();
        assertTrue(TomlReader.read(new SourceText("Smolfile", "a = " + "[".repeat(100_000)), problems).isEmpty());
        assertTrue(TomlReader.read(new SourceText("Smolfile", "a" + ".a".repeat(10_000) + " = 1"), problems).isEmpty());
        assertTrue(problems.sorted().stream().allMatch(problem -> problem.what().contains("too deep")),
                problems.sorted()::toString);
    }
}
