package dev.provision.planner.plan;

import java.util.List;

import dev.provision.planner.host.DeviceAddress;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.ByteSize;

/** One idempotent action on one machine. The executor performs it; it decides nothing. */
public sealed interface Step {

    /** The machine's directory, record and disks come into being. Existing storage is kept. */
    record Create(MachineSpec spec) implements Step {}

    /** The VMM is started and the guest has reported ready, with the vCPUs and memory of the spec seen inside. */
    record Start(MachineSpec spec) implements Step {}

    /** The guest is shut down through its agent, then hard; the VMM's death is confirmed. */
    record Stop() implements Step {}

    /** The balloon leaves {@code to} to the guest. */
    record ResizeMemory(ByteSize from, ByteSize to) implements Step {}

    /** {@code to} vCPUs are on line in the guest. */
    record ResizeCpus(int from, int to) implements Step {}

    /** The VMM is held to the CPU time, weight, host CPUs and memory of the spec, as far as the host can. */
    record Limit(MachineSpec spec) implements Step {}

    /** {@code /dev/shm} has {@code to}. */
    record ResizeShm(ByteSize from, ByteSize to) implements Step {}

    /** A machine that runs lets go of host ports. */
    record ClosePorts(List<PortForward> ports) implements Step {
        public ClosePorts {
            ports = List.copyOf(ports);
        }
    }

    /** Host ports are forwarded to a machine that runs. */
    record ForwardPorts(List<PortForward> ports) implements Step {
        public ForwardPorts {
            ports = List.copyOf(ports);
        }
    }

    /** The guest knows the names of those who are on its networks by the spec, and no others. */
    record ShareNames(MachineSpec spec) implements Step {}

    /**
     * Disks are made as large as the spec says. Of a machine that runs those that it has, device and file system too; of
     * one that is down the files, and what is missing is made: its guest follows when it boots.
     */
    record GrowDisks(MachineSpec spec) implements Step {}

    /** The overlay is thrown away, so that the next start begins with the image. */
    record DiscardOverlay() implements Step {}

    /** These devices of the host are the machine's from its next start on, instead of those that it had. */
    record AssignDevices(List<DeviceAddress> devices) implements Step {
        public AssignDevices {
            devices = List.copyOf(devices);
        }
    }

    /** The machine's record takes the spec: what follows is compared with it. */
    record SaveSpec(MachineSpec spec) implements Step {}

    /** The machine's directory goes, its storage only when told. Its death has been confirmed before. */
    record Remove(boolean withStorage) implements Step {}
}
