package dev.provision.provisioner.cli;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.provision.hypervisor.host.process.ProcessEnds;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.Processes;

/** The VMMs of a watched fleet, followed from when they are first seen until they end. Thread-safe. */
final class FollowedVmms implements AutoCloseable {

    private final String fleet;
    private final Consumer<String> whenEnded;
    private final ProcessEnds ends;
    private final Set<ProcessIdentity> followed = new HashSet<>();

    /** @param whenEnded gets the machine whose VMM has ended, on a thread of its own */
    FollowedVmms(String fleet, Consumer<String> whenEnded) throws IOException {
        this.ends = ProcessEnds.ofThisHost(Processes.ofThisHost());
        this.fleet = fleet;
        this.whenEnded = whenEnded;
    }

    /** Follows those that it does not follow yet; returns the machines whose VMM runs. */
    synchronized Set<String> follow(Site site) throws IOException {
        Map<String, ProcessIdentity> vmms = site.vmms(fleet);
        followed.retainAll(vmms.values());
        vmms.forEach((machine, process) -> {
            if (followed.add(process)) {
                ends.follow(process, () -> whenEnded.accept(machine));
            }
        });
        return Set.copyOf(vmms.keySet());
    }

    @Override
    public void close() {
        ends.close();
    }
}
