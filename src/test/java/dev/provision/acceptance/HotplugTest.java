package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * vCPUs and memory that a machine was not booted with come and go while its workload counts. The tests build on each other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HotplugTest {

    /** What a guest's kernel keeps to itself of 256 MiB, and a little more. */
    private static final int KERNEL_MIB = 88;

    /** By the guest's clock, which /proc/uptime tells in hundredths of a second. */
    private static final double LONGEST_GAP_SECONDS = 1.2;

    @TempDir
    private static Path folder = Path.of("");

    private Provision provision = new Provision(folder);
    private long pid;
    private @Nullable HostStalls stalls;

    @BeforeAll
    void boot() throws IOException {
        assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "a machine cannot have more vCPUs than its host");
        provision = new Provision(folder);
        manifest(1, "256MiB", "");
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan
                .contains("boots on q35: `cpus.hotplug` has vCPUs plugged in while it runs; `memory.max` of 4 GiB is"
                        + " more than 8 times the limit of 256 MiB"),
                plan);
        JsonNode change = provision.json("plan", "-o", "json").path("changes").path(0);
        assertEquals("q35", change.path("bootsOn").path("machineType").asText(), change.toString());
        apply();
        pid = provision.pid("a");
        stalls = new HostStalls(pid);
        inGuest("(while read -r up idle </proc/uptime; do echo \"$up\"; sleep 0.2; done >/run/ticks) >/dev/null 2>&1 &");
    }

    @AfterAll
    void endVmms() {
        if (stalls != null) {
            stalls.close();
        }
        provision.close();
    }

    private void manifest(int cpus, String memory, String more) {
        provision.write("machines.yaml", """
                version: 1
                fleet: plug
                machines:
                  a:
                    resources:
                      cpus: { limit: %d, max: 3, hotplug: true }
                      memory: { limit: %s, max: 4GiB }
                      shm: 32MiB
                    %s
                """.formatted(cpus, memory, more));
    }

    private void apply() {
        provision.run("apply", "--yes").exits(0);
    }

    private String inGuest(String script) {
        return provision.exec("a", "sh", "-c", script);
    }

    /** Applied live, and seen by the guest. */
    private void become(int cpus, String memory, int mib) {
        manifest(cpus, memory, "");
        String plan = provision.run("plan", "--detailed-exitcode").exits(10).out();
        assertTrue(plan.contains("1 to change live"), plan);
        apply();
        assertEquals(cpus, provision.guestCpus("a"));
        int seen = provision.guestMemoryMib("a");
        assertTrue(seen <= mib && seen >= mib - KERNEL_MIB, seen + " MiB of " + memory);
        assertEquals(pid, provision.pid("a"));
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
    }

    @Test
    @Order(1)
    void isBootedWithNoMoreThanItsLimits() {
        assertEquals("0", inGuest("cat /sys/devices/system/cpu/present"));
        assertEquals(1, provision.guestCpus("a"));
        String line = provision.run("console", "--print-command", "a").exits(0).out();
        assertTrue(line.contains("-machine q35,") && line.contains("-smp 1,maxcpus=3 -m 256M,maxmem=4096M "), line);
    }

    @Test
    @Order(2)
    void growsAndShrinksWhileItsWorkloadCounts() {
        become(2, "1GiB", 1024);
        assertEquals("0-1", inGuest("cat /sys/devices/system/cpu/present"));
        // Memory that is there can be used, and is given back also after it was.
        inGuest("mkdir -p /run/big && mount -t tmpfs -o size=400m tmpfs /run/big"
                + " && dd if=/dev/zero of=/run/big/file bs=1M count=300 2>/dev/null && umount /run/big");
        become(1, "256MiB", 256);
        become(2, "301MiB", 301);
        become(2, "200MiB", 200);
        become(1, "4GiB", 4096);
    }

    /** The last one is the time at which it was looked: it counts on. */
    @Test
    @Order(3)
    void noTickWasLost() throws IOException {
        double[] ticks = Arrays.stream(inGuest("cat /run/ticks; cut -d' ' -f1 /proc/uptime").split("\n"))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertTrue(ticks.length > 20, ticks.length + " ticks");
        double gap = 0;
        for (int i = 1; i < ticks.length; i++) {
            assertTrue(ticks[i] >= ticks[i - 1], "the guest was booted again");
            gap = Math.max(gap, ticks[i] - ticks[i - 1]);
        }
        double stalled = Objects.requireNonNull(stalls).within(gap);
        assertTrue(gap <= LONGEST_GAP_SECONDS + stalled,
                "no tick for " + gap + " s, of which its host kept it waiting for at most " + stalled + " s");
    }

    @Test
    @Order(4)
    void whatItWasNotBootedForTakesARestart() {
        provision.write("machines.yaml", """
                version: 1
                fleet: plug
                machines:
                  a: { resources: { cpus: { limit: 1, max: 2 }, memory: { limit: 256MiB, max: 512MiB }, shm: 32MiB } }
                """);
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("cpus.hotplug true → false: restart (a machine's hardware is chosen when it boots)"),
                plan);
        assertTrue(plan.contains("was booted on q35 under"), plan);
        assertFalse(plan.contains("boots on q35"), plan);
        apply();
        assertTrue(provision.run("console", "--print-command", "a").exits(0).out().contains("-machine microvm,"));
        assertEquals(1, provision.guestCpus("a"));
    }
}
