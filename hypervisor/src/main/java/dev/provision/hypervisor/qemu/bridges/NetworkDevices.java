package dev.provision.hypervisor.qemu.bridges;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.provision.schema.fleet.Subnet;

/** The host's network devices: seen in sysfs, changed by iproute2. */
class NetworkDevices {

    private static final int SECONDS = 20;

    private final Path sysfs;
    private final String searchPath;

    /**
     * @param sysfs
     *            {@code /sys/class/net}
     */
    NetworkDevices(Path sysfs, String searchPath) {
        this.sysfs = sysfs;
        this.searchPath = searchPath;
    }

    boolean exists(String device) {
        return Files.exists(sysfs.resolve(device));
    }

    boolean isBridge(String device) {
        return Files.isDirectory(sysfs.resolve(device).resolve("bridge"));
    }

    /** Who is on a bridge. */
    List<String> ports(String bridge) throws IOException {
        return names(sysfs.resolve(bridge).resolve("brif"));
    }

    List<String> all() throws IOException {
        return names(sysfs);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of(); // none of this kind, or it has just gone
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    /** What somebody has called it besides; empty where nobody has, or it has just gone. */
    String alias(String device) {
        // In one read, as the kernel hands it out; its length is not known before.
        try (var file = Files.newInputStream(sysfs.resolve(device).resolve("ifalias"))) {
            return new String(file.readNBytes(4096), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Another device of the host that has an address in this subnet, or a subnet with a part of it. */
    Optional<String> inSubnet(Subnet subnet, String except) throws IOException {
        return NetworkInterface.networkInterfaces()
                .filter(device -> !device.getName().equals(except))
                .filter(device -> device.getInterfaceAddresses()
                        .stream()
                        .anyMatch(one -> one.getAddress() instanceof Inet4Address address && subnet.overlaps(new Subnet(
                                Integer.toUnsignedLong(ByteBuffer.wrap(address.getAddress()).getInt()),
                                one.getNetworkPrefixLength()))))
                .map(NetworkInterface::getName)
                .findFirst();
    }

    /**
     * {@code ip} with these arguments.
     *
     * @throws IOException
     *             with what it said, when it failed
     */
    void change(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", searchPath);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("`" + String.join(" ", command) + "`: " + said.replace('\n', ' '));
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
