package dev.provision.provisioner.cli;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.HostCapacities;
import dev.provision.hypervisor.host.HostPorts;
import dev.provision.hypervisor.host.HostProbe;
import dev.provision.hypervisor.host.LinuxHugePages;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Chosen;
import dev.provision.hypervisor.host.pci.DeviceInventories;
import dev.provision.hypervisor.host.pci.SysfsPci;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.host.procfs.ProcResident;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.qemu.volumes.VolumeSource;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.RecordException;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.hypervisor.store.ThinDisks;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.HostCapacity;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.ByteSize;

/** What a host has for the machines of a fleet, measured at one time, with what is in their way. */
final class Measurement {

    /** What the microvm machine type allows (hw/i386/microvm.c: max_cpus). */
    private static final int MICROVM_VCPUS = 288;

    private final Site site;
    private final String fleet;
    private final Collection<MachineSpec> machines;

    /**
     * @param machines
     *            those whose ports, volumes and devices count
     */
    Measurement(Site site, String fleet, Collection<MachineSpec> machines) {
        this.site = site;
        this.fleet = fleet;
        this.machines = machines;
    }

    /**
     * @param deviceNames
     *            what a catalogue calls devices
     */
    HostCapacity capacity(Chosen accelerator, Map<String, DeviceSelector> deviceNames) throws IOException {
        StoreLayout layout = site.directories().layout();
        List<PortForward> ports = machines.stream().flatMap(spec -> spec.network().ports().stream()).toList();
        HostCapacity measured = HostCapacities
                .capacity(site.facts(), accelerator, HostProbe.freeDisk(site.directories().state()), MICROVM_VCPUS)
                .with(new HostPorts(new VmmProcesses(Processes.ofThisHost(), layout)::machineOf).held(ports))
                .withPromised(ThinDisks.promised(layout))
                .withAddresses(HostAddresses.ofThisHost())
                .withUnusable(VolumeSource.problems(machines.stream().flatMap(spec -> spec.volumes().stream())))
                .withHugePages(LinuxHugePages.ofThisHost())
                .with(devices(deviceNames));
        return held(recorded()).map(measured::withHeld).orElse(measured);
    }

    /** Read only where a machine asks for one: big hosts have hundreds. */
    private DeviceInventory devices(Map<String, DeviceSelector> names) throws IOException {
        return machines.stream().noneMatch(spec -> spec.resources().takesDevices()) ? DeviceInventory.NONE
                : DeviceInventories.of(new SysfsPci().read())
                        .held(site.store().devicesBeside(fleet))
                        .named(names);
    }

    /**
     * The VMMs of machines with a record: what nobody knows the spec of claims nothing of the pool, so its memory must not
     * count as the fleet's either.
     */
    private List<ProcessIdentity> recorded() throws IOException {
        MachineStore store = site.store();
        return site.vmms(fleet)
                .entrySet()
                .stream()
                .filter(vmm -> hasRecord(store, new MachineId(fleet, vmm.getKey())))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static boolean hasRecord(MachineStore store, MachineId id) {
        try {
            return store.find(id).isPresent();
        } catch (RecordException e) {
            return false;
        }
    }

    /** What these processes have touched; empty where that of one of them cannot be told. */
    private static Optional<ByteSize> held(Collection<ProcessIdentity> vmms) {
        ByteSize sum = ByteSize.ZERO;
        for (ProcessIdentity vmm : vmms) {
            Optional<ByteSize> one = ProcResident.of(vmm.pid());
            if (one.isEmpty()) {
                return one;
            }
            sum = sum.plus(one.get());
        }
        return Optional.of(sum);
    }
}
