package dev.provision.planner;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.diff.BootedVmm;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.Addressing;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.schedule.Estimates;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/** Fleets from manifests, as people write them, and hosts that run them. */
public final class Specs {

    public static final AcceleratorChoice KVM = new AcceleratorChoice(Accelerator.KVM, "for tests");

    /** What microVMs of QEMU can, where they enforce nothing. */
    public static final DriverDeclaration DRIVER = new DriverDeclaration(capabilities("microvm", Accelerator.KVM),
            List.of(capabilities("microvm", Accelerator.TCG), capabilities("virt", Accelerator.HVF)));

    private Specs() {}

    /** What the QEMU driver declares of all its machines. */
    public static DriverCapabilities capabilities(String machineType, Accelerator accelerator) {
        return new DriverCapabilities(machineType, accelerator,
                Set.of(LiveChange.SWITCH_VCPUS, LiveChange.BALLOON, LiveChange.PORTS, LiveChange.SHM,
                        LiveChange.GROW_DISKS),
                Set.of(),
                "no control group can be made here",
                Set.of(Attachment.FLEET_NETWORKS, Attachment.BRIDGES, Attachment.HUGE_PAGES), 16);
    }

    public static Fleet fleet(String sections) {
        Problems problems = new Problems();
        return ManifestReader.read(new SourceText("m.yaml", "version: 1\nfleet: lab\n" + sections), problems)
                .orElseThrow(() -> new AssertionError(problems.sorted()));
    }

    /** Machine {@code a} with these keys. */
    public static MachineSpec machine(String keys) {
        return Objects.requireNonNull(fleet("machines: {a: {" + keys + "}}").machines().get("a")).spec();
    }

    /** What a VMM started with this spec has. */
    public static Booted booted(MachineSpec spec) {
        return new Booted(Accelerator.KVM, "microvm", spec.resources().cpus().max().vcpus(),
                spec.resources().memory().max(), "digest");
    }

    /** A VMM started with this spec, and what microVMs of QEMU can. */
    public static BootedVmm vmm(MachineSpec spec) {
        return BootedVmm.of(Optional.of(booted(spec)), DRIVER);
    }

    /** Running, ready and just as large as its spec says. */
    public static MachineState running(MachineSpec spec) {
        return new MachineState.Running(42, true, Optional.of(spec.resources().memory().limit()),
                Optional.of(spec.resources().cpus().limit().vcpus()));
    }

    public static ObservedMachine observed(MachineSpec applied, MachineState state) {
        return new ObservedMachine(applied.name(), state, Optional.of(applied), Optional.of(booted(applied)));
    }

    public static ObservedFleet observed(ObservedMachine... machines) {
        return observed(Map.of(), machines);
    }

    /**
     * These machines and persistent disks.
     *
     * @param storageKept
     *            {@code a} for the storage of that machine, {@code a.NAME} for one of its disks
     */
    public static ObservedFleet observed(Map<String, ByteSize> storageKept, ObservedMachine... machines) {
        SortedMap<String, ObservedMachine> all = new TreeMap<>();
        List.of(machines).forEach(machine -> all.put(machine.name(), machine));
        SortedMap<String, SortedMap<DiskKey, ByteSize>> kept = new TreeMap<>();
        storageKept.forEach((path, size) -> {
            int dot = path.indexOf('.');
            String machine = dot < 0 ? path : path.substring(0, dot);
            DiskKey disk = dot < 0 ? DiskKey.STORAGE : new DiskKey(path.substring(dot + 1));
            kept.computeIfAbsent(machine, _ -> new TreeMap<>()).put(disk, size);
        });
        return new ObservedFleet("lab", all, kept);
    }

    /** Every machine of the fleet runs as wanted. */
    public static ObservedFleet converged(Fleet fleet) {
        SortedMap<String, ObservedMachine> all = new TreeMap<>();
        SortedMap<String, SortedMap<DiskKey, ByteSize>> kept = new TreeMap<>();
        Addressing.of(fleet, observed()).machines().forEach((name, machine) -> {
            all.put(name, observed(machine.spec(), running(machine.spec())));
            kept.put(name, machine.spec().resources().persistentDisks());
        });
        return new ObservedFleet(fleet.name(), all, kept);
    }

    public static Planner.Host host(int cpus, long memoryGib) {
        return host(cpus, memoryGib, 1000);
    }

    public static Planner.Host host(int cpus, long memoryGib, long diskGib) {
        ByteSize memory = ByteSize.ofGib(memoryGib);
        return new Planner.Host(
                new HostCapacity(cpus, memory, memory, ByteSize.ofGib(diskGib), 64, ByteSize.ofGib(512)),
                KVM, Set.of("debian", "alpine"), Set.of("builtin"), Estimates.ASSUMED, DRIVER,
                Map.of("builtin", "digest"));
    }
}
