package dev.provision.hypervisor.qemu.commandline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.Specs;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.Bootable;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.Need;
import dev.provision.schema.fleet.Disk;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.HugePages;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Volume;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Golden command lines; {@code -Dgolden.regenerate=true} writes them anew. */
class QemuCommandLineTest {
    private static final Path GOLDEN = Path.of("src/test/resources/dev/provision/hypervisor/qemu/commandline");
    private static final PortForward WEB = new PortForward("127.0.0.1", 8080, 80, PortForward.Protocol.TCP);
    private static final PortForward DNS = new PortForward("0.0.0.0", 5353, 53, PortForward.Protocol.UDP);

    @Test
    void microvmUnderTcg() throws IOException {
        MachineSpec spec = Specs.withPorts(Specs.service("web-0"), WEB, DNS);
        check("microvm-tcg.argv", input(spec, MachineType.MICROVM, Accelerator.TCG, true, "/state"));
    }

    @Test
    void microvmUnderKvm() throws IOException {
        check("microvm-kvm.argv", input(Specs.service("web-0"), MachineType.MICROVM, Accelerator.KVM, true, "/state"));
    }

    @Test
    void virtUnderHvf() throws IOException {
        check("virt-hvf.argv", input(Specs.service("web-0"), MachineType.VIRT, Accelerator.HVF, false, "/state"));
    }

    /** What asks for no hot-plug is there on q35 from the start, as on a microVM. */
    @Test
    void q35UnderKvm() throws IOException {
        check("q35-kvm.argv", input(Specs.service("web-0"), MachineType.Q35, Accelerator.KVM, true, "/state"));
    }

    @Test
    void q35UnderTcg() throws IOException {
        MachineSpec spec = Specs.plugged(Specs.withPorts(Specs.service("web-0"), WEB));
        check("q35-tcg.argv", input(spec, MachineType.Q35, Accelerator.TCG, true, "/state"));
    }

    @Test
    void memoryThatIsPluggedInIsSharedWithTheServersOfVolumes() throws IOException {
        MachineSpec spec = Specs.plugged(Specs.withVolumes(Specs.service("web-0"),
                new Volume("/srv/media", "/media", false)));
        check("q35-volumes.argv", input(spec, MachineType.Q35, Accelerator.KVM, true, "/state"));
        check("virt-plugged.argv", input(spec, MachineType.VIRT, Accelerator.HVF, false, "/state"));
    }

    /** All there before the guest runs, and nothing gives any of it back. */
    @Test
    void hugePages() throws IOException {
        check("huge-pages.argv", input(Specs.inHugePages(Specs.service("web-0"), HugePages.STANDARD),
                MachineType.MICROVM, Accelerator.TCG, true, "/state"));
        MachineSpec sharing = Specs.withVolumes(Specs.service("web-0"), new Volume("/srv/media", "/media", false));
        check("huge-pages-q35.argv", input(Specs.inHugePages(sharing, HugePages.GIB_1), MachineType.Q35,
                Accelerator.KVM, true, "/state"));
        check("huge-pages-virt.argv", input(Specs.inHugePages(Specs.service("web-0"), HugePages.MIB_2),
                MachineType.VIRT, Accelerator.KVM, true, "/state"));
    }

    @Test
    void aBalloonThatDeflatesByItself() throws IOException {
        MemoryRange memory = new MemoryRange(ByteSize.ofMib(192), ByteSize.ofMib(192), ByteSize.ofMib(256),
                Optional.empty(), Optional.empty(), Optional.empty(), true);
        check("deflate-on-oom.argv", input(Specs.withMemory(Specs.service("web-0"), memory), MachineType.MICROVM,
                Accelerator.TCG, true, "/state"));
    }

    @Test
    void noDisks() throws IOException {
        MachineSpec spec = Specs.withDisks(Specs.service("web-0"), Optional.empty(), Optional.empty());
        check("no-disks.argv", input(spec, MachineType.MICROVM, Accelerator.TCG, true, "/state"));
    }

    @Test
    void namedDisks() throws IOException {
        ByteSize size = ByteSize.ofMib(16);
        MachineSpec spec = Specs.withNamedDisks(Specs.service("web-0"),
                Map.of("wal", new Disk(size, "/wal"), "fifteen-letters", new Disk(size, "/disks/fifteen-letters")));
        check("named-disks.argv", input(spec, MachineType.MICROVM, Accelerator.TCG, true, "/state"));
    }

