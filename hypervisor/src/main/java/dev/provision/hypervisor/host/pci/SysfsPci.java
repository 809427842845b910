package dev.provision.hypervisor.host.pci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.hypervisor.host.pci.PciDevice.VirtualFunctions;

/** Reads what sysfs says of PCI devices, IOMMU groups and mediated devices. Nothing is there on other systems than Linux. */
public final class SysfsPci {

    /** {@code 1414 : NVIDIA H100XM-1-10C}: number and name of a type that a virtual function can be made. */
    private static final Pattern VGPU_TYPE = Pattern.compile("(?m)^\\s*([0-9]+)\\s*:\\s*(.+?)\\s*$");

    private final Path sysfs;
    private final Path mountinfo;

    /** Of this host. */
    public SysfsPci() {
        this(Path.of("/sys"), Path.of("/proc/self/mountinfo"));
    }

    /** Of a recorded one. */
    public SysfsPci(Path sysfs, Path mountinfo) {
        this.sysfs = sysfs;
        this.mountinfo = mountinfo;
    }

    public PciFacts read() {
        Path bus = bus();
        Map<String, List<String>> uses = HostUse.of(sysfs, mounts());
        Map<String, String> vgpuNames = vgpuNames(bus);
        List<PciDevice> devices = new ArrayList<>();
        for (String address : Sysfs.names(bus)) {
            device(address, bus.resolve(address), vgpuNames, uses.getOrDefault(address, List.of()))
                    .ifPresent(devices::add);
        }
        return new PciFacts(devices, mediated(), groups());
    }

    private Path bus() {
        return sysfs.resolve("bus/pci/devices");
    }

    private String mounts() {
        try {
            return Files.readString(mountinfo, StandardCharsets.ISO_8859_1);
        } catch (IOException absent) {
            return "";
        }
    }

    /** Empty where it vanishes while it is looked at. */
    private static Optional<PciDevice> device(String address, Path directory, Map<String, String> vgpuNames,
            List<String> uses) {
        Optional<String> id = id(directory, "vendor", "device");
        if (id.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> group = Sysfs.linked(directory.resolve("iommu_group"))
                .filter(number -> number.matches("[0-9]{1,9}"));
        VirtualFunctions functions = new VirtualFunctions(
                Sysfs.number(directory.resolve("sriov_numvfs")).orElse(0),
                Sysfs.number(directory.resolve("sriov_totalvfs")).orElse(0));
        return Optional.of(new PciDevice(address, id.get(), id(directory, "subsystem_vendor", "subsystem_device")
                .orElse(""), classCode(directory), Sysfs.linked(directory.resolve("driver")),
                group.isPresent() ? OptionalInt.of(Integer.parseInt(group.get())) : OptionalInt.empty(),
                Sysfs.number(directory.resolve("numa_node")), Sysfs.linked(directory.resolve("physfn")), functions,
                Sysfs.text(directory.resolve("boot_vga")).filter("1"::equals).isPresent(),
                vgpu(directory, vgpuNames), uses));
    }

    private static Optional<String> id(Path directory, String vendor, String device) {
        return hex(directory.resolve(vendor))
                .flatMap(first -> hex(directory.resolve(device)).map(second -> first + ":" + second));
    }

    /** {@code 0x10de} as {@code 10de}. */
    private static Optional<String> hex(Path file) {
        return Sysfs.text(file).filter(text -> text.matches("0x[0-9a-f]{4}")).map(text -> text.substring(2));
    }

    private static int classCode(Path directory) {
        return Sysfs.text(directory.resolve("class"))
                .filter(text -> text.matches("0x[0-9a-f]{6}"))
                .map(text -> Integer.parseInt(text.substring(2), 16))
                .orElse(0);
    }

    /**
     * A virtual function of an NVIDIA GPU says the number of its type, 0 for none. Names stand only in the lists of what can
     * still be made, of any function: a type that nothing more fits in has its number alone.
     */
    private static Optional<String> vgpu(Path directory, Map<String, String> names) {
        return Sysfs.text(directory.resolve("nvidia/current_vgpu_type"))
                .filter(number -> number.matches("[1-9][0-9]*"))
                .map(number -> names.getOrDefault(number, "vGPU type " + number));
    }

    private static Map<String, String> vgpuNames(Path bus) {
        Map<String, String> names = new HashMap<>();
        for (String address : Sysfs.names(bus)) {
            Sysfs.text(bus.resolve(address).resolve("nvidia/creatable_vgpu_types")).ifPresent(list -> {
                Matcher type = VGPU_TYPE.matcher(list);
                while (type.find()) {
                    names.put(type.group(1), type.group(2));
                }
            });
        }
        return names;
    }

    /** Groups without a hardware that holds devices back ({@code vfio-noiommu}) are none. */
    private SortedMap<Integer, List<String>> groups() {
        Path directory = sysfs.resolve("kernel/iommu_groups");
        SortedMap<Integer, List<String>> groups = new TreeMap<>();
        for (String number : Sysfs.names(directory)) {
            Path group = directory.resolve(number);
            if (number.matches("[0-9]{1,9}")
                    && Sysfs.text(group.resolve("name")).filter("vfio-noiommu"::equals).isEmpty()) {
                groups.put(Integer.parseInt(number), Sysfs.names(group.resolve("devices")));
            }
        }
        return groups;
    }

    private List<MediatedDevice> mediated() {
        Path bus = sysfs.resolve("bus/mdev/devices");
        List<MediatedDevice> devices = new ArrayList<>();
        for (String uuid : Sysfs.names(bus)) {
            Path device = bus.resolve(uuid);
            Optional<String> parent = Sysfs.real(device)
                    .flatMap(real -> Optional.ofNullable(real.getParent()))
                    .flatMap(directory -> Optional.ofNullable(directory.getFileName()))
                    .map(Path::toString);
            String type = Sysfs.text(device.resolve("mdev_type/name"))
                    .or(() -> Sysfs.linked(device.resolve("mdev_type")))
                    .orElse("a type without a name");
            parent.ifPresent(address -> devices.add(new MediatedDevice(uuid, address, type)));
        }
        return devices;
    }
}
