package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.agent.AgentException;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.vm.EndOfVmm;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.VmmRecord;

/** Runs commands in guests. */
final class GuestCommands {
    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration STATUS = Duration.ofSeconds(30);
    private static final Duration DYING = Duration.ofSeconds(2);
    private static final Duration POLL_FIRST = Duration.ofMillis(5);
    private static final Duration POLL_LAST = Duration.ofMillis(200);

    /** What is kept of each stream: the agent holds it in the guest's memory, 8 MB of it have killed a guest of 128 MiB. */
    private static final int STREAM_MAX = 2 << 20;

    /** What a command gets beside the machine's own environment. */
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME", "/root");

    private final MachineStore store;
    private final VmmProcesses vmms;

    GuestCommands(MachineStore store, VmmProcesses vmms) {
        this.store = store;
        this.vmms = vmms;
    }

    ExecResult run(Vm vm, List<String> command, byte[] stdin)
            throws DriverException, InterruptedException, IOException {
        MachineRecord record = store.find(vm.id())
                .orElseThrow(() -> new DriverException(vm.id() + " does not exist", "apply first"));
        ProcessIdentity process = vmms.find(vm.id(), record.vmm().flatMap(VmmRecord::process))
                .orElseThrow(() -> new DriverException(vm.id() + " does not run", "apply first"));
        try {
            long handle = vm.agent().start(bounded(command), environment(record), stdin, Deadline.in(START));
            return awaitResult(vm, handle);
        } catch (AgentException e) {
            throw failure(vm, process, e);
        }
    }

    /** The agent's socket closes a moment before the VMM is gone. */
    private DriverException failure(Vm vm, ProcessIdentity process, AgentException e)
            throws InterruptedException, IOException {
        Deadline dying = Deadline.in(e.kind() == AgentException.Kind.UNREACHABLE ? DYING : Duration.ZERO);
        while (vmms.isAlive(vm.id(), process)) {
            if (dying.passed()) {
                return new DriverException(vm.id() + ": its agent does not do it: " + e.getMessage(),
                        "wait until the machine is ready; else look at its console", e);
            }
            dying.pause(POLL_FIRST);
        }
        return EndOfVmm.unexpected(vm, "while a command ran in it");
    }

    private static ExecResult awaitResult(Vm vm, long handle)
            throws AgentException, InterruptedException {
        Duration pause = POLL_FIRST;
        while (true) {
            Optional<ExecResult> result = vm.agent().result(handle, Deadline.in(STATUS));
            if (result.isPresent()) {
                return marked(result.get());
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(POLL_LAST) < 0 ? pause.multipliedBy(2) : POLL_LAST;
        }
    }

    /** Through the guest's own helper, which drops what is beyond the limit before the agent sees it. */
    private static List<String> bounded(List<String> command) {
        List<String> words = new ArrayList<>(List.of("/usr/lib/provision/exec", Integer.toString(STREAM_MAX)));
        words.addAll(command);
        return words;
    }

    private static ExecResult marked(ExecResult result) {
        boolean cut = result.stdout().length >= STREAM_MAX || result.stderr().length >= STREAM_MAX;
        return new ExecResult(result.exitCode(), result.stdout(), result.stderr(), result.truncated() || cut);
    }

    private static List<String> environment(MachineRecord record) {
        Map<String, String> variables = new TreeMap<>(ENVIRONMENT);
        variables.putAll(record.spec().workload().env());
        return variables.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
    }
}
