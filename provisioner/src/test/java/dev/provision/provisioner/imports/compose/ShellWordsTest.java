package dev.provision.provisioner.imports.compose;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.provisioner.imports.source.Template;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ShellWordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a b            | a;b
            `  a   b  `    | a;b
            'a b' c        | a b;c
            a'b'"c"        | abc
            ''             | ``
            a '' b         | a;;b
            "a 'b'"        | a 'b'
            'a "b"'        | a "b"
            a\\ b          | a b
            "a\\"b"        | a"b
            "a\\nb"        | a\\nb
            'a\\'          | a\\
            'a             | (none)
            "a             | (none)
            a\\            | (none)
            """)
    void words(String line, String words) {
        assertEquals(words, ShellWords.split(Template.of(line))
                .map(found -> String.join(";", found.stream().map(word -> word.literal().orElse("?")).toList()))
                .orElse("(none)"));
    }

    @ParameterizedTest
    @CsvSource({"''", "' '"})
    void nothingHasNoWords(String line) {
        assertEquals(List.of(), ShellWords.split(Template.of(line)).orElseThrow());
    }
}
