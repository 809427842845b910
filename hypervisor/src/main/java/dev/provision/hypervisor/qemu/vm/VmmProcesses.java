package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.process.ObservedProcess;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.qemu.commandline.OptionValue;
import dev.provision.hypervisor.store.MovedStoreException;
import dev.provision.hypervisor.store.StoreLayout;

/**
 * Which processes are VMMs of this store. A process is a machine's VMM when its argv carries the machine's UUID and the
 * path of its monitor's socket; a record's pid alone proves nothing, pids are reused.
 */
public final class VmmProcesses {
    private final Processes processes;
    private final StoreLayout layout;

    public VmmProcesses(Processes processes, StoreLayout layout) {
        this.processes = processes;
        this.layout = layout;
    }

    /**
     * The machine's VMM that runs.
     *
     * @param recorded
     *            looked at first, which spares a walk over all processes
     * @throws MovedStoreException
     *             when the recorded one runs by the name of another store
     */
    public Optional<ProcessIdentity> find(MachineId id, Optional<ProcessIdentity> recorded) throws IOException {
        if (recorded.isPresent() && isAlive(id, recorded.get())) {
            return recorded;
        }
        Optional<ProcessIdentity> found = processes.list(argv -> isOf(id, argv))
                .stream()
                .filter(process -> !process.ended())
                .map(ObservedProcess::identity)
                .findFirst();
        if (found.isEmpty() && recorded.isPresent()) {
            requireNotElsewhere(id, recorded.get());
        }
        return found;
    }

    /**
     * Checks that a recorded process which is no VMM of this store is none of another one either: the record would be that
     * one's.
     *
     * @throws MovedStoreException
     *             when it is the machine's VMM by its UUID, with the sockets of another store
     */
    public void requireNotElsewhere(MachineId id, ProcessIdentity recorded) throws IOException {
        Optional<List<String>> argv = processes.find(recorded.pid())
                .filter(process -> process.identity().equals(recorded) && !process.ended())
                .map(ObservedProcess::argv)
                .filter(there -> valueOf("-uuid", there).equals(Optional.of(id.uuid().toString())) && !isOf(id, there));
        if (argv.isPresent()) {
            throw new MovedStoreException(id.toString(), recorded.pid(), layout.stateDir(),
                    Path.of(first(Pattern.compile("file=(/.*)/fleets/" + id.fleet() + "/machines/"), argv.get())
                            .orElse(layout.stateDir().toString())),
                    Path.of(first(Pattern.compile("path=(/.*/qmp\\.sock)"), argv.get()).orElse("/")));
        }
    }

    private static Optional<String> first(Pattern pattern, List<String> argv) {
        return argv.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }

    /** What the machine's VMM that runs was started with, its program first. */
    public Optional<List<String>> argv(MachineId id, Optional<ProcessIdentity> recorded) throws IOException {
        Optional<ProcessIdentity> found = find(id, recorded);
        return found.isEmpty() ? Optional.empty()
                : processes.find(found.get().pid()).map(ObservedProcess::argv).filter(argv -> isOf(id, argv));
    }

    /** How long a VMM runs. */
    public Duration age(ProcessIdentity vmm) throws IOException {
        return processes.age(vmm);
    }

    /** That very process runs and is the machine's. */
    public boolean isAlive(MachineId id, ProcessIdentity identity) throws IOException {
        return processes.find(identity.pid())
                .filter(process -> process.identity().equals(identity) && !process.ended() && mayBeOf(id, process))
                .isPresent();
    }

    /**
     * For a moment in execve(2) and in exit(2) a process has no argv: not yet, or no more. It counts as alive, as one
     * that exits still has its disks locked and its ports bound.
     */
    private boolean mayBeOf(MachineId id, ObservedProcess process) {
        return process.argv().isEmpty() || isOf(id, process.argv());
    }

    /**
     * The machine's VMM that its keeper has just started, or what becomes it: a program that runs another one has that
     * one's command line on its own. Empty when it has ended: its keeper has then given its pid back, and whoever has got
     * it since is not taken for it.
     */
    public Optional<ProcessIdentity> identify(MachineId id, long pid) throws IOException {
        return processes.find(pid)
                .filter(process -> !process.ended() && mayBeOf(id, process))
                .map(ObservedProcess::identity);
    }

    /** All VMMs of a fleet by machine name, with or without a record. */
    public SortedMap<String, ProcessIdentity> ofFleet(String fleet) throws IOException {
        SortedMap<String, ProcessIdentity> found = new TreeMap<>();
        for (ObservedProcess process : processes.list(argv -> nameIn(fleet, argv).isPresent())) {
            if (!process.ended()) {
                nameIn(fleet, process.argv()).ifPresent(name -> found.putIfAbsent(name, process.identity()));
            }
        }
        return found;
    }

    /** {@code FLEET/NAME} of the machine of this store whose VMM has this argv. */
    public Optional<String> machineOf(List<String> argv) {
        return valueOf("-name", argv).filter(name -> {
            int slash = name.indexOf('/');
            return slash > 0 && nameIn(name.substring(0, slash), argv).isPresent();
        });
    }

    private Optional<String> nameIn(String fleet, List<String> argv) {
        String prefix = fleet + "/";
        return valueOf("-name", argv)
                .filter(name -> name.startsWith(prefix) && name.length() > prefix.length()
                        && name.indexOf('/', prefix.length()) < 0)
                .map(name -> name.substring(prefix.length()))
                .filter(name -> !name.startsWith(".") && isOf(new MachineId(fleet, name), argv));
    }

    private boolean isOf(MachineId id, List<String> argv) {
        if (!valueOf("-uuid", argv).equals(Optional.of(id.uuid().toString()))) {
            return false;
        }
        String socket = OptionValue.escape(layout.machine(id).qmpSocket().toString());
        return argv.stream().anyMatch(argument -> argument.contains("path=" + socket + ","));
    }

    private static Optional<String> valueOf(String option, List<String> argv) {
        int at = argv.indexOf(option);
        return at < 0 || at + 1 == argv.size() ? Optional.empty() : Optional.of(argv.get(at + 1));
    }
}
