package dev.provision.hypervisor.qemu.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.planner.host.UnusableFolder;
import dev.provision.schema.fleet.Volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class VolumeSourceTest {

    private static Optional<String> problem(Path source) {
        return VolumeSource.problem(new Volume(source.toString(), "/data", true)).map(UnusableFolder::why);
    }

    @Test
    void isAFolderThatIsThere(@TempDir Path temporary) throws IOException {
        Path folder = temporary.toRealPath();
        assertEquals(Optional.empty(), problem(folder));
        assertEquals(Optional.of("there is no folder `" + folder + "/none`"), problem(folder.resolve("none")));
        assertFalse(Files.exists(folder.resolve("none")));
        Path file = Files.createFile(folder.resolve("file"));
        assertEquals(Optional.of("`" + file + "` is not a folder"), problem(file));
    }

    /** A guest that may write to {@code shared} has swapped the folder in it. */
    @Test
    void noLinkIsFollowedOnTheWay(@TempDir Path temporary) throws IOException {
        Path shared = Files.createDirectory(temporary.toRealPath().resolve("shared"));
        Path swapped = Files.createSymbolicLink(shared.resolve("sub"), Path.of("/etc"));
        assertEquals(Optional.of("a symbolic link is on the way to `" + swapped + "`"), problem(swapped));
        Path below = shared.resolve("sub/init.d");
        Files.delete(swapped);
        Path target = Files.createDirectories(shared.resolve("other/init.d"));
        Files.createSymbolicLink(swapped, Path.of("other"));
        assertEquals(Optional.of("a symbolic link is on the way to `" + below + "`"), problem(below));
        assertEquals(Optional.empty(), problem(target));
    }
}
