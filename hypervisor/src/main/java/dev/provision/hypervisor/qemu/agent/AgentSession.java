package dev.provision.hypervisor.qemu.agent;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.channel.LineSocket;
import dev.provision.hypervisor.qemu.channel.LineTooLongException;
import dev.provision.hypervisor.qemu.channel.UntrustedText;

/**
 * A short conversation with a guest's agent (QEMU's docs/interop/qemu-ga-ref). The agent has one channel and no notion
 * of a client, so what an earlier client left unread comes first; {@code guest-sync-delimited} separates the two: the
 * byte 0xFF, which is in no JSON text, precedes its answer.
 */
final class AgentSession implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** How long an answer may take before its question counts as lost, the first time. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final byte DELIMITER = (byte) 0xFF;

    /** Two captured streams of 16 MiB, the agent's limit, in base64, and some. */
    private static final int LINE_MAX = 48 << 20;

    private final LineSocket socket;

    private AgentSession(LineSocket socket) {
        this.socket = socket;
    }

    /**
     * Connects and synchronises. Waits until the agent listens, or until the deadline. What was sent to a port that the agent did
     * not have open, as when it had just ended and is started again, the guest's kernel throws away: so it is sent again, less and
     * less often, since a busy guest answers late and to each.
     */
    static AgentSession open(Path path, Deadline deadline) throws AgentException, InterruptedException {
        for (Duration patience = PATIENCE;; patience = patience.multipliedBy(2)) {
            AgentSession session = new AgentSession(connect(path, deadline));
            boolean synchronised = false;
            try {
                session.synchronise(deadline.orIn(patience));
                synchronised = true;
                return session;
            } catch (AgentException e) {
                if (e.kind() != AgentException.Kind.TIMEOUT || deadline.passed()) {
                    throw e;
                }
            } finally {
                if (!synchronised) {
                    session.close();
                }
            }
        }
    }

    private static LineSocket connect(Path path, Deadline deadline) throws AgentException, InterruptedException {
        try {
            return LineSocket.connect(path, LINE_MAX, deadline);
        } catch (SocketTimeoutException e) {
            throw new AgentException(AgentException.Kind.TIMEOUT, "the guest agent is busy: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new AgentException(AgentException.Kind.UNREACHABLE,
                    "nobody listens on " + path + ": " + e.getMessage(), e);
        }
    }

    private void synchronise(Deadline deadline) throws AgentException, InterruptedException {
        // 0xFF also makes the agent's parser forget half a message of an earlier client.
        int id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        byte[] request = json("guest-sync-delimited", arguments().put("id", id));
        byte[] message = new byte[request.length + 1];
        message[0] = DELIMITER;
        System.arraycopy(request, 0, message, 1, request.length);
        send(message, deadline);
        while (true) {
            byte[] line = readLine(deadline);
            int at = lastDelimiter(line);
            if (at >= 0 && isAnswer(Arrays.copyOfRange(line, at + 1, line.length), id)) {
                return;
            }
            if (deadline.passed()) { // a guest that never stops talking is never waited for
                throw new AgentException(AgentException.Kind.TIMEOUT,
                        "the guest agent answers something else for " + deadline.allowed().toMillis() + " ms");
            }
        }
    }

    private static int lastDelimiter(byte[] line) {
        for (int i = line.length - 1; i >= 0; i--) {
            if (line[i] == DELIMITER) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isAnswer(byte[] json, int id) throws AgentException {
        try {
            return MAPPER.readTree(json).path("return").intValue() == id;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    static ObjectNode arguments() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * Executes a command.
     *
     * @return what is under {@code return}
     */
    JsonNode execute(String command, ObjectNode arguments, Deadline deadline)
            throws AgentException, InterruptedException {
        send(command, arguments, deadline);
        return receive(command, deadline);
    }

    /** Sends a command that is answered only when it fails. */
    void send(String command, ObjectNode arguments, Deadline deadline) throws AgentException, InterruptedException {
        send(json(command, arguments), deadline);
    }

    /** The answer to the command last sent. */
    JsonNode receive(String command, Deadline deadline) throws AgentException, InterruptedException {
        JsonNode answer;
        try {
            answer = MAPPER.readTree(readLine(deadline));
        } catch (IOException e) {
            throw failure(e);
        }
        JsonNode error = answer.path("error");
        if (!error.isMissingNode()) {
            throw new AgentException(AgentException.Kind.REFUSED,
                    command + ": " + UntrustedText.line(error.path("desc").asText("refused")));
        }
        if (!answer.has("return")) {
            throw new AgentException(AgentException.Kind.GARBAGE, command + ": neither `return` nor `error`");
        }
        return answer.get("return");
    }

    private static byte[] json(String command, ObjectNode arguments) {
        ObjectNode request = arguments().put("execute", command);
        if (!arguments.isEmpty()) {
            request.set("arguments", arguments);
        }
        try {
            byte[] json = MAPPER.writeValueAsBytes(request);
            byte[] line = Arrays.copyOf(json, json.length + 1);
            line[json.length] = '\n';
            return line;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers can always be written", e);
        }
    }

    private void send(byte[] message, Deadline deadline) throws AgentException, InterruptedException {
        try {
            socket.send(message, deadline);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private byte[] readLine(Deadline deadline) throws AgentException, InterruptedException {
        try {
            return socket.readLine(deadline);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static AgentException failure(IOException e) {
        if (e instanceof SocketTimeoutException) {
            return new AgentException(AgentException.Kind.TIMEOUT, "the guest agent gave " + e.getMessage(), e);
        } else if (e instanceof EOFException) {
            return new AgentException(AgentException.Kind.UNREACHABLE, "the VMM closed the guest agent's socket", e);
        } else if (e instanceof JsonProcessingException || e instanceof LineTooLongException) {
            return new AgentException(AgentException.Kind.GARBAGE, "the guest agent does not speak its protocol", e);
        }
        return new AgentException(AgentException.Kind.UNREACHABLE,
                "the VMM dropped the guest agent's socket: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ended) {
            // The conversation is over either way.
        }
    }
}
