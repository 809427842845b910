package dev.provision.planner.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.observed.MachineState;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.units.ByteSize;

/** What is changed of a machine while it runs. */
final class LiveSteps {

    private LiveSteps() {}

    /**
     * The steps that make of it what is wanted, where nothing but live changes is left to do: of those, no other.
     *
     * @param otherLimits
     *            its VMM is held to something else than what was applied
     */
    static List<Step> of(MachineSpec wanted, MachineSpec applied, MachineState.Running running,
            List<FieldChange> fields, boolean otherLimits) {
        List<Step> steps = new ArrayList<>();
        ByteSize memory = running.memory().orElse(applied.resources().memory().limit());
        if (isLive("memory.limit", fields) && differs(memory, wanted.resources().memory().limit())) {
            steps.add(new Step.ResizeMemory(memory, wanted.resources().memory().limit()));
        }
        if (!applied.resources().shm().equals(wanted.resources().shm())) {
            // /dev/shm lives in the memory: it grows after it and gives way before it.
            boolean grows = wanted.resources().shm().compareTo(applied.resources().shm()) > 0;
            steps.add(grows ? steps.size() : 0,
                    new Step.ResizeShm(applied.resources().shm(), wanted.resources().shm()));
        }
        limits(wanted, applied, otherLimits, steps);
        int vcpus = running.vcpus().orElse(applied.resources().cpus().limit().vcpus());
        if (isLive("cpus.limit", fields) && vcpus != wanted.resources().cpus().limit().vcpus()) {
            steps.add(new Step.ResizeCpus(vcpus, wanted.resources().cpus().limit().vcpus()));
        }
        disks(wanted, applied).ifPresent(steps::add);
        var close = applied.network()
                .ports()
                .stream()
                .filter(Predicate.not(wanted.network().ports()::contains))
                .toList();
        var add = wanted.network().ports().stream().filter(Predicate.not(applied.network().ports()::contains)).toList();
        if (!close.isEmpty()) {
            steps.add(new Step.ClosePorts(close));
        }
        if (!add.isEmpty()) {
            steps.add(new Step.ForwardPorts(add));
        }
        if (fields.stream().anyMatch(LiveSteps::isOfNames)) {
            steps.add(new Step.ShareNames(wanted));
        }
        steps.add(new Step.SaveSpec(wanted));
        return steps;
    }

    /** Where nothing but live changes is left to do, disks that differ have grown. */
    static Optional<Step> disks(MachineSpec wanted, MachineSpec applied) {
        Resources before = applied.resources();
        Resources after = wanted.resources();
        boolean same = before.overlay().equals(after.overlay())
                && before.persistentDisks().equals(after.persistentDisks());
        return same ? Optional.empty() : Optional.of(new Step.GrowDisks(wanted));
    }

    /**
     * First, so that what comes on line has its time and its memory by then; but a lower hard limit waits until the balloon has
     * taken what is beyond it, or the kernel would end the VMM.
     */
    private static void limits(MachineSpec wanted, MachineSpec applied, boolean otherLimits, List<Step> steps) {
        Resources before = applied.resources();
        Resources after = wanted.resources();
        if (otherLimits
                || !(before.cpus().limit().equals(after.cpus().limit()) && before.placement().equals(after.placement())
                        && before.memory().hard().equals(after.memory().hard()) && before.swap() == after.swap()
                        && before.io().equals(after.io()))) {
            boolean lowers = after.memory()
                    .hard()
                    .filter(hard -> before.memory().hard().filter(than -> than.compareTo(hard) <= 0).isEmpty())
                    .isPresent();
            steps.add(lowers ? steps.size() : 0, new Step.Limit(wanted));
        }
    }

    private static boolean isLive(String path, List<FieldChange> fields) {
        return fields.stream().anyMatch(field -> field.path().equals(path) && field.disruption() == Disruption.LIVE);
    }

    private static boolean isOfNames(FieldChange field) {
        return field.path().matches("networks\\..*\\.names");
    }

    private static boolean differs(ByteSize left, ByteSize right) {
        return Math.abs(left.mib() - right.mib()) > 1;
    }
}
