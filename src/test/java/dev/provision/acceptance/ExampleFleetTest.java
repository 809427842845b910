package dev.provision.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The example of the README, from nothing to nothing, on real microVMs. The tests build on each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExampleFleetTest {

    private static final Path EXAMPLE = Path.of("../../machines.yaml.example");
    private static final List<String> SERVICES = List.of("db", "web-0", "web-1", "web-2");

    @TempDir
    private static Path folder = Path.of("");

    private Provision provision = new Provision(folder);

    @BeforeAll
    void copyExample() throws IOException {
        provision = new Provision(folder);
        Files.copy(EXAMPLE, folder.resolve("machines.yaml"));
    }

    @AfterAll
    void endVmms() {
        provision.close();
    }

    @Test
    @Order(1)
    void planTouchesNothing() {
        Provision.Result plan = provision.run("plan").exits(0);
        assertTrue(plan.out().contains("Plan: 5 to create; 0 unchanged."), plan.out());
        assertTrue(plan.out().contains("accelerator: "), plan.out());
        assertEquals(withoutPool(plan.out()), withoutPool(provision.run("apply", "--dry-run").exits(0).out()));
        assertEquals(List.of(), provision.storeFiles());
    }

    /** The automatic pool follows the memory that is available at the moment. */
    private static List<String> withoutPool(String plan) {
        return plan.lines().filter(line -> !line.contains("resource pool")).toList();
    }

    @Test
    @Order(2)
    void applyBringsAllMachinesUp() {
        Provision.Result apply = provision.run("apply", "--yes").exits(0);
        assertTrue(apply.out().contains("5 done, 0 failed, 0 skipped, 0 unknown"), apply.out());
        SERVICES.forEach(machine -> assertEquals("ready", provision.state(machine), machine));
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> provision.state("report").equals("completed"));
        assertTrue(provision.run("logs", "report").exits(0).out().contains("1 CPU, "));
    }

    @Test
    @Order(3)
    void guestsSeeWhatTheFileSays() {
        assertAll(
                () -> assertEquals(1, provision.guestCpus("web-0")),
                () -> assertEquals(1, provision.guestCpus("db")),
                () -> GuestMemory.assertAgrees(160, provision.guestMemoryMib("web-0")),
                () -> GuestMemory.assertAgrees(256, provision.guestMemoryMib("db")),
                () -> assertEquals("web-0", provision.exec("web-0", "hostname")),
                () -> assertTrue(provision.exec("db", "df", "-m", "/data").contains("/dev/vd"), "storage is mounted"));
    }

    @Test
    @Order(4)
    void hostPortReachesTheDatabase() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), 15432)) {
            socket.setSoTimeout(20_000);
            String answer = new String(socket.getInputStream().readNBytes(10), StandardCharsets.UTF_8);
            assertEquals("title,year", answer);
        }
    }

    @Test
    @Order(5)
    void secondApplyDoesNothing() {
        List<Long> before = pids();
        Provision.Result apply = provision.run("apply", "--yes").exits(0);
        assertTrue(apply.out().contains("Nothing to do: 5 machines are as wanted."), apply.out());
        assertEquals(before, pids());
    }

    private List<Long> pids() {
        return SERVICES.stream().map(provision::pid).toList();
    }

    @Test
    @Order(6)
    void jsonViewsTellTheSame() {
        JsonNode plan = provision.json("plan", "-o", "json");
        List<String> classes = new ArrayList<>();
        plan.path("changes").forEach(change -> classes.add(change.path("class").asText()));
        assertEquals(List.of("keep", "keep", "keep", "keep", "keep"), classes);
        assertEquals("tcg", plan.path("accelerator").path("name").asText().replaceAll("kvm|hvf", "tcg"));
        assertEquals(256, provision.status("db").path("memoryMiB").asInt());
    }

    @Test
    @Order(7)
    void storageOutlivesDestroy() {
        provision.exec("db", "sh", "-c", "echo kept > /data/witness; sync");
        Provision.Result destroy = provision.run("destroy", "--yes").exits(0);
        assertTrue(destroy.out().contains("5 done"), destroy.out());
        assertEquals(List.of(), provision.vmms());
        assertEquals(List.of("fleets/example/journal.jsonl", "fleets/example/storage/db.img"), provision.storeFiles());
        provision.run("apply", "--yes").exits(0);
        assertEquals("kept", provision.exec("db", "cat", "/data/witness"));
    }

    @Test
    @Order(8)
    void destroyWithStorageLeavesNothing() {
        provision.run("destroy", "--yes", "--storage").exits(0);
        assertEquals(List.of(), provision.vmms());
        assertEquals(List.of(), provision.storeFiles());
        assertEquals(List.of(), provision.socketFiles());
        assertTrue(Files.notExists(provision.state().resolve("fleets/example")), "not even an empty folder");
    }
}
