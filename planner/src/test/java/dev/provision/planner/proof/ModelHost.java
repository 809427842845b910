package dev.provision.planner.proof;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.Step;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A host as values: it does what a step says as {@code Driver} promises it, and fails the test where a driver could not. */
final class ModelHost {

    /** The file that a machine writes to over its image. */
    record Overlay(String image, ByteSize size) {}

    /**
     * A machine.
     *
     * @param guest
     *            what its guest was told and has; absent while it is down
     */
    record Machine(MachineState state, Optional<MachineSpec> applied, Optional<Booted> booted,
            Optional<Overlay> overlay, Optional<MachineSpec> guest) {

        private Machine down(MachineState other) {
            return new Machine(other, applied, booted, overlay, Optional.empty());
        }

        private Machine record(MachineSpec spec) {
            return new Machine(state, Optional.of(spec), booted, overlay, guest);
        }

        private Machine write(Optional<Overlay> other) {
            return new Machine(state, applied, booted, other, guest);
        }

        private Machine run(MachineState other, MachineSpec shown) {
            return new Machine(other, applied, booted, overlay, Optional.of(shown));
        }
    }

    private final String fleet;
    private final DriverDeclaration driver;
    private final SortedMap<String, Machine> machines = new TreeMap<>();
    private final SortedMap<String, SortedMap<DiskKey, ByteSize>> disks = new TreeMap<>();

    ModelHost(ObservedFleet observed, DriverDeclaration driver) {
        this.fleet = observed.fleet();
        this.driver = driver;
        observed.machines()
                .forEach((name, there) -> machines.put(name, new Machine(there.state(), there.applied(),
                        there.booted(), there.applied().flatMap(ModelHost::overlay), there.applied())));
        observed.storageKept().forEach((name, kept) -> disks.put(name, new TreeMap<>(kept)));
    }

    ObservedFleet observe() {
        SortedMap<String, ObservedMachine> all = new TreeMap<>();
        machines.forEach((name, machine) -> all.put(name,
                new ObservedMachine(name, machine.state(), machine.applied(), machine.booted())));
        return new ObservedFleet(fleet, all, disks);
    }

    @Nullable
    Machine find(String name) {
        return machines.get(name);
    }

    Machine machine(String name) {
        return Objects.requireNonNull(machines.get(name), () -> name + " is not there");
    }

    Map<DiskKey, ByteSize> disksOf(String name) {
        return disks.getOrDefault(name, new TreeMap<>());
    }

    void run(String name, Step step) {
        switch (step) {
            case Step.Create create -> create(name, create.spec());
            case Step.Start start -> start(name, start.spec());
            case Step.Stop stop -> stop(name);
            case Step.ResizeMemory resize -> resize(name, resize);
            case Step.ResizeCpus resize -> resize(name, resize);
            case Step.Limit limit -> limit(name, limit.spec());
            case Step.ResizeShm resize -> resize(name, resize);
            case Step.ClosePorts ports -> forward(name, ports.ports(), List.of());
            case Step.ForwardPorts ports -> forward(name, List.of(), ports.ports());
            case Step.ShareNames share -> share(name, share.spec());
            case Step.GrowDisks grow -> grow(name, grow.spec());
            case Step.AssignDevices assign -> assertTrue(isDown(name), "its devices change while it runs");
            case Step.DiscardOverlay discard -> {
                assertTrue(isDown(name), "its overlay is taken from under it");
                machines.put(name, machine(name).write(Optional.empty()));
            }
            case Step.SaveSpec save -> machines.put(name, machine(name).record(save.spec()));
            case Step.Remove remove -> {
                assertTrue(isDown(name), "removed while it runs");
                machines.remove(name);
                if (remove.withStorage()) {
                    disks.remove(name);
                }
            }
        }
    }

    /** Its job ends well. */
    void complete(String name) {
        if (!isDown(name)) {
            machines.put(name, machine(name).down(new MachineState.Completed(0)));
        }
    }

    private void create(String name, MachineSpec spec) {
        Machine there = machines.get(name);
        assertTrue(there == null || there.state() instanceof MachineState.Created, "made over what is there");
        Optional<Overlay> overlay = there == null ? Optional.empty() : there.overlay();
        machines.put(name, new Machine(new MachineState.Created(), Optional.of(spec), Optional.empty(), overlay,
                Optional.empty()));
        ensure(name, spec);
    }