    @Test
    void noNetwork() throws IOException {
        check("no-network.argv", input(Specs.withoutNetwork(Specs.service("web-0")), MachineType.MICROVM,
                Accelerator.TCG, true, "/state"));
    }

    @Test
    void fleetNetworks() throws IOException {
        MachineSpec spec = Specs.withNetworks(Specs.service("web-0"), "lab", "side");
        check("fleet-networks.argv", input(spec, MachineType.MICROVM, Accelerator.TCG, true, "/state"));
        check("fleet-networks-q35.argv", input(spec, MachineType.Q35, Accelerator.KVM, true, "/state"));
        check("fleet-networks-virt.argv", input(spec, MachineType.VIRT, Accelerator.KVM, true, "/state"));
        check("bridged-networks.argv", input(Specs.onBridges(spec, "br-lab"), MachineType.MICROVM, Accelerator.TCG,
                true, "/state"));
    }

    /** Sources and targets are not in it: only the servers and the guest know those. */
    @Test
    void volumes() throws IOException {
        MachineSpec spec = Specs.withVolumes(Specs.service("web-0"), new Volume("/srv/a, b", "/srv/a b", true),
                new Volume("/srv/media", "/media", false));
        check("volumes.argv", input(spec, MachineType.MICROVM, Accelerator.TCG, true, "/state"));
        check("volumes-virt.argv", input(spec, MachineType.VIRT, Accelerator.KVM, true, "/state"));
    }

    @Test
    void anEmulatedGpu() throws IOException {
        check("emulated-gpu.argv", input(Specs.withGpu(Specs.service("web-0"), GpuModel.VIRTIO), MachineType.MICROVM,
                Accelerator.TCG, true, "/state"));
        check("emulated-gpu-virt.argv", input(Specs.withGpu(Specs.service("web-0"), GpuModel.VIRTIO), MachineType.VIRT,
                Accelerator.KVM, true, "/state"));
    }

    /** A whole device, a virtual function, and one that a driver made. */
    @Test
    void devicesOfTheHost() throws IOException {
        CommandLineInput without = input(Specs.withGpu(Specs.service("web-0"), GpuModel.A100), MachineType.Q35,
                Accelerator.KVM, true, "/state");
        check("host-devices.argv", new CommandLineInput(without.id(), without.spec(), without.machineType(),
                without.needs(), without.accelerator(), without.tscKhz(), without.sandbox(), without.kernel(),
                without.initrd(),
                without.files(),
                Stream.of("0000:3b:00.0", "10000:e1:00.4", "aa618089-8b16-4d01-a136-25a0f3c73123")
                        .map(DeviceAddress::new)
                        .toList()));
    }

    @Test
    void commasInPaths() throws IOException {
        check("commas.argv",
                input(Specs.service("web-0"), MachineType.MICROVM, Accelerator.TCG, true, "/state, of mine"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a|a", "a,b|a,,b", ",,|,,,,", "a=b|a=b"})
    void commasAreDoubled(String value, String escaped) {
        assertEquals(escaped, OptionValue.escape(value));
    }

    private static CommandLineInput input(MachineSpec spec, MachineType type, Accelerator accelerator, boolean sandbox,
            String stateDir) {
        MachineId id = new MachineId("ci-lab", spec.name());
        StoreLayout layout = new StoreLayout(Path.of(stateDir), Path.of("/run/provision"));
        return new CommandLineInput(id, spec, type, needs(spec, type), accelerator, OptionalLong.of(2_500_000), sandbox,
                Path.of("/images/builtin/kernel"), Path.of("/images/builtin/initrd"), layout.machine(id));
    }

    private static Set<Need> needs(MachineSpec spec, MachineType type) {
        var capabilities = DriverCapabilities.none(type.qemuName(), Accelerator.TCG);
        return new DriverDeclaration(List.of(new Bootable(capabilities, type.meets(true))), List.of()).choose(spec)
                .met();
    }

    private static void check(String golden, CommandLineInput input) throws IOException {
        String argv = String.join("\n", QemuCommandLine.of(input)).replace("\n-", "\n\n-") + "\n";
        Path file = GOLDEN.resolve(golden);
        if (Boolean.getBoolean("golden.regenerate")) {
            Files.writeString(file, argv);
        }
        assertEquals(Files.readString(file), argv);
    }
}
