package dev.provision.provisioner.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.MachineId;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.provisioner.faults.World.Disk;
import dev.provision.provisioner.faults.World.Recorded;
import dev.provision.provisioner.faults.World.Vmm;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.ByteSize;

/**
 * A driver of a model host that dies with its command: at a given change of the world, or not at all. Its operations change
 * the world in the order in which the real driver does; between any two changes all may end. What it must never do fails
 * the test: start a second VMM, boot a machine on a port that another one has, touch disks of one that runs.
 */
final class CrashingDriver implements Driver {

    /** The command is gone: nothing that it might still do reaches the world. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final World world;
    private final DriverDeclaration declaration;
    private final int lastChange;
    private final List<String> changes = new ArrayList<>();
    private final List<String> wrongs = new ArrayList<>();
    private boolean dead;

    /** @param survives how many changes of the world it makes before it dies */
    CrashingDriver(World world, DriverDeclaration declaration, int survives) {
        this.world = world;
        this.declaration = declaration;
        this.lastChange = survives;
    }

    /** What it has changed, in this order: {@code start web: record}. */
    synchronized List<String> changes() {
        return List.copyOf(changes);
    }

    /** What no driver would have been asked for, or could have done. */
    synchronized List<String> wrongs() {
        return List.copyOf(wrongs);
    }

    synchronized boolean isDead() {
        return dead;
    }

    private synchronized void change(String what, MachineId id, Runnable effect) {
        if (dead || changes.size() == lastChange) {
            dead = true;
            throw new Crash();
        }
        changes.add(what + " " + id.name());
        effect.run();
    }

    private synchronized void require(boolean right, String wrong) {
        if (!right && !dead) { // who is dead asks for nothing
            wrongs.add(wrong);
        }
    }

    private synchronized Optional<Recorded> record(MachineId id) {
        return world.folders.getOrDefault(id.name(), Optional.empty());
    }

    private synchronized Optional<Vmm> vmm(MachineId id) {
        return Optional.ofNullable(world.vmms.get(id.name()));
    }

    private void save(String what, MachineId id, Recorded record) {
        change(what, id, () -> world.folders.put(id.name(), Optional.of(record)));
    }

    private void shows(String what, MachineId id, Vmm vmm) {
        change(what, id, () -> world.vmms.put(id.name(), vmm));
    }

    @Override
    public DriverDeclaration capabilities() {
        return declaration;
    }

    @Override
    public synchronized ObservedFleet observe(String fleet) {
        return world.observe();
    }

    @Override
    public synchronized Optional<ObservedMachine> observe(MachineId id) {
        return world.observe(id.name());
    }

    @Override
    public void create(MachineId id, MachineSpec spec) {
        change("folder", id, () -> world.folders.putIfAbsent(id.name(), Optional.empty()));
        if (record(id).isEmpty()) {
            save("record", id, new Recorded(spec, false, Optional.empty()));
        }
        ensureDisks(id, spec);
    }

    private void ensureDisks(MachineId id, MachineSpec spec) {
        spec.resources()
                .overlay()
                .ifPresent(size -> change("overlay", id, () -> world.overlays.merge(id.name(),
                        new Disk(world.next(), size), World::grown)));
        spec.resources()
                .persistentDisks()
                .forEach((disk, size) -> change("disk " + disk.name(), id,
                        () -> world.disks.computeIfAbsent(id.name(), _ -> new TreeMap<>())
                                .merge(disk, new Disk(world.next(), size), World::grown)));
    }

    @Override
    public void start(MachineId id, MachineSpec spec) {
        Recorded record = record(id).orElseGet(() -> new Recorded(spec, false, Optional.empty()));
        if (vmm(id).isPresent()) {
            save("adopted", id, new Recorded(record.spec(), true, record.booted()));
            return;
        }
        if (world.reports.containsKey(id.name())) {
            change("new report", id, () -> world.reports.remove(id.name()));
        }
        ensureDisks(id, spec);
        DriverCapabilities chosen = declaration.choose(spec).capabilities();
        Booted booted = new Booted(chosen.accelerator(), chosen.machineType(), spec.resources().cpus().max().vcpus(),
                spec.resources().memory().max(), "sha256:1");
        save("starting", id, new Recorded(spec, true, Optional.of(booted)));
        for (PortForward port : spec.network().ports()) {
            synchronized (this) {
                require(world.holder(port).isEmpty(), id + " boots with port " + port + " of " + world.holder(port));
            }
        }
        change("vmm", id, () -> {
            require(!world.vmms.containsKey(id.name()), "a second VMM of " + id);
            require(!spec.isJob() || !world.done.getOrDefault(id.name(), List.of()).contains(spec.workload()),
                    id + " runs again what it has done");
            world.vmms.put(id.name(), new Vmm(world.next(), spec, false, spec.resources().memory().max(),
                    spec.resources().cpus().max().vcpus()));
        });
        save("started", id, new Recorded(spec, true, Optional.of(booted)));
    }

