package dev.provision.hypervisor;

import java.time.Duration;
import java.util.List;

import dev.provision.planner.host.DeviceAddress;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.ByteSize;

/**
 * What speaks to VMMs. Every operation is idempotent: called again after success, or after a crash in its middle, it
 * ends in the same state. Operations on different machines may run at the same time; on one machine they are called
 * one after the other.
 *
 * <p>
 * All operations throw {@link DriverException} when the machine cannot be brought to the state they promise, and
 * {@link InterruptedException} when the caller gave up; the machine is then in a state that {@link #observe} tells.
 */
public interface Driver extends FleetObserver {

    /** Makes directory, record and disks. Keeps storage that is there; a half-made machine is completed. */
    void create(MachineId id, MachineSpec spec) throws DriverException, InterruptedException;

    /**
     * Starts the VMM with {@code spec}. Returns when the VMM runs; does nothing when it already does, but that a guest that its
     * VMM has paused goes on. Fails when the cause of that lasts: the guest is paused again, and has lost nothing.
     */
    void start(MachineId id, MachineSpec spec) throws DriverException, InterruptedException;

    /**
     * Waits until the guest has reported ready and shows the vCPUs and memory of {@code spec}, and then until the
     * readiness probe of {@code spec} succeeds; for a batch job until its command has been started, also when it has
     * already ended. From then on the machine is observed as ready, until its VMM ends.
     *
     * @param whenBooted
     *            run once, on the calling thread, when only the probe is left to wait for
     */
    void awaitReady(MachineId id, MachineSpec spec, Runnable whenBooted) throws DriverException, InterruptedException;

    /** As above, for who does not care when the guest has booted. */
    default void awaitReady(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        awaitReady(id, spec, () -> {});
    }

    /**
     * Waits until a batch job has ended.
     *
     * @return its exit code, 0 to 255
     */
    int awaitCompletion(MachineId id) throws DriverException, InterruptedException;

    /**
     * The last lines of what the last attempt of the machine's command has printed, oldest first, without control characters; none
     * where that cannot be read.
     */
    default List<String> lastOutput(MachineId id) {
        return List.of();
    }

    /** Shuts the guest down through its agent, after {@code grace} hard. Does nothing when no VMM runs. */
    void stop(MachineId id, Duration grace) throws DriverException, InterruptedException;

    /**
     * Plugs memory in or out and sets the balloon; returns when the guest has reached it within 1 MiB. {@code memory} is at most
     * the booted max.
     */
    void resizeMemory(MachineId id, ByteSize memory) throws DriverException, InterruptedException;

    /**
     * Plugs vCPUs in where fewer are there, brings them on or off line; returns when the guest shows {@code vcpus}, which is at
     * most the booted max.
     */
    void resizeCpus(MachineId id, int vcpus) throws DriverException, InterruptedException;

    /**
     * Holds the VMM of a machine that runs to the CPU time, weight, host CPUs and hard memory limit of {@code spec}; does
     * nothing when none runs. What {@code DriverCapabilities} does not declare as enforced is passed over.
     */
    void limit(MachineId id, MachineSpec spec) throws DriverException, InterruptedException;

    /** Gives {@code /dev/shm} another size. Fails when more than that is in it. */
    void resizeShm(MachineId id, ByteSize size) throws DriverException, InterruptedException;

    /** Removes and adds port forwards of a running machine. */
    void forwardPorts(MachineId id, List<PortForward> remove, List<PortForward> add)
            throws DriverException, InterruptedException;

    /**
     * Tells the guest of a machine that runs and is ready who is on its networks by {@code spec}: it reaches these by their
     * names, and no others. Fails when the guest does not take it.
     */
    void shareNames(MachineId id, MachineSpec spec) throws DriverException, InterruptedException;

    /**
     * Makes disks as large as {@code spec} says; never makes one smaller. Of a stopped machine the files, and makes those
     * that are missing. Of one that runs and is ready, where {@code DriverCapabilities} declares {@code GROW_DISKS}: file,
     * device and file system of the disks that it was booted with, while they are in use; fails before anything is changed
     * when the host has no room.
     */
    void growDisks(MachineId id, MachineSpec spec) throws DriverException, InterruptedException;

    /**
     * Writes down which devices of the host a machine with a record gets when it is started the next time, instead of those that it
     * had. They are taken from the host by {@link #start} and go back to it when the machine has stopped.
     */
    void assignDevices(MachineId id, List<DeviceAddress> devices) throws DriverException, InterruptedException;

    /** Throws the overlay of a stopped machine away. */
    void discardOverlay(MachineId id) throws DriverException, InterruptedException;

    /** Writes {@code spec} into the machine's record as the one last applied, and of a machine that runs that it does. */
    void saveSpec(MachineId id, MachineSpec spec) throws DriverException, InterruptedException;

    /** Removes a stopped machine's directory; its storage only when told. Does nothing when it is not there. */
    void remove(MachineId id, boolean withStorage) throws DriverException, InterruptedException;

    /**
     * Runs a command in the guest and waits for it.
     *
     * @throws DriverException
     *             when the machine does not run or its agent does not answer
     */
    ExecResult exec(MachineId id, List<String> command, byte[] stdin) throws DriverException, InterruptedException;
}
