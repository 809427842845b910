package dev.provision.hypervisor.host.process;

/** Tells when processes end that are not our children: the kernel says so, nobody polls. */
public interface ProcessEnds extends AutoCloseable {

    /**
     * Follows a process from now on.
     *
     * @param whenEnded
     *            run once, on another thread, when it has ended; at once when it has already. Must return soon
     */
    void follow(ProcessIdentity process, Runnable whenEnded);

    /** Follows nobody any more. */
    @Override
    void close();

    /** Of the processes of the host this runs on. */
    static ProcessEnds ofThisHost(Processes processes) {
        return processes instanceof LinuxProcesses linux && LinuxProcessEnds.isPossible()
                ? new LinuxProcessEnds(linux)
                : new PortableProcessEnds();
    }
}
