package dev.provision.schema.fleet;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One machine, everything resolved: no defaults left to apply, no variable left to replace.
 *
 * @param name
 *            unique in its fleet; an RFC 1123 label, so that it can be a host name
 * @param image
 *            name of a guest image
 * @param dependsOn
 *            names of machines of this fleet and what they must have reached first
 */
public record MachineSpec(String name, String image, Resources resources, Network network, List<Volume> volumes,
        Workload workload, ReadyCheck ready, SortedMap<String, Condition> dependsOn, Lifecycle lifecycle) {

    public MachineSpec {
        volumes = List.copyOf(volumes);
        dependsOn = Collections.unmodifiableSortedMap(new TreeMap<>(dependsOn));
    }

    /** A machine without dependencies and volumes that anybody may destroy. */
    public static MachineSpec of(String name, String image, Resources resources, Workload workload, ReadyCheck ready) {
        return new MachineSpec(name, image, resources, Network.STANDARD, List.of(), workload, ready, new TreeMap<>(),
                Lifecycle.STANDARD);
    }

    /** The same machine under another name. */
    public MachineSpec named(String other) {
        return new MachineSpec(other, image, resources, network, volumes, workload, ready, dependsOn, lifecycle);
    }

    /** The same machine with other dependencies. */
    public MachineSpec waitingFor(SortedMap<String, Condition> others) {
        return new MachineSpec(name, image, resources, network, volumes, workload, ready, others, lifecycle);
    }

    public MachineSpec with(Resources others) {
        return new MachineSpec(name, image, others, network, volumes, workload, ready, dependsOn, lifecycle);
    }

    public MachineSpec with(Network other) {
        return new MachineSpec(name, image, resources, other, volumes, workload, ready, dependsOn, lifecycle);
    }

    public MachineSpec with(Workload other) {
        return new MachineSpec(name, image, resources, network, volumes, other, ready, dependsOn, lifecycle);
    }

    public MachineSpec with(ReadyCheck other) {
        return new MachineSpec(name, image, resources, network, volumes, workload, other, dependsOn, lifecycle);
    }

    public MachineSpec with(Lifecycle other) {
        return new MachineSpec(name, image, resources, network, volumes, workload, ready, dependsOn, other);
    }

    /** A machine that runs its command to completion and then powers off. */
    public boolean isJob() {
        return workload.restart() == RestartPolicy.NEVER && !workload.command().isEmpty();
    }
}
