package dev.provision.hypervisor.host.process;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The processes of this host. A process may end between any two calls; none of them fails because of that. */
public interface Processes {

    /**
     * The process with this pid; empty if there is none.
     *
     * @throws IOException if processes cannot be read at all
     */
    Optional<ObservedProcess> find(long pid) throws IOException;

    /**
     * All processes whose argv satisfies the predicate, by pid. Processes without a visible argv are not asked about.
     *
     * @throws IOException if processes cannot be read at all
     */
    List<ObservedProcess> list(Predicate<List<String>> argv) throws IOException;

    /**
     * Sends a signal to exactly this process: never to another one that got its pid since.
     *
     * @throws IOException if processes cannot be read at all
     */
    SignalOutcome signalIfSame(ProcessIdentity process, ProcessSignal signal) throws IOException;

    /**
     * How long the process runs, also when the host's clock was set meanwhile where the host tells.
     *
     * @throws IOException if processes cannot be read at all
     */
    default Duration age(ProcessIdentity process) throws IOException {
        return ProcessHandle.of(process.pid())
                .flatMap(handle -> handle.info().startInstant())
                .map(start -> Duration.between(start, Instant.now()))
                .orElse(Duration.ZERO);
    }

    /**
     * The processes of the host this runs on.
     *
     * @throws IOException if the boot cannot be identified
     */
    static Processes ofThisHost() throws IOException {
        return System.getProperty("os.name", "").equals("Linux") ? LinuxProcesses.ofThisHost()
                : new PortableProcesses();
    }
}
