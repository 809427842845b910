package dev.provision.hypervisor.qemu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.qemu.agent.AgentException;
import dev.provision.hypervisor.qemu.agent.GuestAgent;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.schema.fleet.MachineSpec;

/**
 * One command in a guest, by its agent. It runs through the guest's own helper, which drops of its streams what is
 * beyond a limit before the agent sees it: the agent holds them in the guest's memory.
 */
final class GuestExec {
    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration STATUS = Duration.ofSeconds(30);
    private static final Duration POLL_FIRST = Duration.ofMillis(5);
    private static final Duration POLL_LAST = Duration.ofMillis(200);

    /** What a command gets beside the machine's own environment. */
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME", "/root");

    private final List<String> command;
    private final List<String> environment;
    private final int streamMax;

    /**
     * A command with the environment that the commands of {@code spec} have.
     *
     * @param streamMax
     *            bytes that are kept of each stream
     */
    GuestExec(MachineSpec spec, List<String> command, int streamMax) {
        Map<String, String> variables = new TreeMap<>(ENVIRONMENT);
        variables.putAll(spec.workload().env());
        this.environment = variables.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
        this.command = List.copyOf(command);
        this.streamMax = streamMax;
    }

    /** Starts it and waits for its end; empty when it still runs at the deadline, and goes on. */
    Optional<ExecResult> run(GuestAgent agent, byte[] stdin, Deadline deadline)
            throws AgentException, InterruptedException {
        List<String> bounded = new ArrayList<>(List.of("/usr/lib/provision/exec", Integer.toString(streamMax)));
        bounded.addAll(command);
        long handle = agent.start(bounded, environment, stdin, deadline.orIn(START));
        Duration pause = POLL_FIRST;
        while (true) {
            Optional<ExecResult> result = agent.result(handle, Deadline.in(STATUS));
            if (result.isPresent() || deadline.passed()) {
                return result.map(this::marked);
            }
            deadline.pause(pause);
            pause = pause.multipliedBy(2).compareTo(POLL_LAST) < 0 ? pause.multipliedBy(2) : POLL_LAST;
        }
    }

    private ExecResult marked(ExecResult result) {
        boolean cut = result.stdout().length >= streamMax || result.stderr().length >= streamMax;
        return new ExecResult(result.exitCode(), result.stdout(), result.stderr(), result.truncated() || cut);
    }
}
