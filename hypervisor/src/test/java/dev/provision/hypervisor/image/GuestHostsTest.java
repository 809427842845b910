package dev.provision.hypervisor.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** How the guest replaces the lines of its networks in /etc/hosts, by this host's shell. */
class GuestHostsTest {
    private static final String SCRIPT = "guest/usr/lib/provision/hosts.sh";
    private static final String BEGIN = "# begin: machines of the fleet, kept by provision\n";
    private static final String END = "# end: machines of the fleet\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @BeforeEach
    void copyScript() throws IOException {
        try (InputStream script = GuestHostsTest.class.getResourceAsStream(SCRIPT)) {
            Files.copy(Objects.requireNonNull(script), folder.resolve("hosts.sh"));
        }
    }

    private int replace(String lines) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", ". ./hosts.sh; replace_fleet_hosts ./hosts \"$1\"", "sh", lines)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private String hosts() throws IOException {
        return Files.readString(folder.resolve("hosts"));
    }

    @Test
    void whatOthersWroteStays() throws Exception {
        Files.writeString(folder.resolve("hosts"),
                "::1 localhost\n" + BEGIN + "10.0.0.1 db\n" + END + "1.2.3.4 mine\n");
        assertEquals(0, replace("10.0.0.2 db"));
        assertEquals("::1 localhost\n1.2.3.4 mine\n" + BEGIN + "10.0.0.2 db\n" + END, hosts());
        assertEquals(0, replace(""));
        assertEquals("::1 localhost\n1.2.3.4 mine\n", hosts());
    }

    @Test
    void alsoWhenTheEndOfTheBlockIsLost() throws Exception {
        Files.writeString(folder.resolve("hosts"), "::1 localhost\n" + BEGIN + "10.0.0.1 db\n1.2.3.4 mine\n");
        assertEquals(0, replace("10.0.0.2 web"));
        assertEquals("::1 localhost\n10.0.0.1 db\n1.2.3.4 mine\n" + BEGIN + "10.0.0.2 web\n" + END, hosts());
    }

    @Test
    void aFullDiskIsAnErrorAndChangesNothing() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/full")), "no /dev/full");
        Files.writeString(folder.resolve("hosts"), "::1 localhost\n");
        Files.createSymbolicLink(folder.resolve("hosts.new"), Path.of("/dev/full"));
        assertNotEquals(0, replace("10.0.0.2 web"));
        assertEquals("::1 localhost\n", hosts());
        assertFalse(Files.exists(folder.resolve("hosts.new")));
    }
}