    /** Makes what is missing and grows what is smaller. */
    private void ensure(String name, MachineSpec spec) {
        Optional<Overlay> before = machine(name).overlay();
        machines.put(name, machine(name).write(overlay(spec).map(wanted -> before
                .map(there -> new Overlay(there.image(), ByteSize.max(there.size(), wanted.size())))
                .orElse(wanted)).or(() -> before)));
        SortedMap<DiskKey, ByteSize> there = disks.computeIfAbsent(name, _ -> new TreeMap<>());
        spec.resources().persistentDisks().forEach((disk, size) -> there.merge(disk, size, ByteSize::max));
    }

    /** Of one that runs: those that its VMM has, and what else its guest has stays. */
    private void grow(String name, MachineSpec spec) {
        if (!isDown(name)) {
            MachineState.Running running = ready(name);
            assertTrue(can(name, LiveChange.GROW_DISKS), "disks grow while it runs");
            Resources there = guest(name).resources();
            Resources wanted = spec.resources();
            assertEquals(there.overlay().isPresent(), wanted.overlay().isPresent(), "attached while it runs");
            assertEquals(there.persistentDisks().keySet(), wanted.persistentDisks().keySet(),
                    "attached while it runs");
            there.persistentDisks()
                    .forEach((disk, size) -> assertTrue(
                            Objects.requireNonNull(disksOf(name).get(disk)).compareTo(size) >= 0,
                            "grows what has lost its end"));
            machines.put(name, machine(name).run(running, guest(name)
                    .with(there.withDisks(wanted.overlay(), wanted.storage(), wanted.disks()))));
        }
        ensure(name, spec);
    }

    private void start(String name, MachineSpec spec) {
        Machine there = machine(name);
        if (there.state() instanceof MachineState.Paused paused) {
            machines.put(name, there.run(running(paused.pid(), guest(name)), guest(name)));
            start(name, spec);
            return;
        }
        if (there.state() instanceof MachineState.Running running) {
            assertEquals(there.guest().map(guest -> limitedAs(guest.with(spec.ready()), spec)), Optional.of(spec),
                    "adopted as another");
            machines.put(name, there.run(running(running.pid(), spec), guest(name).with(spec.ready())));
            return;
        }
        assertTrue(isDown(name), "started beside a VMM of its own");
        ensure(name, spec);
        assertEquals(overlay(spec), machine(name).overlay(), "boots on an overlay that is not its own");
        spec.resources()
                .persistentDisks()
                .forEach((disk, size) -> assertEquals(size, disksOf(name).get(disk),
                        "boots with a disk of other length"));
        DriverCapabilities chosen = driver.choose(spec).capabilities();
        Booted booted = new Booted(chosen.accelerator(), chosen.machineType(),
                spec.resources().cpus().max().vcpus(), spec.resources().memory().max(), "digest");
        machines.put(name, new Machine(running(1, spec), Optional.of(spec), Optional.of(booted),
                machine(name).overlay(), Optional.of(spec)));
    }

    private void stop(String name) {
        Machine there = machine(name);
        boolean isMade = there.booted().isPresent() || !(there.state() instanceof MachineState.Created);
        boolean over = there.state() instanceof MachineState.Unresponsive mute && mute.jobIsOver();
        machines.put(name, isMade ? there.down(over ? new MachineState.Completed(0) : new MachineState.Stopped())
                : there);
    }

    private void resize(String name, Step.ResizeMemory resize) {
        MachineState.Running running = ready(name);
        assertTrue(running.memory().filter(there -> Math.abs(there.mib() - resize.from().mib()) > 1).isEmpty());
        assertTrue(resize.to().compareTo(booted(name).memoryMax()) <= 0);
        assertTrue(can(name, LiveChange.BALLOON));
        assertTrue(guest(name).resources().memory().hugepages().isEmpty() || resize.to().compareTo(resize.from()) > 0,
                "huge pages are taken from a guest");
        machines.put(name, machine(name).run(new MachineState.Running(running.pid(), true, Optional.of(resize.to()),
                running.vcpus()), guest(name)));
        requireMemoryBelowHardLimit(name);
    }

