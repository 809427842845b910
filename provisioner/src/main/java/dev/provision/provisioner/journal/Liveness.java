package dev.provision.provisioner.journal;

import java.io.IOException;
import java.util.Optional;

import dev.provision.hypervisor.host.process.ObservedProcess;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.Processes;

/** Whether the process that wrote a journal's line still runs. A number alone is not enough: it is given to other processes. */
final class Liveness {

    /** The boot and the clock ticks since then, on Linux: unlike the time of day it stays when the clock is set. */
    static final String FIELD = "processIdentity";

    private Liveness() {}

    /** Empty when there is no such process, or processes cannot be read. */
    static Optional<ProcessIdentity> identity(long pid) {
        try {
            return Processes.ofThisHost()
                    .find(pid)
                    .filter(process -> !process.ended())
                    .map(ObservedProcess::identity);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Lines of versions that did not write the field are judged by the time of day. */
    static boolean isAlive(JournalEntry command) {
        long pid = command.json().path("pid").asLong();
        String start = command.text(FIELD);
        return start.isEmpty() ? startedAt(pid, command.text("processStarted"))
                : pid > 0 && identity(pid).filter(new ProcessIdentity(pid, start)::equals).isPresent();
    }

    private static boolean startedAt(long pid, String instant) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .filter(started -> started.toString().equals(instant))
                .isPresent();
    }
}
