package dev.provision.hypervisor.host.process;

import java.util.List;

import dev.provision.schema.units.ByteSize;

/**
 * A process as it was when it was looked at.
 *
 * @param argv its arguments, the program's name first. Empty for a process that has ended and was not reaped by its
 *            parent yet, for kernel threads, and where this user may not see them
 * @param user effective user: a numeric id on Linux, a name elsewhere; "" if unknown
 * @param resident memory in RAM, pages shared with other processes counted in full; zero where unknown
 * @param ended true for a zombie: it has a pid and nothing else, and runs no code
 */
public record ObservedProcess(ProcessIdentity identity, List<String> argv, String user, ByteSize resident,
        boolean ended) {

    /** Copies the arguments. */
    public ObservedProcess {
        argv = List.copyOf(argv);
    }
}
