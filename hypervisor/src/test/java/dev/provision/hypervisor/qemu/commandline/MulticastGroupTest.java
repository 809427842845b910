package dev.provision.hypervisor.qemu.commandline;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.store.StoreLayout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MulticastGroupTest {

    private static MulticastGroup group(String state, String fleet, String network) {
        StoreLayout layout = new StoreLayout(Path.of(state), Path.of("/run/p"));
        return MulticastGroup.of(layout.machine(new MachineId(fleet, "a")).fleet(), network);
    }

    /** It is in command lines of machines that run: another version must find the same. */
    @Test
    void staysWhatItIs() {
        assertEquals(new MulticastGroup("239.43.81.253", 21325), group("/state", "shop", "lab"));
    }

    @Test
    void storesFleetsAndNetworksHaveGroupsOfTheirOwn() {
        Set<MulticastGroup> all = new HashSet<>();
        for (String state : new String[]{"/state", "/other"}) {
            for (String fleet : new String[]{"shop", "shop2"}) {
                for (int network = 0; network < 1000; network++) {
                    MulticastGroup group = group(state, fleet, "lab-" + network);
                    assertTrue(all.add(group), group::toString);
                    assertTrue(group.address().matches("239(\\.[1-9][0-9]{0,2}){3}"), group::toString);
                    assertTrue(group.port() >= 20_000 && group.port() < 32_000, group::toString);
                }
            }
        }
    }

    @Test
    void everyDeviceHasALocalUnicastAddressOfItsOwn() {
        Set<String> all = new HashSet<>();
        for (int machine = 0; machine < 4000; machine++) {
            String mac = new MachineId("shop", "web-" + machine).mac("lab");
            assertTrue(mac.matches("52(:[0-9a-f]{2}){5}"), mac);
            assertTrue(all.add(mac), mac);
        }
        assertTrue(all.add(new MachineId("shop", "web-0").mac("side")));
    }
}
