package dev.provision.hypervisor.qemu.qmp;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
 * A session with a VMM's monitor (QEMU's docs/interop/qmp-spec). A monitor serves one client at a time: a second one is
 * let in when the first has gone, so sessions are to be short. For one thread at a time; unusable after an exception
 * other than of kind {@link QmpException.Kind#REFUSED}.
 */
public final class QmpConnection implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int LINE_MAX = 4 << 20;

    private final LineSocket socket;
    private final List<QmpEvent> events = new ArrayList<>();
    private long lastId;

    private QmpConnection(LineSocket socket) {
        this.socket = socket;
    }

    /** Connects, takes the greeting and negotiates no capabilities. Waits its turn until the deadline. */
    public static QmpConnection open(Path path, Deadline deadline) throws QmpException, InterruptedException {
        QmpConnection connection = new QmpConnection(connect(path, deadline));
        boolean greeted = false;
        try {
            if (!connection.receive(deadline).path("QMP").isObject()) {
                throw new QmpException(QmpException.Kind.GARBAGE, "the monitor does not greet as QMP does");
            }
            connection.execute("qmp_capabilities", deadline);
            greeted = true;
            return connection;
        } finally {
            if (!greeted) {
                connection.close();
            }
        }
    }

    private static LineSocket connect(Path path, Deadline deadline) throws QmpException, InterruptedException {
        try {
            return LineSocket.connect(path, LINE_MAX, deadline);
        } catch (SocketTimeoutException e) {
            throw new QmpException(QmpException.Kind.TIMEOUT, "the monitor is busy: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new QmpException(QmpException.Kind.UNREACHABLE, "nobody listens on " + path + ": " + e.getMessage(),
                    e);
        }
    }

    /** An empty object for the arguments of a command. */
    public static ObjectNode arguments() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Executes a command without arguments. */
    public JsonNode execute(String command, Deadline deadline) throws QmpException, InterruptedException {
        return execute(command, arguments(), deadline);
    }

    /**
     * Executes a command.
     *
     * @return what is under {@code return}
     */
    public JsonNode execute(String command, ObjectNode arguments, Deadline deadline)
            throws QmpException, InterruptedException {
        long id = ++lastId;
        ObjectNode request = arguments().put("execute", command);
        if (!arguments.isEmpty()) {
            request.set("arguments", arguments);
        }
        send(request.put("id", id), deadline);
        while (true) {
            JsonNode answer = receive(deadline);
            if (answer.has("event")) {
                events.add(new QmpEvent(answer.path("event").asText(), answer.path("data")));
            } else if (answer.path("id").longValue() == id || answer.has("error")) {
                // An error without our id is QEMU's answer to something it could not even parse.
                return result(command, answer);
            }
            if (deadline.passed()) { // a VMM that never stops talking is never waited for
                throw new QmpException(QmpException.Kind.TIMEOUT,
                        command + ": no answer within " + deadline.allowed().toMillis() + " ms");
            }
        }
    }

    private static JsonNode result(String command, JsonNode answer) throws QmpException {
        JsonNode error = answer.path("error");
        if (!error.isMissingNode()) {
            throw new QmpException(QmpException.Kind.REFUSED,
                    command + ": " + UntrustedText.line(error.path("desc").asText("refused")));
        }
        if (!answer.has("return")) {
            throw new QmpException(QmpException.Kind.GARBAGE, command + ": neither `return` nor `error` in "
                    + UntrustedText.line(answer.toString()));
        }
        return answer.get("return");
    }

    /** Events received so far, oldest first; they arrive while a command is under way. */
    public List<QmpEvent> events() {
        return List.copyOf(events);
    }

    /**
     * Ends the VMM. Reads on until the VMM has closed the connection: a client that closes first can take its own
     * command with it.
     */
    public void quit(Deadline deadline) throws QmpException, InterruptedException {
        send(arguments().put("execute", "quit").put("id", ++lastId), deadline);
        try {
            while (true) {
                receive(deadline);
            }
        } catch (QmpException e) {
            if (e.kind() != QmpException.Kind.CLOSED) {
                throw e;
            }
        }
    }

    private void send(ObjectNode message, Deadline deadline) throws QmpException, InterruptedException {
        try {
            byte[] json = MAPPER.writeValueAsBytes(message);
            byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
            line[json.length] = '\n';
            socket.send(line, deadline);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private JsonNode receive(Deadline deadline) throws QmpException, InterruptedException {
        try {
            byte[] line = socket.readLine(deadline);
            JsonNode message = MAPPER.readTree(line);
            if (!message.isObject()) {
                throw new QmpException(QmpException.Kind.GARBAGE, "the monitor sent something that is not an object");
            }
            return message;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static QmpException failure(IOException e) {
        if (e instanceof SocketTimeoutException) {
            return new QmpException(QmpException.Kind.TIMEOUT, "the monitor gave " + e.getMessage(), e);
        } else if (e instanceof EOFException) {
            return new QmpException(QmpException.Kind.CLOSED, "the VMM closed its monitor", e);
        } else if (e instanceof JsonProcessingException || e instanceof LineTooLongException) {
            return new QmpException(QmpException.Kind.GARBAGE, "the monitor does not speak QMP", e);
        }
        return new QmpException(QmpException.Kind.CLOSED, "the VMM dropped its monitor: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ended) {
            // The session is over either way.
        }
    }
}
