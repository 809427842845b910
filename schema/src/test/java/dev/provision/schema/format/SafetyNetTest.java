package dev.provision.schema.format;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.schema.diagnostics.SourceText;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a defect of the formatter could do to a file is noticed before it is written. */
class SafetyNetTest {

    private static final String ORIGINAL = """
            version: 1  # one
            fleet: x
            machines:
              # the first
              a:
                resources: { mem: 1g, cpu: 1 }
                env: { A: 1g, B: "" }
                run: { command: "a  b" }
              b:
            """;

    private static Optional<String> objection(String formatted) {
        return SafetyNet.objection(new SourceText("m.yaml", ORIGINAL), formatted);
    }

    @Test
    void spellingAndOrderMayChange() {
        assertEquals(Optional.empty(), objection("""
                fleet: "x"
                version: 1 # one
                machines:
                      a:
                         env: { A: '1g', B: '' }
                         run:
                           command: >-
                              a  b
                         # the first
                         resources: { cpus: 1000m, memory: 1024MiB }
                      b: {}
                """.replace("b: {}", "b:")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "# one        | # two        | a comment would be lost",
        "# the first  | ''           | a comment would be lost",
        "# one        | # one # one  | a comment would be lost",
        "mem: 1g      | mem: 2g      | it would not say the same any more",
        "A: 1g        | A: 1GiB      | it would not say the same any more",
        "cpu: 1       | cpu: '1 '    | ''",
        "'B: \"\"'    | 'B: '        | it would not say the same any more",
        "a  b         | a b          | it would not say the same any more",
        "'  b:'       | '  c:'       | it would not say the same any more",
        "'  b:'       | ''           | it would not say the same any more",
        "version: 1   | version: 1]  | it would not say the same any more",
        "env: {       | env: { {     | a comment would be lost"})
    void meaningAndCommentsMayNot(String part, String replacement, String objection) {
        assertEquals(objection, objection(ORIGINAL.replace(part, replacement)).orElse(""));
    }

    @Test
    void namesKeepTheirOrder() {
        SourceText two = new SourceText("m.yaml", "machines: { a: , b: }\n");
        assertEquals(Optional.of("it would not say the same any more"),
                SafetyNet.objection(two, "machines: { b: , a: }\n"));
        assertEquals(Optional.empty(), SafetyNet.objection(two, "machines: {a: ,b: }\n"));
    }
}
