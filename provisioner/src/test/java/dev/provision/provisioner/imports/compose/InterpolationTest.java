package dev.provision.provisioner.imports.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.provisioner.imports.Conversions;
import dev.provision.provisioner.imports.Imported;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.assembly.Inputs;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The same text in the same environment means the same in Compose and in the manifest made of it. */
class InterpolationTest {

    @TempDir
    private Path folder = Path.of("");

    private String meaning(Imported imported, Map<String, String> environment) throws IOException {
        Path manifest = Files.writeString(folder.resolve("machines.yaml"), imported.manifest());
        Problems problems = new Problems();
        Fleet fleet = ManifestReader.read(new Inputs(List.of(manifest), Map.of(), environment), problems)
                .orElseThrow(() -> new AssertionError(problems.sorted()));
        return fleet.machines().firstEntry().getValue().spec().workload().env().getOrDefault("V", "(not set)");
    }

    private static Imported withValue(String text) {
        return Conversions.compose("services:\n  a:\n    environment:\n      V: '" + text.replace("'", "''") + "'\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            plain              | plain      | plain       | plain
            ${X}               | ``         | ``          | set
            $X                 | ``         | ``          | set
            $X-$X              | -          | -           | set-set
            ${X:-or}           | or         | or          | set
            a${X:-or}b         | aorb       | aorb        | asetb
            ${X:-}             | ``         | ``          | set
            ${X:-${Y:-inner}}  | inner      | inner       | set
            ${X:-${Y}}         | ``         | ``          | set
            ${X:-a$$b}         | a$b        | a$b         | set
            $$X                | $X         | $X          | $X
            $${X}              | ${X}       | ${X}        | ${X}
            $$$$               | $$         | $$          | $$
            $$$X               | $          | $           | $set
            $1 $( $            | $1 $( $    | $1 $( $     | $1 $( $
            it's $X: #no       | it's : #no | it's : #no  | it's set: #no
            """)
    void meansTheSame(String text, String unset, String empty, String set) throws IOException {
        Imported imported = withValue(text);
        assertEquals(unset, meaning(imported, Map.of()), imported.manifest());
        assertEquals(empty, meaning(imported, Map.of("X", "")), imported.manifest());
        assertEquals(set, meaning(imported, Map.of("X", "set")), imported.manifest());
    }

    @Test
    void aMessageForAnUnsetVariableIsKept() throws IOException {
        Imported imported = withValue("${X:?name a host}");
        assertEquals("set", meaning(imported, Map.of("X", "set")));
        AssertionError error = org.junit.jupiter.api.Assertions.assertThrows(AssertionError.class,
                () -> meaning(imported, Map.of()));
        assertTrue(String.valueOf(error.getMessage()).contains("name a host"), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ${X-or}           | an empty `X` counts as one that is not set
            ${X?no}           | an empty `X` counts as one that is not set
            ${X:+there}       | `${X:+there}` is not carried over
            ${X:-${Y}}        | the variable within `${Y}` is not carried over
            ${X:-a$${b}       | the default `a${b` is not carried over
            ${X               | `${X` is taken as it stands
            ${}               | `${}` is taken as it stands
            ${1}              | `${1}` is taken as it stands
            """)
    void whatDiffersIsSaid(String text, String remark) {
        List<String> remarks = Conversions.remarks(withValue(text));
        assertTrue(remarks.contains("4:10 " + remark), remarks::toString);
    }

    @Test
    void onlyVariablesThatAreMetAreDeclared() {
        Imported imported = withValue("${X:-${Y}} $$Z ${COMPOSE_PROJECT_NAME}");
        String declared = imported.manifest().replaceAll("(?s).*\nvariables:|\nmachines:.*|\n *#[^\n]*", "");
        assertEquals("\n  X: {env: X}\n  COMPOSE_PROJECT_NAME: {value: lab}", declared);
    }

    @Test
    void aVariableWithoutValueIsPassedThrough() throws IOException {
        Imported list = Conversions.compose("services: {a: {environment: [V]}}");
        assertEquals("from outside", meaning(list, Map.of("V", "from outside")));
        Imported mapping = Conversions.compose("services: {a: {environment: {V: }}}");
        assertEquals("from outside", meaning(mapping, Map.of("V", "from outside")));
    }

    @Test
    void aPortCannotBeEmpty() {
        Imported imported = Conversions.compose("services: {a: {ports: ['${P}:80'], environment: {P: '$P'}}}");
        assertTrue(imported.manifest().contains("  P: {env: P}\n"), imported.manifest());
    }

    @Test
    void bracesWithoutEndTakeNoTime() {
        String many = "${A:-".repeat(100_000);
        assertTrue(withValue(many).manifest().length() > many.length());
        assertTrue(withValue(many + "}".repeat(100_000)).losses() > 0);
    }
}
