package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.Desired;
import dev.provision.hypervisor.store.FleetLock;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;

/**
 * What is known of a machine before anybody talks to it, also while another command starts it: between the record that says so and
 * the VMM's process some time passes, in which the machine is neither down nor up.
 *
 * @param record
 *            absent when there is none
 * @param vmm
 *            absent when none runs
 */
record Sighting(Optional<MachineRecord> record, Optional<ProcessIdentity> vmm) {

    /** Within which a start comes to a process, or was cut short. */
    private static final Duration START = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(50);

    /**
     * Looks at the record, then at the process that it tells of.
     *
     * @param seen
     *            a VMM of it that was found before
     * @throws dev.provision.hypervisor.store.RecordException
     *             when there is a record that cannot be used
     */
    static Sighting of(MachineStore store, VmmProcesses vmms, InstantSource clock, MachineId id,
            Optional<ProcessIdentity> seen) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(START);
        while (true) {
            Optional<MachineRecord> record = store.find(id);
            Optional<ProcessIdentity> recorded = record.flatMap(MachineRecord::process);
            // One that was started since the processes were listed is in its record.
            Optional<ProcessIdentity> vmm = seen.isEmpty() && recorded.isPresent()
                    && vmms.isAlive(id, recorded.get()) ? recorded : seen;
            boolean starting = record.filter(found -> isStarting(found, clock)).isPresent()
                    && !FleetLock.isHeldHere(store.layout(), id.fleet()); // then this process knows that it has failed
            if (vmm.isPresent() || !starting || deadline.passed()) {
                return new Sighting(record, vmm);
            }
            deadline.pause(POLL);
        }
    }

    private static boolean isStarting(MachineRecord record, InstantSource clock) {
        return record.desired() == Desired.RUNNING && record.vmm()
                .filter(vmm -> vmm.process().isEmpty())
                .filter(vmm -> Duration.between(vmm.startedAt(), clock.instant()).abs().compareTo(START) < 0)
                .isPresent();
    }
}
