package dev.provision.hypervisor.qemu.bridges;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.planner.host.DriverCapabilities.Lack;

/** Whether machines can be on bridges of this host: that takes root's taps, and `ip` to put them there. */
public final class BridgeSupport {

    private static final Path TUN = Path.of("/dev/net/tun");

    /** The bit of linux/capability.h: to make taps, and to change network devices. */
    private static final int CAP_NET_ADMIN = 12;
    private static final Pattern USER = Pattern.compile("(?m)^Uid:\\s+[0-9]+\\s+([0-9]+)\\s");
    private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\s+([0-9a-fA-F]+)$");

    private BridgeSupport() {}

    /**
     * What this host lacks; empty when it can.
     *
     * @param hasTool
     *            a program of that name is on the search path
     */
    public static Optional<Lack> lack(Predicate<String> hasTool) {
        return lack(Files.exists(TUN), hasTool.test("ip"), status());
    }

    /**
     * The same of any host.
     *
     * @param status
     *            /proc/self/status; empty where there is none
     */
    static Optional<Lack> lack(boolean hasTun, boolean hasIp, String status) {
        if (status.isEmpty()) {
            return Optional.of(new Lack("bridges and taps are network devices of Linux",
                    "leave `bridge` out, or run such machines on a Linux host"));
        }
        if (!find(USER, status).equals("0")) {
            return Optional.of(new Lack("only root makes taps and puts them on a bridge",
                    "run provision as root, or leave `bridge` out: the machines reach each other without it"));
        }
        if (!new BigInteger("0" + find(CAPABILITIES, status), 16).testBit(CAP_NET_ADMIN)) {
            return Optional.of(new Lack("this container's root lacks CAP_NET_ADMIN, which taps take",
                    "run outside of the container, or give it CAP_NET_ADMIN; or leave `bridge` out"));
        }
        if (!hasTun) {
            return Optional.of(new Lack("there is no " + TUN + ", which makes taps",
                    "load the kernel's module (`modprobe tun`), or give the container this device"));
        }
        return hasIp ? Optional.empty()
                : Optional.of(new Lack("there is no `ip` on the search path, which bridges need",
                        "install iproute2, or correct PATH"));
    }

    private static String find(Pattern line, String status) {
        Matcher found = line.matcher(status);
        return found.find() ? found.group(1) : "";
    }

    private static String status() {
        try {
            return Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
