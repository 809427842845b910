package dev.provision.hypervisor.qemu.agent;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.qemu.channel.Deadline;

/**
 * What the driver asks a guest's agent, one short session each, so that a long command in the guest keeps nobody else
 * waiting. Command names are of the QEMU guest agent's reference.
 */
public final class GuestAgent {
    private static final int FILE_MAX = 64 << 10;

    /** {@code guest-shutdown} is answered only when it fails; a failure comes at once. */
    private static final Duration REFUSAL_WAIT = Duration.ofMillis(300);

    private final Path socket;

    public GuestAgent(Path socket) {
        this.socket = socket;
    }

    /** {@code guest-ping}: returns when the agent answers. */
    public void ping(Deadline deadline) throws AgentException, InterruptedException {
        try (AgentSession session = AgentSession.open(socket, deadline)) {
            session.execute("guest-ping", AgentSession.arguments(), deadline);
        }
    }

    /** {@code guest-get-vcpus}: all vCPUs of the guest, on line or not. */
    public List<Vcpu> vcpus(Deadline deadline) throws AgentException, InterruptedException {
        try (AgentSession session = AgentSession.open(socket, deadline)) {
            List<Vcpu> vcpus = new ArrayList<>();
            for (JsonNode node : session.execute("guest-get-vcpus", AgentSession.arguments(), deadline)) {
                vcpus.add(new Vcpu(node.path("logical-id").asLong(), node.path("online").asBoolean()));
            }
            return List.copyOf(vcpus);
        }
    }

    /** {@code guest-set-vcpus}: brings these on or off line. The agent stops at the first that it cannot. */
    public void setVcpus(List<Vcpu> vcpus, Deadline deadline) throws AgentException, InterruptedException {
        ObjectNode arguments = AgentSession.arguments();
        ArrayNode list = arguments.putArray("vcpus");
        vcpus.forEach(vcpu -> list.addObject().put("logical-id", vcpu.id()).put("online", vcpu.online()));
        try (AgentSession session = AgentSession.open(socket, deadline)) {
            session.execute("guest-set-vcpus", arguments, deadline);
        }
    }

    /** {@code guest-shutdown}: asks the guest to power off. Returns when it has been told. */
    public void shutdown(Deadline deadline) throws AgentException, InterruptedException {
        try (AgentSession session = AgentSession.open(socket, deadline)) {
            session.send("guest-shutdown", AgentSession.arguments().put("mode", "powerdown"), deadline);
            awaitRefusal(session, deadline.orIn(REFUSAL_WAIT));
        }
    }

    /** No answer, or the end of the VMM, is what obeying looks like. */
    private static void awaitRefusal(AgentSession session, Deadline deadline)
            throws AgentException, InterruptedException {
        try {
            session.receive("guest-shutdown", deadline);
        } catch (AgentException e) {
            if (e.kind() == AgentException.Kind.REFUSED) {
                throw e;
            }
        }
    }

    /** {@code guest-file-open}, {@code -read}, {@code -close}: the first 64 KiB of a text file of the guest. */
    public String readFile(String path, Deadline deadline) throws AgentException, InterruptedException {
        try (AgentSession session = AgentSession.open(socket, deadline)) {
            JsonNode handle = session.execute("guest-file-open", AgentSession.arguments().put("path", path), deadline);
            ObjectNode read = AgentSession.arguments().put("count", FILE_MAX).set("handle", handle);
            String content = session.execute("guest-file-read", read, deadline).path("buf-b64").asText();
            session.execute("guest-file-close", AgentSession.arguments().set("handle", handle), deadline);
            return new String(decode(content), StandardCharsets.UTF_8);
        }
    }

    /**
     * {@code guest-exec}: starts a command.
     *
     * @param environment
     *            {@code NAME=value}; all that the command gets
     * @return the agent's handle of the command
     */
    public long start(List<String> command, List<String> environment, byte[] stdin, Deadline deadline)
            throws AgentException, InterruptedException {
        ObjectNode arguments = AgentSession.arguments().put("path", command.getFirst()).put("capture-output", true);
        ArrayNode rest = arguments.putArray("arg");
        command.stream().skip(1).forEach(rest::add);
        ArrayNode variables = arguments.putArray("env");
        environment.forEach(variables::add);
        arguments.put("input-data", Base64.getEncoder().encodeToString(stdin));
        try (AgentSession session = AgentSession.open(socket, deadline)) {
            JsonNode pid = session.execute("guest-exec", arguments, deadline).path("pid");
            if (!pid.canConvertToLong()) {
                throw new AgentException(AgentException.Kind.GARBAGE, "guest-exec: no `pid` in the answer");
            }
            return pid.longValue();
        }
    }

    /** {@code guest-exec-status}: how a command ended; empty while it runs. Can be asked only once after the end. */
    public Optional<ExecResult> result(long handle, Deadline deadline) throws AgentException, InterruptedException {
        try (AgentSession session = AgentSession.open(socket, deadline)) {
            JsonNode status = session.execute("guest-exec-status", AgentSession.arguments().put("pid", handle),
                    deadline);
            if (!status.path("exited").asBoolean()) {
                return Optional.empty();
            }
            boolean truncated = status.path("out-truncated").asBoolean() || status.path("err-truncated").asBoolean();
            return Optional.of(new ExecResult(exitCode(status), decode(status.path("out-data").asText()),
                    decode(status.path("err-data").asText()), truncated));
        }
    }

    private static int exitCode(JsonNode status) throws AgentException {
        long code = status.has("signal") ? 128 + status.path("signal").asLong() : status.path("exitcode").asLong();
        if (code < 0 || code > 255) {
            throw new AgentException(AgentException.Kind.GARBAGE, "guest-exec-status: no exit code is " + code);
        }
        return (int) code;
    }

    private static byte[] decode(String base64) throws AgentException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new AgentException(AgentException.Kind.GARBAGE, "the guest agent sent something that is not base64",
                    e);
        }
    }
}
