package dev.provision.acceptance;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A guest that needs more than its limit, with and without leave to take it from the balloon. */
class DeflateOnOomTest {

    /**
     * One that asks for 500 MiB and touches them; by default Linux would not even promise so much. What the agent starts is
     * spared by the kernel as the agent is, unless it says otherwise.
     */
    private static final String WORKLOAD = "echo 500 > /proc/$$/oom_score_adj; echo 1 > /proc/sys/vm/overcommit_memory;"
            + " dd if=/dev/zero of=/dev/null bs=500M count=1 2> /dev/null; echo $?";

    /** 128 and SIGKILL. */
    private static final String KILLED = "137";

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);

    @BeforeEach
    void open() {
        provision = new Provision(folder);
    }

    @AfterEach
    void endVmms() {
        provision.close();
    }

    private int memory(String machine, String field) {
        return Integer.parseInt(
                provision.exec(machine, "sh", "-c", "awk '/^" + field + ":/ {print int($2 / 1024)}' /proc/meminfo"));
    }

    @Test
    void survivesWithTheKeyAndIsKilledWithout() {
        provision.write("machines.yaml", """
                version: 1
                fleet: taking
                machines:
                  with: { resources: { memory: { limit: 256MiB, max: 768MiB, deflateOnOom: true } } }
                  without: { resources: { memory: { limit: 256MiB, max: 768MiB } } }
                """);
        String plan = provision.run("plan").out();
        assertTrue(
                plan.contains("with: counts with 768 MiB of memory: with `memory.deflateOnOom` its guest takes back"),
                plan);
        provision.run("apply", "--yes").exits(0);
        assertTrue(memory("without", "MemTotal") <= 256);
        assertTrue(memory("with", "MemTotal") > 600, "the reserve is in it");
        assertTrue(memory("with", "MemAvailable") <= 256, "but not available");

        assertEquals(KILLED, provision.exec("without", "sh", "-c", WORKLOAD));
        assertEquals("0", provision.exec("with", "sh", "-c", WORKLOAD));
        assertEquals("ready", provision.state("with"));
        assertTrue(memory("with", "MemAvailable") > 256, "what it took is its own now");

        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"), "and no drift");
    }
}
