package dev.provision.hypervisor.qemu.isolation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.hypervisor.store.VmmUserIds;
import dev.provision.planner.host.Accelerator;
import dev.provision.schema.fleet.MachineSpec;

/**
 * Whether VMMs run as users of their own: started by root they do, where this host lets them. Where not, they run as who
 * starts them, and {@code provision doctor} says why: a machine that does not start would be no safer.
 */
public final class UserSeparation {
    private static final String PROGRAM = "setpriv";
    private static final Path KVM = Path.of("/dev/kvm");
    private static final Path LOW_PORTS = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    private static final int LOW_PORTS_OF_LINUX = 1024;

    private final StoreLayout layout;
    private final Accelerator accelerator;
    private final Predicate<String> hasTool;
    private final ProcessRights rights;

    /**
     * @param hasTool
     *            a program of that name is on the search path
     */
    public UserSeparation(StoreLayout layout, Accelerator accelerator, Predicate<String> hasTool) {
        this(layout, accelerator, hasTool, ProcessRights.ofThisProcess());
    }

    UserSeparation(StoreLayout layout, Accelerator accelerator, Predicate<String> hasTool, ProcessRights rights) {
        this.layout = layout;
        this.accelerator = accelerator;
        this.hasTool = hasTool;
        this.rights = rights;
    }

    /**
     * Whom a machine's VMM is to run as; empty: as who starts it.
     *
     * @param image
     *            files that it is to read, which are not its machine's
     */
    public Optional<VmmUser> user(MachineId id, MachineSpec spec, List<Path> image)
            throws DriverException, IOException {
        if (!rights.isRoot() || obstacle().isPresent()) {
            return Optional.empty();
        }
        for (Path file : image) {
            if (!Reachable.isReadable(file)) {
                // Also handed over open it is not: to read it from its beginning is to open it again.
                throw new DriverException(
                        id + " does not start: its VMM, a user of its own, may not read " + file + " of its image",
                        "`chmod o+r " + file + "`");
            }
        }
        int lowest = lowestFreePort();
        boolean low = spec.network().enabled()
                && spec.network().ports().stream().anyMatch(port -> port.hostPort() < lowest);
        return Optional.of(new VmmUser(new VmmUserIds(layout).claim(id), kvmGroup(), low));
    }

    /** On this host, programs being looked for in the directories of {@code searchPath}. */
    public static UserSeparation of(StoreLayout layout, Accelerator accelerator, String searchPath) {
        return new UserSeparation(layout, accelerator, tool -> Stream.of(searchPath.split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool))));
    }

    /** This is root, whose VMMs should not be. */
    public boolean applies() {
        return rights.isRoot();
    }

    /** VMMs run as root although they need not: why, and what to do about it. */
    public record Obstacle(String why, String fix) {}

    /** What keeps root's VMMs from running as users of their own; empty for other users, whose VMMs are theirs. */
    public Optional<Obstacle> obstacle() {
        if (!rights.isRoot()) {
            return Optional.empty();
        }
        Optional<Obstacle> rightsLacking = rights.lack();
        if (rightsLacking.isPresent()) {
            return rightsLacking;
        }
        if (!hasTool.test(PROGRAM)) {
            return Optional.of(new Obstacle("there is no `setpriv` on the search path", "install util-linux"));
        }
        if (accelerator == Accelerator.KVM && !kvmIsOpen()) {
            return Optional.of(new Obstacle("only root may open /dev/kvm", "give it to the group `kvm`, mode 0660"));
        }
        return closedFolder().map(folder -> new Obstacle("other users cannot pass through the folder " + folder,
                "`chmod o+x " + folder + "`, or name other folders in PROVISION_STATE_DIR and PROVISION_RUNTIME_DIR"));
    }

    /** The folders themselves are opened when a machine starts; those above them are not ours. */
    private Optional<Path> closedFolder() {
        return layout.roots()
                .stream()
                .flatMap(root -> Reachable.firstClosed(root.getParent()).stream())
                .findFirst();
    }

    private static boolean kvmIsOpen() {
        return kvmPermits(0006) || kvmGroup().isPresent();
    }

    /** Root's own group would open more than the device. */
    private static OptionalInt kvmGroup() {
        if (kvmPermits(0006) || !kvmPermits(0060)) {
            return OptionalInt.empty();
        }
        int group = attribute("gid");
        return group > 0 ? OptionalInt.of(group) : OptionalInt.empty();
    }

    private static boolean kvmPermits(int mask) {
        int mode = attribute("mode");
        return mode >= 0 && (mode & mask) == mask;
    }

    private static int attribute(String name) {
        try {
            Map<String, Object> found = Files.readAttributes(KVM, "unix:" + name);
            return (Integer) found.getOrDefault(name, -1);
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }

    private static int lowestFreePort() {
        // In one read: the kernel hands out a setting of its own from the beginning only, and Files.readString begins with a byte.
        try (InputStream setting = Files.newInputStream(LOW_PORTS)) {
            return Integer.parseInt(new String(setting.readNBytes(16), StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return LOW_PORTS_OF_LINUX;
        }
    }

    /** Those of these files that a VMM of another user could not open by their paths, but by a descriptor. */
    public List<Path> hidden(List<Path> files) {
        if (!rights.isRoot() || obstacle().isPresent()) {
            return List.of(); // its VMMs see what it sees
        }
        return files.stream().filter(file -> Reachable.firstClosed(file.getParent()).isPresent()).toList();
    }
}
