package dev.provision.provisioner.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

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
