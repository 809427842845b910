package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.agent.AgentException;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.channel.UntrustedText;
import dev.provision.hypervisor.qemu.vm.AttemptLog;
import dev.provision.hypervisor.qemu.vm.EndOfVmm;
import dev.provision.hypervisor.qemu.vm.GuestReport;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Probe;

/**
 * Asks a guest that has booted, again and again, whether its machine is ready for its users. The guest's own helper does
 * the asking (guest contract, {@code /usr/lib/provision/probe}): what a machine's ports are to others depends on its
 * networks, what they are to itself does not.
 */
final class Probing {
    private static final Duration PAUSE_FIRST = Duration.ofMillis(100);
    private static final Duration PAUSE_LAST = Duration.ofSeconds(1);

    /** An attempt that takes longer has failed. Commands may be large programs that take their time to load. */
    private static final Duration CONNECTION_MAX = Duration.ofSeconds(10);
    private static final Duration COMMAND_MAX = Duration.ofSeconds(60);

    /** What the guest may need beyond that to end the attempt and say so. */
    private static final Duration GUEST_SLACK = Duration.ofSeconds(5);

    /** More than a line that explains a failure has. */
    private static final int OUTPUT_MAX = 4096;
    private static final int LOG_LINES = 10;

    private final MachineStore store;
    private final VmmProcesses vmms;

    Probing(MachineStore store, VmmProcesses vmms) {
        this.store = store;
        this.vmms = vmms;
    }

    /**
     * Returns when the probe has succeeded; it is tried once at least.
     *
     * @param vmm
     *            whose guest it is; absent when it has ended before
     */
    void await(Vm vm, MachineSpec spec, Optional<ProcessIdentity> vmm, Deadline deadline)
            throws DriverException, InterruptedException, IOException {
        Optional<List<String>> question = question(spec.ready().probe());
        Duration pause = PAUSE_FIRST;
        int attempts = 0;
        while (question.isPresent()) {
            boolean alive = vmm.isPresent() && vmms.isAlive(vm.id(), vmm.get());
            requireNotEnded(vm, spec, alive);
            Optional<String> failure = attempt(vm, spec, question.get(), deadline);
            attempts++;
            if (failure.isEmpty()) {
                return;
            }
            if (deadline.passed()) {
                requireNotEnded(vm, spec, vmm.isPresent() && vmms.isAlive(vm.id(), vmm.get()));
                throw timeout(vm, spec, attempts, failure.get());
            }
            deadline.pause(pause);
            pause = pause.multipliedBy(2).compareTo(PAUSE_LAST) < 0 ? pause.multipliedBy(2) : PAUSE_LAST;
        }
    }

    /** The words that the guest's helper takes; none for what is known without asking. */
    private static Optional<List<String>> question(Probe probe) {
        return switch (probe) {
            case Probe.Agent agent -> Optional.empty();
            case Probe.Tcp tcp -> Optional.of(List.of("tcp", Integer.toString(tcp.port())));
            case Probe.Http http -> Optional.of(List.of("http", Integer.toString(http.port()), http.path()));
            case Probe.Exec exec -> {
                List<String> words = new ArrayList<>(List.of("exec"));
                words.addAll(exec.command());
                yield Optional.of(words);
            }
        };
    }

    /** Why it has failed; empty when it has succeeded. */
    private static Optional<String> attempt(Vm vm, MachineSpec spec, List<String> question, Deadline deadline)
            throws InterruptedException {
        boolean command = spec.ready().probe() instanceof Probe.Exec;
        Duration limit = deadline.orIn(command ? COMMAND_MAX : CONNECTION_MAX).remaining();
        List<String> words = new ArrayList<>(
                List.of("/usr/lib/provision/probe", Long.toString(Math.max(1, limit.toSeconds()))));
        words.addAll(question);
        try {
            Optional<ExecResult> result = new GuestExec(spec, words, OUTPUT_MAX)
                    .run(vm.agent(), new byte[0], Deadline.in(limit.plus(GUEST_SLACK)));
            return result.isEmpty() ? Optional.of("the guest did not end it in time")
                    : result.filter(ended -> ended.exitCode() != 0).map(ended -> said(ended, command));
        } catch (AgentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The last line it wrote; of a command, whose words mean what they mean to its author, the exit code too. */
    private static String said(ExecResult result, boolean command) {
        String line = lastLine(result.stderr()).or(() -> lastLine(result.stdout())).orElse("");
        String code = command || line.isEmpty() ? "exit code " + result.exitCode() : "";
        return code + (code.isEmpty() || line.isEmpty() ? "" : ": ") + line;
    }

    private static Optional<String> lastLine(byte[] output) {
        return new String(output, StandardCharsets.UTF_8).lines()
                .map(UntrustedText::line)
                .filter(line -> !line.isBlank())
                .reduce((first, second) -> second);
    }

    private void requireNotEnded(Vm vm, MachineSpec spec, boolean alive) throws DriverException, IOException {
        if (alive) {
            return;
        }
        Optional<Integer> code = GuestReport.lastOf(vm.files()).completion(spec);
        if (code.isPresent()) {
            throw new DriverException(vm.id() + ": its command ended with exit code " + code.get()
                    + ", and its machine with it, before its probe `" + spec.ready().probe() + "` succeeded",
                    "let the command stay, or leave the probe out", log(vm));
        }
        throw EndOfVmm.unexpected(vm, store.groups(vm.id()),
                "before its probe `" + spec.ready().probe() + "` succeeded");
    }

    private static DriverException timeout(Vm vm, MachineSpec spec, int attempts, String failure) throws IOException {
        var command = GuestReport.read(vm.files().reportLog()).attempts();
        String restarts = command.count() < 2 ? ""
                : "; its command was started " + command.count() + " times"
                        + command.lastExit().map(code -> ", last exit code " + code).orElse("");
        return new DriverException(vm.id() + ": it booted, but its probe `" + spec.ready().probe()
                + "` did not succeed within " + spec.ready().timeout().toSeconds() + " s: " + failure + " (attempt "
                + attempts + ")" + restarts,
                "see what its command says (`provision logs " + vm.id().name()
                        + "`); correct the probe, or raise `ready.timeout`, and apply again",
                log(vm));
    }

    private static List<String> log(Vm vm) {
        return AttemptLog.lastLines(vm.files().runLog(), LOG_LINES);
    }
}
