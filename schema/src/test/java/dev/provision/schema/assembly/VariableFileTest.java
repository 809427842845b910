package dev.provision.schema.assembly;

import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.schema.assembly.VariableFile.Given;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class VariableFileTest {

    private static List<String> read(String text) {
        Problems problems = new Problems();
        List<String> values = VariableFile.read(new SourceText("x.env", text), problems)
                .entrySet()
                .stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue().value())
                .toList();
        assertEquals(List.of(), problems.sorted());
        return values;
    }

    private static List<String> problems(String text) {
        Problems problems = new Problems();
        VariableFile.read(new SourceText("x.env", text), problems);
        return problems.sorted().stream().map(found -> found.span().orElseThrow() + " " + found.what()).toList();
    }

    /** As {@code docker compose config} has them, but for what is an error here. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            X=5                    | X=5
            X = 5                  | X=5
            `  export X=5  `       | X=5
            export=5               | export=5
            X=                     | X=
            X= # nothing           | X=
            X=a # b                | X=a
            X=a# b                 | X=a# b
            X=#a                   | X=
            X=a=b c                | X=a=b c
            X='a # $b'             | X=a # $b
            X='it\\'s \\n'         | X=it's \\n
            X="a # b" # c          | X=a # b
            X="\\"\\\\ \\$a \\d"   | X="\\ $a \\d
            X=it's                 | X=it's
            X=$5 a$                | X=$5 a$
            """)
    void readsTheFormatOfCompose(String line, String value) {
        assertEquals(List.of(value), read(line + "\n"));
    }

    @Test
    void linesAreSkippedEndedAndContinued() {
        assertEquals(List.of("A=2", "B=x\ny", "C=\t\n", "D=4"),
                read("\uFEFFA=1\r\n\r\n # comment\r\nA=2\r\nB='x\r\ny'\r\nC=\"\\t\\n\"\r\nD=4"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            hello          | 1 this line sets no variable
            1X=5           | 1 this line sets no variable
            =5             | 1 this line sets no variable
            export X       | 1 this line sets no variable
            export X="a    | 8 the quote of `X` is never closed
            X='a' b        | 1 something stands behind the closing quote of `X`
            X=${Y}         | 1 the value of `X` refers to another variable
            X="a$Y"        | 1 the value of `X` refers to another variable
            """)
    void whatCannotBeReadHasAPlace(String line, String problem) {
        assertEquals(List.of("x.env:3:" + problem), problems("A='\n'\n" + line + "\n"));
    }

    @Test
    void valuesAreNotShown() {
        Problems problems = new Problems();
        VariableFile.read(new SourceText("x.env", "A=secret${B}\nMIIEvQIBADANBgkqhkiG9w0BAQ\nC='secret' x"), problems);
        assertEquals(3, problems.sorted().size());
        problems.sorted().forEach(found -> {
            String shown = found + found.span().orElseThrow().source().text();
            assertFalse(shown.contains("secret") || shown.contains("MIIEvQIBADANB"), shown);
        });
        Given given = Objects.requireNonNull(VariableFile
                .read(new SourceText("x.env", "\nexport PASSWORD=secret"), new Problems())
                .get("PASSWORD"));
        assertEquals("x.env:2:8 PASSWORD=secret", given.place() + " PASSWORD=" + given.value());
        assertEquals("export PASSWORD=…", given.place().source().line(2));
    }
}
