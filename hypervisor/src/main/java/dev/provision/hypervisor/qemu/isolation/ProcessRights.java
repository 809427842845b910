package dev.provision.hypervisor.qemu.isolation;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.hypervisor.store.VmmUserIds;

/**
 * What this process may do as root, which in a container can be little.
 *
 * @param status
 *            /proc/self/status; empty where there is none
 * @param userMap
 *            /proc/self/uid_map, user_namespaces(7): first number inside, first outside, count
 * @param groupMap
 *            /proc/self/gid_map
 */
record ProcessRights(String status, String userMap, String groupMap) {

    private static final Pattern USER = Pattern.compile("(?m)^Uid:\\s+[0-9]+\\s+([0-9]+)\\s");
    private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\s+([0-9a-fA-F]+)$");

    /** Bits of linux/capability.h: to give files away and still use them, to become another user, to end its processes. */
    private static final Map<Integer, String> NEEDED = new TreeMap<>(Map.of(0, "CAP_CHOWN", 1, "CAP_DAC_OVERRIDE", 3,
            "CAP_FOWNER", 5, "CAP_KILL", 6, "CAP_SETGID", 7, "CAP_SETUID", 8, "CAP_SETPCAP"));

    static ProcessRights ofThisProcess() {
        return new ProcessRights(text("status"), text("uid_map"), text("gid_map"));
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of("/proc/self", file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Also false where there is no /proc: on other systems VMMs are their starter's. */
    boolean isRoot() {
        Matcher user = USER.matcher(status);
        return user.find() && user.group(1).equals("0");
    }

    Optional<UserSeparation.Obstacle> lack() {
        Matcher found = CAPABILITIES.matcher(status);
        BigInteger held = found.find() ? new BigInteger(found.group(1), 16) : BigInteger.ZERO;
        List<String> missing = NEEDED.entrySet()
                .stream()
                .filter(capability -> !held.testBit(capability.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        if (!missing.isEmpty()) {
            return Optional.of(new UserSeparation.Obstacle(
                    "this container's root lacks " + String.join(", ", missing),
                    "run outside of the container, or give it these capabilities"));
        }
        if (!holdsRange(userMap) || !holdsRange(groupMap)) {
            return Optional.of(new UserSeparation.Obstacle("the user namespace that this runs in has no users "
                    + VmmUserIds.FIRST + " to " + VmmUserIds.LAST, "run outside of it, or map these users into it"));
        }
        return Optional.empty();
    }

    private static boolean holdsRange(String map) {
        return map.lines().map(String::strip).map(line -> line.split("\\s+")).anyMatch(words -> {
            long first = Long.parseLong(words[0]);
            return first <= VmmUserIds.FIRST && first + Long.parseLong(words[2]) > VmmUserIds.LAST;
        });
    }
}
