package dev.provision.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A plan that was written to a file is what is applied: once, and only while everything is as it was. */
class SavedPlansTest {

    private static final String MANIFEST = """
            version: 1
            fleet: saved
            host: { pool: { cpus: 4, memory: 1GiB } }
            machines:
              a: { resources: { memory: { limit: 128MiB, max: 192MiB } }, env: { TOKEN: s3cret } }
              b: { resources: { memory: 128MiB }, dependsOn: { a: ready } }
            """;

    private static String stale(Provision provision) {
        return provision.run("apply", "plan.json", "--yes").exits(4).err();
    }

    @Test
    void planIsAppliedOnceAndOnlyWhileItIsFresh(@TempDir Path folder) throws Exception {
        try (Provision provision = new Provision(folder)) {
            provision.write("machines.yaml", MANIFEST);
            String planned = provision.run("plan", "--out", "plan.json").exits(0).out();
            Path file = folder.resolve("plan.json");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                    "it holds the machines' environment");
            JsonNode document = new ObjectMapper().readTree(file.toFile());
            assertEquals("provision-plan", document.path("kind").asText());
            String shown = provision.run("show", "plan.json").exits(0).out();
            String summary = "Plan: 2 to create; 0 unchanged.";
            assertTrue(planned.contains(summary) && shown.contains(summary), shown);

            provision.write("machines.yaml", MANIFEST + "  c: {}\n");
            assertTrue(stale(provision).contains("`machines.yaml` was changed since the plan was made"));
            provision.write("machines.yaml", MANIFEST);
            String good = Files.readString(file);
            Files.writeString(file, good.replace("\"128MiB\"", "\"129MiB\""));
            assertTrue(stale(provision).contains("is not as `plan --out` wrote it"));
            assertTrue(provision.run("show", "plan.json").exits(0).err().contains("apply refuses it"));
            Files.writeString(file, good.substring(0, good.length() / 2));
            assertTrue(
                    provision.run("apply", "plan.json", "--yes").exits(3).err().contains("cannot be read as a plan"));
            Files.writeString(file, good);
            assertEquals(0, provision.vmms().size(), "nothing was touched so far");

            String applied = provision.run("apply", "plan.json", "--yes").exits(0).out();
            assertTrue(applied.contains("2 done"), applied);
            assertTrue(stale(provision).contains("it was applied at "));
            assertEquals(2, provision.vmms().size());
            assertTrue(provision.run("show", "plan.json").exits(0).out().contains(summary), "show never refuses");
        }
    }

    @Test
    void planForAMachineThatHasChangedSinceIsRefused(@TempDir Path folder) throws Exception {
        try (Provision provision = new Provision(folder)) {
            provision.write("machines.yaml", MANIFEST);
            provision.run("apply", "--yes").exits(0);
            provision.write("machines.yaml", MANIFEST.replace("limit: 128MiB", "limit: 160MiB"));
            provision.run("plan", "--out", "plan.json").exits(0);
            provision.run("restart", "a").exits(0);
            String err = stale(provision);
            assertTrue(err.contains("machine `a` was running (pid "), err);
            assertFalse(err.contains("machine `b`"), err);
            provision.run("plan", "--out", "plan.json").exits(0);
            JsonNode plan = provision.json("show", "plan.json", "-o", "json");
            assertEquals("live", plan.path("changes").get(0).path("class").asText());
            provision.run("apply", "plan.json", "--yes", "--allow=live").exits(0);
            assertEquals(160, provision.status("a").path("memoryMiB").asInt());
        }
    }

    @Test
    void protectedMachineSurvivesEveryCommand(@TempDir Path folder) throws Exception {
        try (Provision provision = new Provision(folder)) {
            String manifest = """
                    version: 1
                    fleet: kept
                    machines:
                      a: { resources: { memory: 128MiB, storage: 32MiB }, protect: true }
                    """;
            provision.write("machines.yaml", manifest);
            provision.run("apply", "--yes").exits(0);
            long pid = provision.pid("a");
            provision.run("plan", "--out", "plan.json", "--replace", "a").exits(4);
            provision.write("empty.yaml", "version: 1\nfleet: kept\nmachines: {}\n");
            assertTrue(
                    provision.run("apply", "empty.yaml", "--yes", "--allow=all").exits(4).err().contains("PRV-0310"));
            assertTrue(provision.run("destroy", "--yes", "--storage").exits(4).err().contains("PRV-0310"));
            assertEquals(pid, provision.pid("a"));
            provision.write("machines.yaml", manifest.replace("protect: true", "protect: false"));
            provision.run("apply", "--yes").exits(0);
            provision.run("destroy", "--yes", "--storage").exits(0);
            assertEquals(0, provision.vmms().size());
        }
    }
}
