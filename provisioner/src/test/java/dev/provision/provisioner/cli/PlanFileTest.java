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
import static org.junit.jupiter.api.Assertions.assertFalse;
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

    @Test
    void whatCannotBeReadOrWrittenIsSaidInWords() throws Exception {
        Path text = Files.write(folder.resolve("text.json"), new byte[]{(byte) 0xff});
        for (Path file : List.of(folder.resolve("none.json"), folder.resolve("no/such.json"), folder, text)) {
            Typed shown = Typed.run("show", file.toString());
            assertEquals(3, shown.exitCode());
            assertTrue(shown.err().contains("the plan cannot be read: ") && shown.err().contains("= fix: name a file"),
                    shown.err());
            assertFalse(shown.err().contains("Exception"), shown.err());
        }
        assertTrue(Typed.run("show", folder.resolve("none.json").toString()).err().contains("there is no file `"));
        assertTrue(Typed.run("show", folder.toString()).err().contains("` is a folder"));
    }

    @Test
    void savedPlanIsNoManifest() throws Exception {
        Path plan = Files.writeString(folder.resolve("plan.json"), "{\n  \"kind\" : \"provision-plan\",\n");
        Path manifest = Files.writeString(folder.resolve("m.yaml"), "version: 1\nfleet: x\nmachines: { a: {} }\n");
        for (Typed typed : List.of(Typed.run("validate", plan.toString()), Typed.run("plan", plan.toString()),
                Typed.run("apply", plan.toString(), manifest.toString()),
                Typed.run("capacity", manifest.toString(), plan.toString()))) {
            assertEquals(2, typed.exitCode(), typed.err());
            assertTrue(typed.err().contains("plan.json` is a saved plan, not a manifest"), typed.err());
        }
        assertEquals(0, Typed.run("validate", manifest.toString()).exitCode());
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
