package dev.provision.planner.diff;

import java.util.List;

import dev.provision.schema.fleet.MachineSpec;

/**
 * Compares, field by field, what is wanted of a machine with what was last applied to it and with what is really there.
 * How much a change disturbs is computed from what the machine was booted with and from what its driver declares.
 */
public final class MachineDiff {

    private MachineDiff() {}

    /** The fields that are not as wanted, in the order of the manifest reference; empty when the machine is as wanted. */
    public static List<FieldChange> between(MachineSpec applied, MachineSpec wanted, BootedVmm vmm, Found found) {
        Changes changes = new Changes(applied, wanted);
        new ComputeDiff(applied, wanted, vmm, found, changes).run();
        new DiskDiff(applied, wanted, vmm.capabilities(), found, changes).run();
        new SettingsDiff(applied, wanted, vmm.capabilities(), found, changes).run();
        return changes.all();
    }
}
