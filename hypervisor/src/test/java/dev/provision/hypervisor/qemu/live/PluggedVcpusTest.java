package dev.provision.hypervisor.qemu.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.channel.ScriptedServer;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.StoreLayout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a VMM answers to those who want vCPUs plugged in: a refusal is not the want of hot-plug, nor is silence. */
class PluggedVcpusTest {

    private static final MachineId ID = new MachineId("lab", "a");

    /** One that is there and one place. */
    private static final String PLACES = "\"return\": [{\"type\": \"cpu\", \"props\": {\"socket-id\": 1}},"
            + " {\"type\": \"cpu\", \"props\": {\"socket-id\": 0}, \"qom-path\": \"/machine/unattached/device[0]\"}]";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private String places = PLACES;
    private String plugged = "\"return\": {}";

    private void vmm(ScriptedServer.Client client) throws IOException {
        client.say("{\"QMP\": {}}\n");
        while (true) {
            JsonNode request = new JsonMapper().readTree(client.hear());
            String answer = switch (request.path("execute").asText()) {
                case "query-hotpluggable-cpus" -> places;
                case "device_add" -> plugged;
                default -> "\"return\": {}";
            };
            client.say("{\"id\": " + request.path("id") + ", " + answer + "}\n");
        }
    }

    private Vm vm() throws IOException {
        MachineFiles files = new StoreLayout(folder.resolve("state"), folder.resolve("run")).machine(ID);
        Files.createDirectories(files.sockets());
        return Vm.of(ID, files);
    }

    private int add(int wanted) throws Exception {
        Vm vm = vm();
        Files.deleteIfExists(vm.files().qmpSocket());
        try (var _ = new ScriptedServer(vm.files().qmpSocket(), this::vmm)) {
            return PluggedVcpus.add(vm, wanted, Deadline.in(Duration.ofSeconds(5)));
        }
    }

    @Test
    void tellsHowManyThereCanBe() throws Exception {
        assertEquals(2, add(2));
        assertEquals(2, add(3), "it was booted for two");
        places = "\"error\": {\"desc\": \"The feature 'query-hotpluggable-cpus' is not enabled\"}";
        assertEquals(0, add(2), "a machine type without hot-plug");
    }

    @Test
    void aRefusalToPlugIsNoWantOfHotplug() {
        plugged = "\"error\": {\"desc\": \"no memory for it\"}";
        QmpException refused = assertThrows(QmpException.class, () -> add(2));
        assertTrue(String.valueOf(refused.getMessage()).contains("no memory for it"), refused.getMessage());
    }

    @Test
    void aVmmThatDoesNotAnswerIsNamedAsTheCause() throws Exception {
        Vm vm = vm();
        DriverException failure = assertThrows(DriverException.class,
                () -> PluggedVcpus.remove(vm, 1, Deadline.in(Duration.ofSeconds(1))));
        assertTrue(failure.fix().contains("whether its VMM still answers"), failure.fix());
        try (var _ = new ScriptedServer(vm.files().qmpSocket(), this::vmm)) {
            places = "\"error\": {\"desc\": \"not enabled\"}";
            PluggedVcpus.remove(vm, 1, Deadline.in(Duration.ofSeconds(5)));
        }
    }
}
