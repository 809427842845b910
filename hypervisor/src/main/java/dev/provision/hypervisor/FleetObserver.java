package dev.provision.hypervisor;

import java.util.Optional;

import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;

/** What can be asked of machines. Nothing here changes any: who plans is given this and nothing more. */
public interface FleetObserver {

    /** What can be done with machines that this driver boots on this host, and with those it booted otherwise before. */
    DriverDeclaration capabilities();

    /**
     * Reads processes and store without changing anything; never throws for a single bad machine.
     *
     * @throws DriverException
     *             when the store itself cannot be read
     * @throws InterruptedException
     *             when the caller gave up
     */
    ObservedFleet observe(String fleet) throws DriverException, InterruptedException;

    /**
     * The same of one machine; empty when it leaves no trace, which its persistent disks alone are not.
     *
     * @throws DriverException
     *             when the store itself cannot be read
     * @throws InterruptedException
     *             when the caller gave up
     */
    Optional<ObservedMachine> observe(MachineId id) throws DriverException, InterruptedException;
}