    @Override
    public void awaitReady(MachineId id, MachineSpec spec, Runnable whenBooted) {
        Vmm vmm = running(id, "awaited");
        shows("ready", id, new Vmm(vmm.pid(), vmm.spec(), true, spec.resources().memory().limit(),
                spec.resources().cpus().limit().vcpus()));
        whenBooted.run();
    }

    @Override
    public int awaitCompletion(MachineId id) {
        if (vmm(id).isPresent()) {
            change("exit", id, () -> world.exit(id.name()));
            change("off", id, () -> world.vmms.remove(id.name()));
        }
        synchronized (this) {
            require(world.reports.containsKey(id.name()), id + " has not completed");
            return world.reports.getOrDefault(id.name(), 1);
        }
    }

    @Override
    public void stop(MachineId id, Duration grace) {
        if (!world.reports.containsKey(id.name())) { // else it has ended, and stays so
            stopping(id);
        }
        change("end", id, () -> world.vmms.remove(id.name()));
    }

    private void stopping(MachineId id) {
        record(id).ifPresent(record -> save("stopping", id, new Recorded(record.spec(), false, record.booted())));
    }

    @Override
    public void resizeMemory(MachineId id, ByteSize memory) {
        Vmm vmm = running(id, "resized");
        shows("memory", id, new Vmm(vmm.pid(), vmm.spec(), vmm.ready(), memory, vmm.vcpus()));
    }

    @Override
    public void resizeCpus(MachineId id, int vcpus) {
        Vmm vmm = running(id, "resized");
        shows("vcpus", id, new Vmm(vmm.pid(), vmm.spec(), vmm.ready(), vmm.memory(), vcpus));
    }

    @Override
    public void limit(MachineId id, MachineSpec spec) {
        change("limit", id, () -> {});
    }

    @Override
    public void resizeShm(MachineId id, ByteSize size) {
        change("shm", id, () -> {});
    }

    /** One after the other, as a monitor does. */
    @Override
    public void forwardPorts(MachineId id, List<PortForward> remove, List<PortForward> add) {
        for (PortForward port : remove) {
            forward("close " + port, id, port, false);
        }
        for (PortForward port : add) {
            synchronized (this) {
                require(world.holder(port).filter(holder -> !holder.equals(id.name())).isEmpty(),
                        id + " is given port " + port + " of " + world.holder(port));
            }
            forward("forward " + port, id, port, true);
        }
    }

    private void forward(String what, MachineId id, PortForward port, boolean there) {
        Vmm vmm = running(id, what);
        Set<PortForward> ports = new LinkedHashSet<>(vmm.spec().network().ports());
        boolean _ = there ? ports.add(port) : ports.remove(port);
        shows(what, id, vmm.shows(vmm.spec().with(vmm.spec().network().with(List.copyOf(ports)))));
    }

    @Override
    public void shareNames(MachineId id, MachineSpec spec) {
        change("names", id, () -> {});
    }

    @Override
    public void growDisks(MachineId id, MachineSpec spec) {
        ensureDisks(id, spec);
    }

    @Override
    public void assignDevices(MachineId id, List<DeviceAddress> devices) {
        throw new UnsupportedOperationException("no machine of these fleets has devices");
    }

    @Override
    public void discardOverlay(MachineId id) {
        change("discard", id, () -> {
            require(vmm(id).isEmpty(), "the overlay of " + id + " is taken from under it");
            world.overlays.remove(id.name());
        });
    }

    @Override
    public void saveSpec(MachineId id, MachineSpec spec) {
        save("save", id, record(id).map(record -> record.with(spec))
                .orElseGet(() -> new Recorded(spec, false, Optional.empty())));
    }

    @Override
    public void remove(MachineId id, boolean withStorage) {
        require(vmm(id).isEmpty(), id + " is removed while it runs");
        if (world.folders.containsKey(id.name())) {
            change("remove record", id, () -> world.folders.put(id.name(), Optional.empty()));
            change("remove report", id, () -> world.reports.remove(id.name()));
            change("remove overlay", id, () -> world.overlays.remove(id.name()));
            change("remove folder", id, () -> world.folders.remove(id.name()));
        }
        for (DiskKey disk : withStorage ? List.copyOf(world.disks.getOrDefault(id.name(), new TreeMap<>()).keySet())
                : List.<DiskKey>of()) {
            change("remove disk", id, () -> Objects.requireNonNull(world.disks.get(id.name())).remove(disk));
        }
    }

    private Vmm running(MachineId id, String what) {
        Optional<Vmm> vmm = vmm(id);
        require(vmm.isPresent(), id + " is " + what + " while it does not run");
        return vmm.orElseThrow(Crash::new);
    }

    @Override
    public ExecResult exec(MachineId id, List<String> command, byte[] stdin) {
        throw new UnsupportedOperationException("no run of a plan executes commands");
    }
}
