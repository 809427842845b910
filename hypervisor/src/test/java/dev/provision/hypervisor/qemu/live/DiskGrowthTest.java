package dev.provision.hypervisor.qemu.live;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.channel.ScriptedServer;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A VMM and a guest as values, with the questions that they are asked. */
class DiskGrowthTest {

    private static final MachineId ID = new MachineId("lab", "a");
    private static final long MIB = 1 << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** What QEMU has, in bytes; what the guest sees follows it. */
    private final Map<String, Long> devices = new ConcurrentHashMap<>(Map.of("storage", 32 * MIB, "disk-d", 32 * MIB));
    private final List<String> asked = new ArrayList<>();
    private String refusal = "";
    private String status = "running";
    private ExecResult grown = ended(0, "", "");
    private Optional<String> reported = Optional.empty();

    private static ExecResult ended(int code, String out, String err) {
        return new ExecResult(code, out.getBytes(StandardCharsets.UTF_8), err.getBytes(StandardCharsets.UTF_8), false);
    }

    private StoreLayout layout() {
        return new StoreLayout(folder.resolve("state"), folder.resolve("run"));
    }

    private void vmm(ScriptedServer.Client client) throws IOException {
        client.say("{\"QMP\": {}}\n");
        while (true) {
            JsonNode request = new JsonMapper().readTree(client.hear());
            client.say("{\"id\": " + request.path("id") + ", " + answer(request) + "}\n");
        }
    }

    private String answer(JsonNode request) {
        return switch (request.path("execute").asText()) {
            case "query-named-block-nodes" -> "\"return\": [" + String.join(", ", new TreeMap<>(devices).entrySet()
                    .stream()
                    .map(node -> "{\"node-name\": \"%s\", \"image\": {\"virtual-size\": %d}}".formatted(node.getKey(),
                            node.getValue()))
                    .toList()) + "]";
            case "query-status" -> "\"return\": {\"status\": \"" + status + "\"}";
            case "block_resize" -> {
                JsonNode arguments = request.path("arguments");
                synchronized (asked) {
                    asked.add(arguments.path("node-name").asText() + " " + arguments.path("size").asLong());
                }
                if (!refusal.isEmpty()) {
                    yield "\"error\": {\"desc\": \"" + refusal + "\"}";
                }
                devices.put(arguments.path("node-name").asText(), arguments.path("size").asLong());
                yield "\"return\": {}";
            }
            default -> "\"return\": {}";
        };
    }

    private Optional<ExecResult> guest(List<String> command) throws IOException {
        if (!command.equals(List.of("/usr/lib/provision/grow"))) {
            StringBuilder lines = new StringBuilder("a line of no disk\n");
            devices.forEach((name, bytes) -> lines.append(name).append(' ').append(bytes / 512).append('\n'));
            return Optional.of(ended(0, lines.toString(), ""));
        }
        synchronized (asked) {
            asked.add("grow");
        }
        if (reported.isPresent()) {
            Files.writeString(layout().machine(ID).reportLog(),
                    "booted\nfailed phase=storage message=" + reported.get() + "\n");
        }
        return Optional.of(grown);
    }

