package dev.provision.hypervisor.qemu.volumes;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.planner.host.DriverCapabilities.Lack;

/**
 * Whether this host can serve volumes: the virtiofsd of QEMU 7.2 is there, what mounts folders for it is too, and this
 * process may do as it must. Later releases have another virtiofsd, with other options, which was not tried.
 */
public final class VolumeSupport {

    /** Where Debian 12 has it, in the package qemu-system-common. */
    static final Path VIRTIOFSD = Path.of("/usr/lib/qemu/virtiofsd");

    /** CAP_SYS_ADMIN's bit, linux/capability.h: to mount, and to make a mount namespace. */
    private static final int CAP_SYS_ADMIN = 21;
    private static final List<String> TOOLS = List.of("unshare", "mount", "sh");
    private static final Pattern USER = Pattern.compile("(?m)^Uid:\\s+[0-9]+\\s+([0-9]+)\\s");
    private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\s+([0-9a-fA-F]+)$");

    private VolumeSupport() {}

    /**
     * What this host lacks; empty when it can.
     *
     * @param hasTool
     *            a program of that name is on the search path
     */
    public static Optional<Lack> lack(Predicate<String> hasTool) {
        return lack(Files.isExecutable(VIRTIOFSD), hasTool, status());
    }

    /**
     * The same of any host.
     *
     * @param status
     *            /proc/self/status; empty where there is none
     */
    static Optional<Lack> lack(boolean hasServer, Predicate<String> hasTool, String status) {
        if (status.isEmpty()) {
            return Optional.of(new Lack("virtiofsd, which serves volumes, is a program of Linux",
                    "run such machines on a Linux host"));
        }
        if (!hasServer) {
            return Optional.of(new Lack("there is no " + VIRTIOFSD + ", which serves volumes",
                    "install QEMU 7.2 of Debian 12 (qemu-system-common)"));
        }
        Optional<String> missing = TOOLS.stream().filter(tool -> !hasTool.test(tool)).findFirst();
        if (missing.isPresent()) {
            return Optional.of(new Lack("there is no `" + missing.get() + "` on the search path, which volumes need",
                    "install util-linux and mount, or correct PATH"));
        }
        if (!isRoot(status)) {
            return Optional.of(new Lack("virtiofsd serves volumes as root only", "run provision as root"));
        }
        return maySetUpMounts(status) ? Optional.empty()
                : Optional.of(new Lack("virtiofsd must mount folders, which needs the capability CAP_SYS_ADMIN: this "
                        + "container's root does not have it",
                        "run outside of the container, or give the container CAP_SYS_ADMIN"));
    }

    private static boolean isRoot(String status) {
        Matcher user = USER.matcher(status);
        return user.find() && user.group(1).equals("0");
    }

    private static boolean maySetUpMounts(String status) {
        Matcher capabilities = CAPABILITIES.matcher(status);
        return capabilities.find() && new BigInteger(capabilities.group(1), 16).testBit(CAP_SYS_ADMIN);
    }

    private static String status() {
        try {
            return Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
