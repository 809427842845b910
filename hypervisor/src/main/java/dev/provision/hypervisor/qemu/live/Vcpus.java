package dev.provision.hypervisor.qemu.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.qemu.agent.AgentException;
import dev.provision.hypervisor.qemu.agent.Vcpu;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.EndOfVmm;
import dev.provision.hypervisor.qemu.vm.LogTail;
import dev.provision.hypervisor.qemu.vm.Vm;

/**
 * vCPUs of a running machine: the guest's agent brings them on and off line. Most machines have all of them from their start,
 * into others they are plugged.
 */
public final class Vcpus {
    private static final Duration POLL = Duration.ofMillis(50);

    private Vcpus() {}

    /**
     * Has the first {@code wanted} vCPUs on line and the others off.
     *
     * @throws DriverException
     *             when the guest has fewer, or does not follow in time
     */
    public static void resize(Vm vm, int wanted, Deadline deadline) throws DriverException, InterruptedException {
        try {
            while (true) {
                List<Vcpu> vcpus = vm.agent().vcpus(deadline);
                if (wanted > vcpus.size()) {
                    requirePlugged(vm, vcpus.size(), wanted, deadline);
                    deadline.pause(POLL); // until the guest has seen them
                    continue;
                }
                List<Vcpu> changes = changes(vm, vcpus, wanted);
                if (changes.isEmpty()) {
                    return;
                }
                if (deadline.passed()) {
                    throw new DriverException(vm.id() + ": " + online(vcpus) + " vCPUs are on line, not " + wanted,
                            "look at the machine's console, then apply again",
                            LogTail.of(vm.files().consoleLog(), EndOfVmm.CONSOLE_LINES));
                }
                // The agent stops at the first that it cannot change and says how many it did: ask again.
                vm.agent().setVcpus(changes, deadline);
                if (!changes(vm, vm.agent().vcpus(deadline), wanted).isEmpty()) {
                    deadline.pause(POLL);
                }
            }
        } catch (AgentException e) {
            throw new DriverException(vm.id() + ": its vCPUs cannot be changed: " + e.getMessage(),
                    "see whether the guest still works (`provision console`), then apply again", e);
        }
    }

    /**
     * Has the VMM have as many.
     *
     * @param seen
     *            those that the guest knows of
     */
    private static void requirePlugged(Vm vm, int seen, int wanted, Deadline deadline)
            throws DriverException, InterruptedException {
        try {
            int most = Math.max(seen, PluggedVcpus.add(vm, wanted, deadline));
            if (most < wanted) {
                throw new DriverException(vm.id() + ": it was booted for " + most + " vCPUs, " + wanted
                        + " are wanted", "restart it with `cpus.max` of at least " + wanted);
            }
        } catch (QmpException e) {
            throw PluggedVcpus.failed(vm, "its vCPUs cannot be plugged in", e);
        }
        if (deadline.passed()) {
            throw new DriverException(
                    vm.id() + ": " + wanted + " vCPUs are plugged in, and its guest has seen " + seen + " of them",
                    "look at the machine's console for what its kernel says of them, then apply again",
                    LogTail.of(vm.files().consoleLog(), EndOfVmm.CONSOLE_LINES));
        }
    }

    public static int online(List<Vcpu> vcpus) {
        return (int) vcpus.stream().filter(Vcpu::online).count();
    }

    private static List<Vcpu> changes(Vm vm, List<Vcpu> vcpus, int wanted) throws DriverException {
        if (wanted < 1) {
            throw new DriverException(vm.id() + ": no machine works with " + wanted + " vCPUs", "leave it one");
        }
        List<Vcpu> sorted = vcpus.stream().sorted(Comparator.comparingLong(Vcpu::id)).toList();
        List<Vcpu> changes = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            // vCPU 0 cannot go off line; it is never asked to, at least one is wanted.
            if (sorted.get(i).online() != (i < wanted)) {
                changes.add(new Vcpu(sorted.get(i).id(), i < wanted));
            }
        }
        return changes;
    }
}
