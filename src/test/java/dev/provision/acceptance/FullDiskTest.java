package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A host that runs out of disk space under its machines. The store is a small tmpfs, which only root can mount. */
class FullDiskTest {

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);
    private boolean mounted;

    @BeforeEach
    void mountStore() throws Exception {
        provision = new Provision(folder);
        Files.createDirectories(provision.state());
        mounted = run("mount", "-t", "tmpfs", "-o", "size=64m,mode=0700", "tmpfs", provision.state().toString());
        assumeTrue(mounted, "this user cannot mount a tmpfs");
    }

    @AfterEach
    void unmountStore() throws Exception {
        provision.close();
        if (mounted) {
            // What writes the logs of a VMM ends a moment after it.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> run("umount", provision.state().toString()));
        }
    }

    private boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor() == 0;
    }

    @Test
    void theGuestWaitsAndGoesOnWhenThereIsRoom() throws Exception {
        provision.write("machines.yaml", """
                version: 1
                fleet: full
                defaults: { resources: { memory: 128MiB } }
                machines:
                  writer: { resources: { memory: 384MiB, storage: 256MiB } }
                  neighbour:
                """);
        provision.run("apply", "--yes").exits(0);
        long pid = provision.pid("writer");
        provision.exec("writer", "sh", "-c", "(head -c 100m /dev/urandom | tee /data/big | sha256sum > /run/sum; sync;"
                + " echo done >> /run/sum) > /dev/null 2>&1 &");
        Awaitility.await()
                .atMost(Duration.ofMinutes(5))
                .until(() -> provision.state("writer").equals("paused"));
        String status = provision.run("status").exits(0).out();
        assertTrue(status.contains("the host has no room for what it writes to its disks"), status);
        assertEquals("neighbour", provision.exec("neighbour", "hostname"));

        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("really paused") && plan.contains("live"), plan);
        Provision.Result failed = provision.run("apply", "--yes");
        assertTrue(failed.exitCode() != 0 && failed.out().contains("free space in the file system of"),
                failed.out() + failed.err());

        assertTrue(run("mount", "-o", "remount,size=512m", provision.state().toString()));
        provision.run("apply", "--yes").exits(0);
        assertEquals(pid, provision.pid("writer"));
        Awaitility.await()
                .atMost(Duration.ofMinutes(5))
                .until(() -> provision.exec("writer", "cat", "/run/sum").endsWith("done"));
        String sum = provision.exec("writer", "cat", "/run/sum").split(" ", -1)[0];
        provision.run("restart", "writer").exits(0);
        assertEquals("0", provision.exec("writer", "sh", "-c", "dmesg | grep -c 'EXT4-fs error' || true"));
        assertEquals("104857600 " + sum, provision.exec("writer", "sh", "-c",
                "echo $(wc -c < /data/big) $(sha256sum < /data/big | cut -d ' ' -f 1)"));
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
    }
}
