package dev.provision.hypervisor.qemu.bridges;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.Specs;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Subnet;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is made, used as it is and removed, on a host that is a folder. */
class BridgesTest {

    private static final MachineId ID = new MachineId("shop", "web-0");
    private static final MachineSpec SPEC = Specs.onBridges(Specs.withNetworks(Specs.service("web-0"), "lab", "side"),
            "br-lab");

    @TempDir
    private Path sysfs = Path.of("");

    @TempDir
    private Path state = Path.of("");

    private StoreLayout layout = new StoreLayout(state, state);

    private final List<String> changes = new ArrayList<>();
    private Optional<String> neighbour = Optional.empty();
    private Bridges bridges = new Bridges(layout, "", Optional.empty());

    @BeforeEach
    void open() {
        layout = new StoreLayout(state, Path.of("/run/x"));
        bridges = new Bridges(layout, new NetworkDevices(sysfs, "") {
            @Override
            void change(String... arguments) {
                changes.add(String.join(" ", arguments));
            }

            @Override
            Optional<String> inSubnet(Subnet subnet, String except) {
                return neighbour;
            }
        }, Optional.empty());
    }

    private void device(String name, String alias) throws IOException {
        Files.createDirectories(sysfs.resolve(name));
        Files.writeString(sysfs.resolve(name).resolve("ifalias"), alias + "\n");
    }

    private void bridge(String name, String alias, String... ports) throws IOException {
        device(name, alias);
        Files.createDirectories(sysfs.resolve(name).resolve("bridge"));
        for (String port : ports) {
            Files.createDirectories(sysfs.resolve(name).resolve("brif").resolve(port));
        }
    }

    private String mark() {
        return "provision " + state;
    }

    private List<Tap> join() throws Exception {
        List<Tap> given = new ArrayList<>();
        assertEquals(7, bridges.join(ID, SPEC, taps -> {
            given.addAll(taps);
            return 7;
        }));
        return given;
    }

    @Test
    void oneThatIsNotThereIsMadeWithTheAddressThatIsKeptForTheHost() throws Exception {
        List<Tap> taps = join();
        assertEquals(1, taps.size(), "its other network is on no bridge");
        Tap tap = taps.getFirst();
        assertTrue(tap.name().matches("pv[0-9a-f]{12}"), tap.name());
        assertEquals(new Tap(tap.name(), mark() + " shop/web-0", "br-lab", 40), tap);
        assertEquals(4, changes.size(), changes.toString());
        assertTrue(changes.getFirst().matches("link add name br-lab address 52:54:00(:..){3} type bridge"));
        assertEquals(List.of("link set dev br-lab alias " + mark(),
                "address replace 10.77.0.1/24 brd + dev br-lab", "link set dev br-lab up"), changes.subList(1, 4));
    }

    @Test
    void theAdministratorsIsUsedAsItIsAndStays() throws Exception {
        bridge("br-lab", "");
        join();
        bridges.leave(ID);
        assertEquals(List.of(), changes);
    }

    @Test
    void whatIsEmptyIsRemovedWhereItIsOurs() throws Exception {
        bridge("br-a", mark());
        bridge("br-b", mark(), "pv112233445566");
        bridge("br-c", "provision /other");
        device("eth0", mark());
        bridges.leave(ID);
        assertEquals(List.of("link del dev br-a"), changes);
    }

    @Test
    void aTapThatOutlivedItsVmmIsRemovedAndNoOther() throws Exception {
        device("pv000000000001", mark() + " shop/web-0");
        device("pv000000000002", mark() + " shop/web-01");
        device("pv000000000003", "");
        bridges.leave(ID);
        assertEquals(List.of("link del dev pv000000000001"), changes);
    }

    /** Another machine's, or another command's on the same store: before a VMM is on it a bridge is empty. */
    @Test
    void whatIsEmptyOnlyUntilItsVmmIsStartedStays() throws Exception {
        Thread[] leaves = new Thread[1];
        bridges.join(ID, SPEC, _ -> {
            bridge("br-lab", mark());
            leaves[0] = Thread.ofPlatform()
                    .start(() -> assertDoesNotThrow(() -> bridges.leave(new MachineId("shop", "web-1"))));
            assertFalse(assertDoesNotThrow(() -> leaves[0].join(Duration.ofMillis(200))), "it waits for its turn");
            Files.createDirectories(sysfs.resolve("br-lab/brif/pv000000000001"));
            return 7;
        });
        assertTrue(leaves[0].join(Duration.ofSeconds(10)));
        assertEquals(List.of(), changes.stream().filter(change -> change.startsWith("link del")).toList());
    }

    @Test
    void aSubnetThatTheHostHasElsewhereIsRefused() {
        neighbour = Optional.of("eth0");
        DriverException e = assertThrows(DriverException.class, this::join);
        assertTrue(String.valueOf(e.getMessage()).contains("has addresses of 10.77.0.0/24 on eth0 already"));
        assertEquals(List.of(), changes);
    }

    @Test
    void whatIsNoBridgeIsRefused() throws Exception {
        device("br-lab", "");
        DriverException e = assertThrows(DriverException.class, this::join);
        assertTrue(String.valueOf(e.getMessage()).contains("br-lab is a network device of this host, but no bridge"));
    }

    @Test
    void whereNothingCanBeDoneNothingIs() throws Exception {
        bridges = new Bridges(layout, "", Optional.of(new Lack("it is small", "buy another")));
        DriverException e = assertThrows(DriverException.class, this::join);
        assertTrue(String.valueOf(e.getMessage()).contains("it is small"));
        bridges.leave(ID);
    }
}
