package dev.provision.hypervisor.qemu.volumes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.schema.fleet.Volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class ServerCommandTest {
    private static final Path SOCKETS = Path.of("/run/provision/0/uuid/volumes");

    private static List<String> command(String source, boolean readOnly, Path mountPoint) {
        return ServerCommand.of(new Volume(source, "/data", readOnly), SOCKETS.resolve("0.sock"), mountPoint);
    }

    @Test
    void isKnownByItsSocketFromTheFirstStepOn() {
        List<String> first = command("/srv/data", true, Path.of("/run/provision/0/volume"));
        List<String> last = first.subList(first.indexOf("/usr/lib/qemu/virtiofsd"), first.size());
        for (List<String> argv : List.of(first, last)) {
            assertTrue(ServerCommand.isServer(argv, SOCKETS));
            assertFalse(ServerCommand.isServer(argv, Path.of("/run/provision/0/uui")));
            assertFalse(ServerCommand.isServer(argv, Path.of("/run/provision/0/uuid2/volumes")));
        }
        assertFalse(ServerCommand.isServer(List.of("grep", "--socket-path=" + SOCKETS + "/0.sock"), SOCKETS));
        assertFalse(ServerCommand.isServer(List.of("/usr/lib/qemu/virtiofsd"), SOCKETS));
        assertFalse(ServerCommand.isServer(List.of(), SOCKETS));
    }

    @Test
    void aCommaInTheRuntimeDirectoryEndsNoOption() {
        assertTrue(command("/srv", true, Path.of("/run/a,b\\c/volume")).contains("source=/run/a\\,b\\\\c/volume"));
    }

    /** All steps but the server itself; needs what volumes need. */
    private static String run(List<String> command, String instead, String mountPoint)
            throws IOException, InterruptedException {
        assumeTrue(VolumeSupport.lack(tool -> true).isEmpty());
        List<String> steps = new ArrayList<>(command.subList(0, command.indexOf("/usr/lib/qemu/virtiofsd")));
        steps.addAll(List.of("sh", "-c", instead, "instead", mountPoint));
        Process process = new ProcessBuilder(steps).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return out + "code " + process.waitFor();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "-n", "a b", "it's", "$(id) `id` \"x\" ; *", "comma,colon", "back\\slash"})
    void theKernelRefusesToWriteWhateverTheFolderIsCalled(String name, @TempDir Path folder)
            throws IOException, InterruptedException {
        Path source = Files.createDirectory(folder.resolve(name));
        Path mountPoint = Files.createDirectory(folder.resolve("mount point"));
        Files.writeString(source.resolve("file"), "host");
        String look = "cat \"$1/file\"; (echo guest >\"$1/file\") 2>/dev/null || echo refused";
        assertEquals("hostrefused\ncode 0",
                run(command(source.toString(), true, mountPoint), look, mountPoint.toString()));
        assertEquals("host", Files.readString(source.resolve("file")));
        assertEquals("hostcode 0", run(command(source.toString(), false, mountPoint), look, mountPoint.toString()));
        assertEquals("guest\n", Files.readString(source.resolve("file")));
        try (var seen = Files.list(mountPoint)) {
            assertEquals(0, seen.count(), "nobody else sees the mount");
        }
    }

    @Test
    void aLinkPutInTheFoldersPlaceAfterTheLookIsNotFollowed(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path mountPoint = Files.createDirectory(folder.resolve("mount"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc"));
        assertEquals(link + " is not where it was\ncode 1",
                run(command(link.toString(), true, mountPoint), "ls \"$1\"", mountPoint.toString()));
    }
}
