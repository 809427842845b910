package dev.provision.hypervisor.host.pci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the kernel does when somebody writes to these attributes; keeps what was written. */
public final class SimulatedKernel {

    private final FakeSysfs sysfs;
    private final String hostDriver;
    private final List<String> written = new ArrayList<>();
    private boolean stubborn;

    /** One whose driver of that name takes every device that no override keeps from it. */
    public SimulatedKernel(Path root, String hostDriver) {
        this.sysfs = new FakeSysfs(root);
        this.hostDriver = hostDriver;
    }

    /** It no longer binds devices to vfio-pci. */
    public void refuse() {
        stubborn = true;
    }

    /** A device of its own group, driven by the host. */
    public void device(String address) throws IOException {
        Path device = sysfs.device("", address, "10de", "1eb8", "030200");
        sysfs.write(device, "driver_override", "(null)");
        sysfs.driver(device, hostDriver);
    }

    /** The driver that hands devices on is loaded. */
    public void loadVfio() throws IOException {
        Files.createDirectories(sysfs.root().resolve("bus/pci/drivers/vfio-pci"));
    }

    public VfioBinding binding() {
        return new VfioBinding(sysfs.root(), this::write);
    }

    /** {@code driver_override=vfio-pci}, in order; forgets it. */
    public List<String> written() {
        List<String> all = List.copyOf(written);
        written.clear();
        return all;
    }

    private void write(Path file, String text) throws IOException {
        String name = file.getFileName().toString();
        written.add(name + "=" + text.strip());
        switch (name) {
            case "driver_override" -> {
                if (!Files.exists(file)) {
                    throw new NoSuchFileException(file.toString());
                }
                Files.writeString(file, text);
            }
            case "unbind" -> Files.delete(sysfs.root().resolve("bus/pci/devices").resolve(text).resolve("driver"));
            case "drivers_probe" -> probe(sysfs.root().resolve("bus/pci/devices").resolve(text));
            default -> throw new IOException("no such attribute: " + file);
        }
    }

    private void probe(Path device) throws IOException {
        String override = Files.readString(device.resolve("driver_override")).strip();
        boolean ofHost = override.isEmpty() || override.equals("(null)");
        if (ofHost || !stubborn) {
            sysfs.driver(device.toRealPath(), ofHost ? hostDriver : override);
        }
    }
}
