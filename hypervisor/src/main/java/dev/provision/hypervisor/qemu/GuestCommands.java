package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

/** Runs commands in guests; those of people as long as they take. */
final class GuestCommands {
    private static final Duration HOWEVER_LONG = Duration.ofDays(36_500);
    private static final Duration DYING = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(5);

    /** What is kept of each stream: 8 MB of it in its agent's memory have killed a guest of 128 MiB. */
    private static final int STREAM_MAX = 2 << 20;

    private final MachineStore store;
    private final VmmProcesses vmms;

    GuestCommands(MachineStore store, VmmProcesses vmms) {
        this.store = store;
        this.vmms = vmms;
    }

    ExecResult run(Vm vm, List<String> command, byte[] stdin)
            throws DriverException, InterruptedException, IOException {
        return run(vm, command, stdin, Deadline.in(HOWEVER_LONG))
                .orElseThrow(() -> new IllegalStateException("a century has passed"));
    }

    /** Empty when it still runs at the deadline, and goes on. */
    Optional<ExecResult> run(Vm vm, List<String> command, byte[] stdin, Deadline deadline)
            throws DriverException, InterruptedException, IOException {
        MachineRecord record = store.find(vm.id())
                .orElseThrow(() -> new DriverException(vm.id() + " does not exist", "apply first"));
        ProcessIdentity process = vmms.find(vm.id(), record.process())
                .orElseThrow(() -> new DriverException(vm.id() + " does not run", "apply first"));
        try {
            return new GuestExec(record.spec(), command, STREAM_MAX).run(vm.agent(), stdin, deadline);
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
            dying.pause(POLL);
        }
        return EndOfVmm.unexpected(vm, store.groups(vm.id()), "while a command ran in it");
    }
}
