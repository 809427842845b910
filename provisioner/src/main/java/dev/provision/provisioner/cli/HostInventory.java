package dev.provision.provisioner.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.provision.hypervisor.host.Topology;
import dev.provision.hypervisor.host.pci.DeviceInventories;
import dev.provision.hypervisor.host.pci.PciFacts;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.GpuInventory;
import dev.provision.planner.host.HostDevice;
import dev.provision.provisioner.cli.DoctorCommand.Finding;
import dev.provision.provisioner.cli.DoctorCommand.Verdict;

/**
 * What {@code doctor} says of processors and of devices that machines can take over. None of it is wrong by itself.
 *
 * @param held
 *            devices that machines have, whether they run or not, and which, {@code FLEET/NAME}
 */
record HostInventory(Optional<Topology> topology, PciFacts facts, Map<DeviceAddress, String> held) {

    private DeviceInventory inventory() {
        return DeviceInventories.of(facts).held(held);
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        topology.ifPresent(known -> {
            String nodes = known.nodes().size() > 1 ? ", " + known.nodes().size() + " NUMA nodes" : "";
            findings.add(new Finding("cpus", Verdict.GOOD, known + nodes));
            if (known.nodes().size() > 1) {
                known.nodes().forEach(node -> findings.add(new Finding("", Verdict.DETAIL, node.toString())));
            }
        });
        DeviceInventory inventory = inventory();
        GpuInventory gpus = inventory.gpus();
        String iommu = facts.hasIommu() ? "IOMMU on, " + facts.groups().size() + " groups"
                : "IOMMU off: machines get no device of this host; " + DeviceInventories.NO_IOMMU.fix();
        long seen = facts.gpus().size();
        String free = gpus.isEmpty() && seen > 0 ? "no GPU that is free, of " + seen : gpus.toString();
        findings.add(new Finding("devices", Verdict.GOOD,
                free + "; " + facts.devices().size() + " PCI devices; " + iommu));
        if (facts.hasIommu()) {
            inventory.devices()
                    .stream()
                    .filter(HostDevice::gpu)
                    .forEach(gpu -> findings.add(new Finding("", Verdict.DETAIL, line(gpu))));
        }
        return findings;
    }

    private static String line(HostDevice device) {
        String node = device.node().isPresent() ? ", NUMA node " + device.node().getAsInt() : "";
        String state = device.holder()
                .map(machine -> "machine " + machine + " has it")
                .or(() -> device.unusable().map(Lack::why))
                .or(() -> device.driver()
                        .map(driver -> "driven by " + driver
                                + ": given only to who names it by its address"))
                .orElse("free");
        return device.address() + " " + device.name() + node + ": " + state;
    }

    /** The same for programs. */
    Map<String, Object> json() {
        Map<String, Object> document = new LinkedHashMap<>();
        topology.ifPresent(known -> document.put("topology", topology(known)));
        document.put("iommu", facts.hasIommu());
        document.put("devices", inventory().devices().stream().map(HostInventory::json).toList());
        return document;
    }

    private static Map<String, Object> topology(Topology known) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("sockets", known.sockets());
        document.put("cores", known.cores());
        document.put("threads", known.threads());
        document.put("nodes", known.nodes().stream().map(node -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("node", node.number());
            node.cpus().ifPresent(cpus -> one.put("cpus", cpus.toString()));
            one.put("memory", node.memory().canonical());
            return one;
        }).collect(Collectors.toList()));
        return document;
    }

    private static Map<String, Object> json(HostDevice device) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("address", device.address().text());
        one.put("id", device.id());
        one.put("name", device.name());
        one.put("gpu", device.gpu());
        device.model().ifPresent(model -> one.put("model", model.toString()));
        device.partition().ifPresent(partition -> one.put("partition", partition));
        device.node().ifPresent(node -> one.put("node", node));
        if (!device.companions().isEmpty()) {
            one.put("group", device.companions().stream().map(Object::toString).toList());
        }
        device.driver().ifPresent(driver -> one.put("driver", driver));
        device.unusable().ifPresent(lack -> one.put("unusable", lack.why()));
        device.holder().ifPresent(machine -> one.put("machine", machine));
        one.put("free", device.isFree());
        return one;
    }
}
