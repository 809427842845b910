package dev.provision.hypervisor.qemu.qmp;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

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

    /** {@code query-balloon}: the VMM's memory less what the balloon holds. */
    public ByteSize memory(Deadline deadline) throws QmpException, InterruptedException {
        JsonNode actual = execute("query-balloon", deadline).path("actual");
        if (!actual.canConvertToLong() || actual.longValue() < 0) {
            throw new QmpException(QmpException.Kind.GARBAGE, "query-balloon: no `actual` in the answer");
        }
        return new ByteSize(actual.longValue());
    }

    /** {@code balloon}: the memory to leave to the guest. Returns at once; the guest follows when it can. */
    public void requestMemory(ByteSize memory, Deadline deadline) throws QmpException, InterruptedException {
        try (QmpConnection connection = QmpConnection.open(socket, deadline)) {
            connection.execute("balloon", QmpConnection.arguments().put("value", memory.bytes()), deadline);
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