    private void resize(String name, Step.ResizeCpus resize) {
        MachineState.Running running = ready(name);
        assertTrue(resize.to() <= booted(name).vcpusMax());
        assertTrue(can(name, LiveChange.SWITCH_VCPUS));
        machines.put(name, machine(name).run(new MachineState.Running(running.pid(), true, running.memory(),
                Optional.of(resize.to())), guest(name)));
    }

    private void limit(String name, MachineSpec spec) {
        assertEquals(guest(name).resources().memory().hugepages(), spec.resources().memory().hugepages());
        machines.put(name, machine(name).run(machine(name).state(), limitedAs(guest(name), spec)));
        requireMemoryBelowHardLimit(name);
    }

    private static MachineSpec limitedAs(MachineSpec guest, MachineSpec spec) {
        Resources there = guest.resources();
        Resources wanted = spec.resources();
        return guest.with(new Resources(wanted.cpus(), wanted.placement(), wanted.memory(), wanted.swap(),
                there.overlay(), there.storage(), there.disks(), wanted.io(), there.shm(), there.gpu(),
                there.devices()));
    }

    /** The kernel would end it. */
    private void requireMemoryBelowHardLimit(String name) {
        if (machine(name).state() instanceof MachineState.Running running && running.memory().isPresent()) {
            guest(name).resources()
                    .memory()
                    .hard()
                    .ifPresent(hard -> assertTrue(running.memory().get().mib() <= hard.mib() + 1,
                            () -> running + " above " + hard));
        }
    }

    private void resize(String name, Step.ResizeShm resize) {
        assertTrue(can(name, LiveChange.SHM));
        MachineSpec guest = guest(name);
        assertEquals(guest.resources().shm(), resize.from());
        machines.put(name, machine(name).run(ready(name), withShm(guest, resize.to())));
    }

    private void forward(String name, List<PortForward> remove, List<PortForward> add) {
        assertTrue(can(name, LiveChange.PORTS));
        MachineSpec guest = guest(name);
        Set<PortForward> forwarded = new LinkedHashSet<>(guest.network().ports());
        assertTrue(forwarded.removeAll(remove) || remove.isEmpty());
        assertTrue(add.stream().allMatch(forwarded::add), "forwarded twice");
        var state = add.isEmpty() && machine(name).state() instanceof MachineState.Running booting ? booting
                : ready(name);
        machines.put(name, machine(name).run(state, guest.with(guest.network().with(forwarded.stream().toList()))));
    }

    /** Devices and addresses are those it was booted with. */
    private void share(String name, MachineSpec spec) {
        MachineSpec guest = guest(name);
        assertEquals(guest.network().networkNames(), spec.network().networkNames());
        machines.put(name, machine(name).run(ready(name),
                guest.with(guest.network().on(spec.network().fleetNetworks()))));
    }

    private MachineState.Running ready(String name) {
        assertTrue(machine(name).state() instanceof MachineState.Running running && running.ready(),
                "changed while it is not up");
        return (MachineState.Running) machine(name).state();
    }

    private MachineSpec guest(String name) {
        return machine(name).guest().orElseThrow();
    }

    private Booted booted(String name) {
        return machine(name).booted().orElseThrow();
    }

    private boolean can(String name, LiveChange change) {
        return driver.of(booted(name).machineType(), booted(name).accelerator()).can(change);
    }

    private boolean isDown(String name) {
        return switch (machine(name).state()) {
            case MachineState.Running _,MachineState.Paused _,MachineState.Unresponsive _,MachineState.Orphan _ ->
                false;
            case MachineState.Completed _,MachineState.Stopped _,MachineState.Dead _,MachineState.Created _,MachineState.Broken _ ->
                true;
        };
    }

    private static MachineState running(long pid, MachineSpec spec) {
        return new MachineState.Running(pid, true, Optional.of(spec.resources().memory().limit()),
                Optional.of(spec.resources().cpus().limit().vcpus()));
    }

    private static Optional<Overlay> overlay(MachineSpec spec) {
        return spec.resources().overlay().map(size -> new Overlay(spec.image(), size));
    }

    private static MachineSpec withShm(MachineSpec spec, ByteSize shm) {
        Resources r = spec.resources();
        return spec.with(new Resources(r.cpus(), r.placement(), r.memory(), r.swap(), r.overlay(), r.storage(),
                r.disks(), r.io(), shm, r.gpu(), r.devices()));
    }
}
