package dev.provision.provisioner.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Workload;
import dev.provision.schema.units.ByteSize;

/** What outlives the command on a host: records, disks and VMMs. What is observed is told from these alone. */
final class World {

    /** A disk's size, and which it is: another number is another disk, whatever its name. */
    record Disk(int number, ByteSize size) {}

    /** @param booted absent before its first start */
    record Recorded(MachineSpec spec, boolean running, Optional<Booted> booted) {

        Recorded with(MachineSpec other) {
            return new Recorded(other, running, booted);
        }
    }

    /** @param spec what it was booted with, and the ports that it forwards now */
    record Vmm(long pid, MachineSpec spec, boolean ready, ByteSize memory, int vcpus) {

        Vmm shows(MachineSpec other) {
            return new Vmm(pid, other, ready, memory, vcpus);
        }
    }

    private final String fleet;
    final SortedMap<String, Optional<Recorded>> folders = new TreeMap<>();
    final SortedMap<String, Vmm> vmms = new TreeMap<>();
    final SortedMap<String, Disk> overlays = new TreeMap<>();
    final SortedMap<String, SortedMap<DiskKey, Disk>> disks = new TreeMap<>();
    /** Exit codes that the guests of jobs have reported in their last boots. */
    final SortedMap<String, Integer> reports = new TreeMap<>();
    /** What has been done, of each machine: what its jobs ran when they came to their end. */
    final SortedMap<String, List<Workload>> done = new TreeMap<>();
    private int last;

    World(String fleet) {
        this.fleet = fleet;
    }

    /** The one that is there, made larger where another size is wanted; never smaller. */
    static Disk grown(Disk there, Disk wanted) {
        return new Disk(there.number(), ByteSize.max(there.size(), wanted.size()));
    }

    /** A number that nothing here has. */
    int next() {
        return ++last;
    }

    /** Whose VMM has the port. */
    Optional<String> holder(PortForward port) {
        return vmms.entrySet()
                .stream()
                .filter(vmm -> vmm.getValue()
                        .spec()
                        .network()
                        .ports()
                        .stream()
                        .anyMatch(
                                other -> other.hostPort() == port.hostPort()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The host's power fails: everything that runs is gone. */
    void reboot() {
        vmms.clear();
    }

    /** The command of one that runs ends, if it is a job. */
    void exit(String name) {
        Vmm vmm = vmms.get(name);
        if (vmm != null && vmm.spec().isJob() && reports.putIfAbsent(name, 0) == null) {
            done.computeIfAbsent(name, _ -> new ArrayList<>()).add(vmm.spec().workload());
        }
    }

    /** Nobody looks, and all jobs that run come to their end. */
    void jobsEnd() {
        for (String name : List.copyOf(vmms.keySet())) {
            exit(name);
            if (reports.containsKey(name)) {
                vmms.remove(name);
            }
        }
    }

    ObservedFleet observe() {
        SortedMap<String, ObservedMachine> machines = new TreeMap<>();
        folders.keySet().forEach(name -> machines.put(name, machine(name)));
        vmms.keySet().forEach(name -> machines.put(name, machine(name)));
        SortedMap<String, SortedMap<DiskKey, ByteSize>> kept = new TreeMap<>();
        disks.forEach((machine, all) -> all.forEach((disk, there) -> kept
                .computeIfAbsent(machine, _ -> new TreeMap<>())
                .put(disk, there.size())));
        return new ObservedFleet(fleet, machines, kept);
    }

    Optional<ObservedMachine> observe(String name) {
        return folders.containsKey(name) || vmms.containsKey(name) ? Optional.of(machine(name)) : Optional.empty();
    }

    private ObservedMachine machine(String name) {
        Optional<Recorded> record = folders.getOrDefault(name, Optional.empty());
        return new ObservedMachine(name, state(name, record), record.map(Recorded::spec),
                record.flatMap(Recorded::booted));
    }

    private MachineState state(String name, Optional<Recorded> record) {
        Vmm vmm = vmms.get(name);
        if (vmm != null) {
            return record.isEmpty() ? new MachineState.Orphan(vmm.pid())
                    : new MachineState.Running(vmm.pid(), vmm.ready(), Optional.of(vmm.memory()),
                            vmm.ready() ? Optional.of(vmm.vcpus()) : Optional.empty());
        }
        if (record.isEmpty() || record.get().booted().isEmpty()) {
            return new MachineState.Created();
        }
        if (record.get().running() && record.get().spec().isJob() && reports.containsKey(name)) {
            return new MachineState.Completed(Objects.requireNonNull(reports.get(name)));
        }
        return record.get().running() ? new MachineState.Dead("killed by signal 9") : new MachineState.Stopped();
    }
}
