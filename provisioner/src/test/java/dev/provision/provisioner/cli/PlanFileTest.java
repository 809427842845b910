package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import dev.provision.provisioner.plans.Binding;
import dev.provision.schema.diagnostics.Diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PlanFileTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void manifestThatIsSavedWhileItIsReadIsBoundToNothing() throws Exception {
        Path base = Files.writeString(folder.resolve("base.yaml"), "version: 1\n");
        Path over = Files.writeString(folder.resolve("over.yaml"), "version: 1\n");
        SortedMap<String, String> before = PlanFile.digests(List.of(base, over));
        assertEquals(before, PlanFile.unchanged(before, List.of(base, over)));
        Files.writeString(over, "version: 1\nfleet: other\n");
        String changed = String.valueOf(assertThrows(CommandFailedException.class,
                () -> PlanFile.unchanged(before, List.of(base, over))).getMessage());
        assertTrue(changed.contains("changed while it was read") && changed.contains("over.yaml")
                && !changed.contains("base.yaml"), changed);
        assertThrows(CommandFailedException.class, () -> PlanFile.unchanged(before, List.of(base)));
    }

    @Test
    void allThatAPlanIsMadeFromIsBound() throws Exception {
        Path shop = Files.createDirectory(folder.resolve("shop"));
        Files.writeString(shop.resolve("a.yaml"), "version: 1\nfleet: x\nmachines: { a: {} }\n");
        Path values = Files.writeString(folder.resolve("x.env"), "A=b\n");
        Path catalogue = folder.resolve("devices.yaml");
        ManifestArgument argument = new ManifestArgument();
        new CommandLine(argument).parseArgs("--var-file", values.toString(), shop.toString());
        SortedMap<String, String> then = PlanFile.digests(argument.sources(catalogue));
        assertEquals(List.of(), stale(then));
        Files.writeString(shop.resolve("notes.txt"), "no manifest");
        assertEquals(List.of(), stale(then));
        Files.writeString(shop.resolve("b.yaml"), "machines: { b: {} }\n");
        assertEquals(List.of("`" + shop + "/` was changed since the plan was made"), stale(then));
        Files.delete(shop.resolve("b.yaml"));
        Files.writeString(values, "A=c\n");
        assertEquals(List.of("`" + values + "` was changed since the plan was made"), stale(then));
        Files.writeString(values, "A=b\n");
        Files.writeString(catalogue, "version: 1\n");
        assertEquals(List.of("`" + catalogue + "` was changed since the plan was made"), stale(then));
        Files.delete(catalogue);
        Files.delete(values);
        assertEquals(List.of("`" + values + "` is not there any more, or not from this folder"), stale(then));
    }

    private static List<String> stale(SortedMap<String, String> then) throws IOException {
        SortedMap<String, String> none = new TreeMap<>();
        return new Binding(then, none, none).staleness(new Binding(PlanFile.digestsNow(then.keySet()), none, none))
                .stream()
                .map(Diagnostic::what)
                .toList();
    }

    /** It is asked for the files before it is read: what is wrong with the values must be told when it is read. */
    @Test
    void namingTheFilesReadsNoVariables() throws Exception {
        Path manifest = Files.writeString(folder.resolve("m.yaml"), "version: 1\nfleet: x\nmachines: { a: {} }\n");
        Path wrong = Files.writeString(folder.resolve("wrong.env"), "A='b\n");
        Typed typed = Typed.run("plan", "--var-file", wrong.toString(), manifest.toString());
        assertEquals(3, typed.exitCode());
        assertTrue(typed.err().contains("wrong.env:1"), typed.err());
        ManifestArgument argument = new ManifestArgument();
        new CommandLine(argument).parseArgs(manifest.toString());
        assertEquals(List.of(manifest), List.copyOf(argument.files()));
    }
}
