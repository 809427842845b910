package dev.provision.planner.plan;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.diff.BootedVmm;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.diff.Found;
import dev.provision.planner.diff.MachineDiff;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.Planner.Host;
import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.Disk;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/**
 * Lets records take what is really there: what drifted is from then on what was applied, and the next plan compares the
 * manifest with it. The machines themselves are not touched.
 */
final class Refresh {

    private final ObservedFleet observed;
    private final Host host;

    Refresh(ObservedFleet observed, Host host) {
        this.observed = observed;
        this.host = host;
    }

    /** One for every machine that is there. */
    List<MachineChange> changes() {
        return observed.machines().values().stream().map(this::change).toList();
    }

    private MachineChange change(ObservedMachine machine) {
        boolean running = MachineStates.runs(machine.state());
        MachineChange kept = new MachineChange(machine.name(), Disruption.KEEP, "", List.of(), List.of(),
                machine.applied(), running, machine.applied());
        if (machine.applied().isEmpty() || machine.state() instanceof MachineState.Created) {
            return kept;
        }
        MachineSpec applied = machine.applied().get();
        Found found = Found.of(machine, observed.keptOf(machine.name()));
        MachineSpec there = asFound(applied, found);
        if (there.equals(applied)) {
            return kept;
        }
        List<FieldChange> fields = MachineDiff
                .between(applied, there, BootedVmm.of(machine.booted(), host.driver()), found)
                .stream()
                .filter(FieldChange::isThereAlready)
                .map(field -> new FieldChange(field.path(), field.before(), field.found(), field.after(),
                        Disruption.LIVE, "only the record changes", ""))
                .toList();
        return new MachineChange(machine.name(), Disruption.LIVE, "its record takes what is there", fields,
                List.of(new Step.SaveSpec(there)), Optional.of(there), running, Optional.of(applied));
    }

    private static MachineSpec asFound(MachineSpec applied, Found found) {
        var resources = applied.resources();
        MemoryRange memory = found.memoryOtherThan(resources.memory())
                .filter(_ -> resources.memory().hugepages().isEmpty()) // whose limit is all it has
                .map(limit -> new MemoryRange(least(resources.memory().request(), limit), limit,
                        ByteSize.max(resources.memory().max(), limit),
                        resources.memory().hard().map(hard -> ByteSize.max(hard, limit)), resources.memory().hotplug(),
                        Optional.empty(), resources.memory().deflateOnOom()))
                .orElse(resources.memory());
        CpuRange cpus = found.vcpus()
                .filter(vcpus -> vcpus != resources.cpus().limit().vcpus())
                .map(Cpus::of)
                .map(limit -> new CpuRange(
                        resources.cpus().request().compareTo(limit) < 0 ? resources.cpus().request() : limit, limit,
                        Cpus.max(resources.cpus().max(), limit), resources.cpus().hotplug()))
                .orElse(resources.cpus());
        SortedMap<String, Disk> disks = new TreeMap<>();
        resources.disks()
                .forEach((name, disk) -> disks.put(name,
                        new Disk(found.disks().getOrDefault(new DiskKey(name), disk.size()), disk.mount())));
        return applied.with(resources.with(memory)
                .with(cpus)
                .withDisks(resources.overlay(),
                        resources.storage().map(size -> found.disks().getOrDefault(DiskKey.STORAGE, size)), disks));
    }

    private static ByteSize least(ByteSize a, ByteSize b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
