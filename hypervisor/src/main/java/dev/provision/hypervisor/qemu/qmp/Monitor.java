package dev.provision.hypervisor.qemu.qmp;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.channel.UntrustedText;
import dev.provision.schema.fleet.IoLimits;
import dev.provision.schema.units.ByteSize;

/**
 * What the driver asks a VMM, one short session each, so that commands from several processes take turns. Command names
 * are of QEMU's QMP reference manual.
 */
public final class Monitor {
    private final Path socket;

    public Monitor(Path socket) {
        this.socket = socket;
    }

    /** {@code query-status}: {@code running}, {@code paused}, {@code guest-panicked}, {@code internal-error}, … */
    public String status(Deadline deadline) throws QmpException, InterruptedException {
        return text(execute("query-status", deadline), "status");
    }

    /** {@code query-balloon} and {@code query-memory-devices}: what the VMM has given to its guest. */
    public VmmMemory memory(Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            return memory(connection, deadline);
        }
    }

    private static VmmMemory memory(QmpConnection connection, Deadline deadline)
            throws QmpException, InterruptedException {
        ByteSize left = size(connection.execute("query-balloon", deadline), "actual");
        ByteSize atBoot = size(connection.execute("query-memory-size-summary", deadline), "base-memory");
        for (JsonNode device : connection.execute("query-memory-devices", deadline)) {
            if (device.path("type").asText().equals("virtio-mem")) {
                JsonNode data = device.path("data");
                return new VmmMemory(atBoot, left, Optional.of(new VmmMemory.Region(text(data, "id"),
                        size(data, "size"), size(data, "block-size"), size(data, "max-size"))));
            }
        }
        return new VmmMemory(atBoot, left, Optional.empty());
    }

    private static ByteSize size(JsonNode answer, String name) throws QmpException {
        JsonNode size = answer.path(name);
        if (!size.canConvertToLong() || size.longValue() < 0) {
            throw new QmpException(QmpException.Kind.GARBAGE, "no `" + name + "` in the answer");
        }
        return new ByteSize(size.longValue());
    }

    /**
     * {@code balloon}, and {@code requested-size} of a virtio-mem device: the memory to leave to the guest. Returns at once; the
     * guest follows when it can.
     */
    public void requestMemory(ByteSize memory, Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            VmmMemory there = memory(connection, deadline);
            VmmMemory.Split split = there.split(memory);
            connection.execute("balloon", QmpConnection.arguments().put("value", split.balloon().bytes()), deadline);
            if (there.region().isPresent()) {
                connection.execute("qom-set", QmpConnection.arguments()
                        .put("path", "/machine/peripheral/" + there.region().get().id())
                        .put("property", "requested-size")
                        .put("value", split.plugged().bytes()), deadline);
            }
        }
    }

    /** {@code query-hotpluggable-cpus}: places for vCPUs in their order. Refused where none can be plugged in. */
    public List<VcpuSlot> vcpuSlots(Deadline deadline) throws QmpException, InterruptedException {
        List<VcpuSlot> slots = new ArrayList<>();
        for (JsonNode slot : execute("query-hotpluggable-cpus", deadline)) {
            if (slot.path("props") instanceof ObjectNode place) {
                slots.add(new VcpuSlot(text(slot, "type"), place,
                        slot.has("qom-path") ? Optional.of(text(slot, "qom-path")) : Optional.empty()));
            }
        }
        slots.sort(Comparator.comparingLong(VcpuSlot::order));
        return slots;
    }

    /** {@code device_add}: puts a vCPU into an empty place. */
    public void plug(VcpuSlot slot, String id, Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            ObjectNode arguments = QmpConnection.arguments().put("driver", slot.type()).put("id", id);
            arguments.setAll(slot.place());
            connection.execute("device_add", arguments, deadline);
        }
    }

    /** {@code device_del}: asks the guest to let go of what was plugged in. Returns at once. */
    public void unplug(String id, Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            connection.execute("device_del", QmpConnection.arguments().put("id", id), deadline);
        }
    }

    /** {@code query-named-block-nodes}: bytes that each block node has for its guest, by the node's name. */
    public Map<String, Long> disks(Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            Map<String, Long> disks = new HashMap<>();
            for (JsonNode node : connection.execute("query-named-block-nodes",
                    QmpConnection.arguments().put("flat", true), deadline)) {
                disks.put(node.path("node-name").asText(), node.path("image").path("virtual-size").asLong());
            }
            return disks;
        }
    }

    /** {@code block_resize}: node and file have {@code bytes} when it returns, also fewer than before. */
    public void resizeDisk(String node, long bytes, Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            connection.execute("block_resize", QmpConnection.arguments().put("node-name", node).put("size", bytes),
                    deadline);
        }
    }

    /** {@code cont}: a guest that is paused goes on. */
    public void resume(Deadline deadline) throws QmpException, InterruptedException {
        execute("cont", deadline);
    }

    /** {@code qom-set} of a throttle group's {@code limits}: they are the total of reads and writes; what is absent is none. */
    public void limitDisks(String group, IoLimits limits, Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            ObjectNode arguments = QmpConnection.arguments().put("path", "/objects/" + group).put("property", "limits");
            arguments.putObject("value")
                    .put("iops-total", limits.iops().orElse(0))
                    .put("bps-total", limits.bandwidth().map(ByteSize::bytes).orElse(0L));
            connection.execute("qom-set", arguments, deadline);
        }
    }

    /** {@code qom-get} of a throttle group's {@code limits}: the totals of them, 0 being none. */
    public IoLimits diskLimits(String group, Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            JsonNode limits = connection.execute("qom-get",
                    QmpConnection.arguments().put("path", "/objects/" + group).put("property", "limits"), deadline);
            long iops = size(limits, "iops-total").bytes();
            ByteSize bandwidth = size(limits, "bps-total");
            return new IoLimits(iops == 0 ? Optional.empty() : Optional.of((int) Math.min(iops, Integer.MAX_VALUE)),
                    bandwidth.bytes() == 0 ? Optional.empty() : Optional.of(bandwidth));
        }
    }

    /** {@code system_powerdown}: presses the guest's ACPI power button. */
    public void pressPowerButton(Deadline deadline) throws QmpException, InterruptedException {
        execute("system_powerdown", deadline);
    }

    /** {@code human-monitor-command}: what a person would type; answers and errors are both text. */
    public String human(String command, Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            return connection.execute("human-monitor-command",
                    QmpConnection.arguments().put("command-line", command), deadline).asText().strip();
        }
    }

    /** {@code quit}: ends the VMM as it is. Returns when the VMM has closed the connection. */
    public void quit(Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            connection.quit(deadline);
        }
    }

    private JsonNode execute(String command, Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            return connection.execute(command, deadline);
        }
    }

    private static String text(JsonNode answer, String name) throws QmpException {
        JsonNode value = answer.path(name);
        if (!value.isTextual()) {
            throw new QmpException(QmpException.Kind.GARBAGE,
                    "no `" + name + "` in " + UntrustedText.line(answer.toString()));
        }
        return UntrustedText.line(value.textValue());
    }
}
