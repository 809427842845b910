package dev.provision.hypervisor.host.cgroup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the cgroup directories this process is in. Pure: from the text of /proc/self/cgroup and /proc/self/mountinfo
 * (cgroups(7), proc_pid_mountinfo(5)).
 */
public final class Cgroups {

    /** Version 1 has one tree per controller and other file names than version 2. */
    public enum Version {
        V1, V2
    }

    /** A controller's directories, from this process's own group up to the tree's mount point. */
    public record Membership(Version version, List<String> directories) {

        public Membership {
            directories = List.copyOf(directories);
        }
    }

    private record Mount(String root, String point, String type, List<String> options) {}

    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private Cgroups() {}

    /** The groups that this controller ({@code memory}, {@code cpu}) may confine this process with, v1 before v2. */
    public static List<Membership> memberships(String controller, String procCgroup, String mountinfo) {
        var mounts = mountinfo.lines().map(Cgroups::mount).flatMap(Optional::stream).toList();
        var found = new ArrayList<Membership>();
        for (var line : procCgroup.lines().toList()) {
            var parts = line.split(":", 3); // hierarchy id, controllers, path
            if (parts.length == 3 && Arrays.asList(parts[1].split(",", -1)).contains(controller)) {
                mounts.stream()
                        .filter(mount -> mount.type().equals("cgroup") && mount.options().contains(controller))
                        .findFirst()
                        .ifPresent(mount -> found.add(membership(Version.V1, mount, parts[2])));
            } else if (parts.length == 3 && parts[0].equals("0") && parts[1].isEmpty()) {
                mounts.stream()
                        .filter(mount -> mount.type().equals("cgroup2"))
                        .findFirst()
                        .ifPresent(mount -> found.add(membership(Version.V2, mount, parts[2])));
            }
        }
        return found;
    }

    private static Membership membership(Version version, Mount mount, String path) {
        var below = below(mount.root(), path);
        var directories = new ArrayList<String>();
        for (var rest = below; !rest.isEmpty(); rest = rest.substring(0, rest.lastIndexOf('/'))) {
            directories.add(mount.point() + rest);
        }
        directories.add(mount.point());
        return new Membership(version, directories);
    }

    /** The part of {@code path} below the mounted subtree; "" if outside of it, as in some containers. */
    private static String below(String root, String path) {
        var prefix = root.equals("/") ? "" : root;
        var inside = path.startsWith(prefix + "/") && !path.contains("/..");
        return inside && path.length() > prefix.length() + 1 ? path.substring(prefix.length()) : "";
    }

    /** {@code 32 31 0:29 ROOT POINT OPTIONS [TAG...] - TYPE SOURCE SUPER_OPTIONS}. */
    private static Optional<Mount> mount(String line) {
        var halves = line.split(" - ", 2);
        if (halves.length < 2) {
            return Optional.empty();
        }
        var left = halves[0].split(" ", -1);
        var right = halves[1].split(" ", -1);
        return left.length < 5 || right.length < 3 ? Optional.empty()
                : Optional.of(new Mount(unescaped(left[3]), unescaped(left[4]), right[0],
                        Arrays.asList(right[2].split(",", -1))));
    }

    private static String unescaped(String field) {
        return OCTAL.matcher(field)
                .replaceAll(match -> Matcher
                        .quoteReplacement(Character.toString(Integer.parseInt(match.group(1), 8))));
    }
}
