package dev.provision.schema.diagnostics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.provision.schema.GoldenFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code docs/diagnostics.md} lists every code. */
class DiagnosticsDocTest {

    private static final String HEAD = """
            # Diagnostics

            Every kind of problem that `provision` reports before it touches anything, each with a page: what it means, an
            example and what is said about it, why the rule exists, how to fix it. `provision explain PRV-0101` prints the
            page. A code's number never changes and is never given to another kind. This list is generated from `Code` by
            `DiagnosticsDocTest`; the pages are written by hand and their examples run by `DiagnosticPagesTest`.

            - **Text** goes to standard error, at most 50 problems unless `--max-problems` says otherwise; warnings are left out first.
            - **JSON** (`-o json`) has all of them, each with `code`, `severity`, `what`, and where there is one `file`, `line`,
              `column`, `endColumn`, `why`, `fix` and `related` places; `documentation` is the page. Lines and columns count from
              1, columns in UTF-16 units; `endColumn` is the one behind the last.
            - **SARIF 2.1.0** (`provision validate -o sarif`) has all of them too. Files are named relative to the folder that the
              program runs in: run it in the root of the repository whose changes are to be annotated.

            | code | what it means |
            |---|---|
            """;

    @Test
    void everyCodeIsDocumented() throws IOException {
        String rows = Arrays.stream(Code.values())
                .map(code -> "| [`" + code.id() + "`](" + code.page().replace("docs/", "") + ") | " + code.title()
                        + " |\n")
                .collect(Collectors.joining());
        GoldenFile.check(Path.of("../docs/diagnostics.md"), HEAD + rows);
    }

    @Test
    void codesAreUniqueAndWellFormed() {
        assertEquals(Code.values().length, Arrays.stream(Code.values()).map(Code::id).distinct().count());
        assertTrue(Arrays.stream(Code.values()).allMatch(code -> code.id().matches("PRV-[0-9]{4}")));
    }
}
