package dev.provision.hypervisor.image.deb;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Paths as a merged-/usr system sees them: {@code /bin}, {@code /sbin}, {@code /lib} and {@code /lib64} are links into
 * {@code /usr}. Debian 12 packages still use both spellings, Debian 13 packages one (Debian policy 10.1).
 */
public final class MergedUsr {
    /** The top folders that are links to {@code usr/} plus their own name. */
    public static final List<String> ALIASES = List.of("bin", "lib", "lib64", "sbin");

    private MergedUsr() {}

    /** The path without leading {@code ./} or {@code /}, without dots, below {@code usr/} where it belongs there. */
    public static String normalize(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            switch (part) {
                case "", "." -> {
                }
                case ".." -> parts.pollLast();
                default -> parts.addLast(part);
            }
        }
        if (!parts.isEmpty() && ALIASES.contains(parts.getFirst())) {
            parts.addFirst("usr");
        }
        return String.join("/", parts);
    }

    /** Where a symbolic link leads. */
    public static String resolve(String link, String target) {
        if (target.startsWith("/")) {
            return normalize(target);
        }
        int slash = link.lastIndexOf('/');
        return normalize(slash < 0 ? target : link.substring(0, slash + 1) + target);
    }
}