    private Path file(String name, long bytes) throws IOException {
        Path file = folder.resolve(name + ".img");
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(bytes);
        }
        return file;
    }

    private void grow(DiskGrowth.Target... disks) throws Exception {
        MachineFiles files = layout().machine(ID);
        Files.createDirectories(files.directory());
        Files.createDirectories(files.qmpSocket().resolveSibling(""));
        try (var _ = new ScriptedServer(files.qmpSocket(), this::vmm)) {
            new DiskGrowth(Vm.of(ID, files), (command, _) -> guest(command)).grow(List.of(disks));
        }
    }

    private DiskGrowth.Target target(String name, long fileMib, long mib) throws IOException {
        return new DiskGrowth.Target(name, file(name, fileMib * MIB), ByteSize.ofMib(mib));
    }

    @Test
    void whatIsShortIsResizedAndTheGuestIsAskedOnce() throws Exception {
        grow(target("storage", 32, 64), target("disk-d", 32, 32));
        assertEquals(List.of("storage " + 64 * MIB, "grow"), asked);
    }

    /** Cut off after the device had grown: the guest's part is done again, which is nothing where it was done. */
    @Test
    void aDeviceThatIsLongAlreadyIsNotResizedAgain() throws Exception {
        devices.put("storage", 64 * MIB);
        grow(target("storage", 64, 64));
        assertEquals(List.of("grow"), asked);
    }

    /** QEMU would cut the file to what it is asked for. */
    @ParameterizedTest
    @CsvSource({"67108864, 67108864", "100663296, 100663296", "67108865, 67109376"})
    void aFileThatIsLongerThanItsDeviceIsNeverCut(long there, long asks) throws Exception {
        grow(new DiskGrowth.Target("storage", file("storage", there), ByteSize.ofMib(64)));
        assertEquals(List.of("storage " + asks, "grow"), asked);
    }

    @Test
    void aLongerDeviceIsNeverMadeShorter() throws Exception {
        devices.put("storage", 128 * MIB);
        grow(target("storage", 128, 64));
        assertEquals(List.of("grow"), asked);
    }

    @Test
    void aDiskThatItWasNotBootedWithChangesNothing() {
        DriverException e = assertThrows(DriverException.class,
                () -> grow(target("storage", 32, 64), target("disk-new", 0, 64)));
        assertEquals("lab/a: it was booted without disk-new", e.getMessage());
        assertEquals(List.of(), asked);
    }

    @Test
    void whatTheVmmRefusesIsSaid() {
        refusal = "Could not resize file: File too large";
        DriverException e = assertThrows(DriverException.class, () -> grow(target("storage", 32, 64)));
        assertEquals("lab/a: storage cannot have 64 MiB: block_resize: " + refusal, e.getMessage());
        assertEquals(List.of("storage " + 64 * MIB), asked);
    }

    @Test
    void whatTheGuestReportsIsSaid() {
        grown = ended(1, "", "");
        reported = Optional.of("resize2fs: no");
        DriverException e = assertThrows(DriverException.class, () -> grow(target("storage", 32, 64)));
        assertEquals("lab/a: its disks are longer, but the file systems on them did not grow: storage: resize2fs: no",
                e.getMessage());
        assertTrue(e.fix().contains("provision restart a"), e.fix());
    }

    @Test
    void aGuestWithoutTheHelperSaysSo() {
        grown = ended(127, "", "env: '/usr/lib/provision/grow': No such file or directory\n");
        DriverException e = assertThrows(DriverException.class, () -> grow(target("storage", 32, 64)));
        assertTrue(
                String.valueOf(e.getMessage())
                        .endsWith("did not grow: env: '/usr/lib/provision/grow': No such file or directory"),
                e.getMessage());
    }

    @Test
    void aHostWithoutRoomIsTheReason() {
        grown = ended(1, "", "");
        status = "io-error";
        DriverException e = assertThrows(DriverException.class, () -> grow(target("storage", 32, 64)));
        assertEquals("lab/a: QEMU has stopped it, because the host could not write to one of its disks",
                e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0, 0, true", "1, 15, false", "1, 16, true", "3145728, 207, false", "3145728, 208, true"})
    void growingTakesALittleAtOnce(long longerMib, long usableMib, boolean fits) throws Exception {
        ByteSize longer = ByteSize.ofMib(longerMib);
        ByteSize usable = ByteSize.ofMib(usableMib);
        if (fits) {
            DiskGrowth.requireSpace(ID, longer, usable);
        } else {
            DriverException e = assertThrows(DriverException.class,
                    () -> DiskGrowth.requireSpace(ID, longer, usable));
            assertTrue(String.valueOf(e.getMessage()).contains(" free, "), e.getMessage());
            assertEquals("free space on the host, then apply again", e.fix());
        }
    }

    @Test
    void linesOfAGuestThatAreNoLengthsArePassedOver() {
        assertEquals(new HashMap<>(Map.of("storage", 1024L)),
                DiskGrowth.lengths(
                        Optional.of(ended(0, "storage 2\n 3\nx\ndisk-d -1\ndisk-e 99999999999999999999\n", ""))));
        assertEquals(Map.of(), DiskGrowth.lengths(Optional.empty()));
    }
}
