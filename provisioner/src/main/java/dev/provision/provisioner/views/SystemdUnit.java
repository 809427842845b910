package dev.provision.provisioner.views;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A unit of systemd that keeps a fleet as its manifest wants it. Texts are escaped as systemd.syntax(7), systemd.service(5) and
 * systemd.unit(5) say: {@code %} is a specifier everywhere, {@code $} a variable in arguments alone.
 *
 * <p>
 * Not among its switches: those that make a mount namespace (PrivateTmp=, ProtectSystem= and so on), which VMMs would keep
 * while the next start of the watch has another one; MemoryDenyWriteExecute=, since QEMU's TCG and the JVM write code;
 * ProtectClock=, which closes /dev/kvm; for users any that implies NoNewPrivileges=, which newuidmap(1) cannot do without.
 *
 * @param program
 *            absolute path of {@code provision}
 * @param folder
 *            absolute path of the folder that relative paths in the manifest begin with
 * @param manifests
 *            absolute paths
 * @param options
 *            of {@code apply --watch}, beside those that every watch has: {@code --interval=1m}
 * @param environment
 *            variables that the watch needs
 * @param ofUser
 *            for a user's own service manager instead of the system's
 */
public record SystemdUnit(Path program, Path folder, List<Path> manifests, List<String> options,
        SortedMap<String, String> environment, boolean ofUser) {

    public SystemdUnit {
        manifests = List.copyOf(manifests);
        options = List.copyOf(options);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    /** Whether systemd takes the program's path: quotes and backslashes are none of it, however they are written. */
    public boolean hasProgramForSystemd() {
        return program.toString().chars().noneMatch(character -> "\"'\\".indexOf(character) >= 0);
    }

    /** The whole file. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("[Unit]");
        lines.add("Description=" + endingPlainly("provision, watching " + manifests.getFirst(), " (watched)"));
        if (!ofUser) { // a user's manager knows no such target
            lines.add("After=network.target");
        }
        lines.add("");
        lines.add("[Service]");
        lines.add("Type=exec");
        lines.add("WorkingDirectory=" + endingPlainly(folder.toString(), "/"));
        environment.forEach((name, value) -> lines.add("Environment=" + quoted(name + "=" + value)));
        lines.add("ExecStart=" + command());
        lines.add("ExecReload=/bin/kill -HUP $MAINPID");
        lines.addAll(lifecycle());
        lines.addAll(ofUser ? List.of() : hardening());
        lines.add("");
        lines.add("[Install]");
        lines.add("WantedBy=" + (ofUser ? "default.target" : "multi-user.target"));
        return String.join("\n", lines) + "\n";
    }

    private String command() {
        StringBuilder command = new StringBuilder(quoted(program.toString())).append(" apply --watch --yes");
        options.forEach(option -> command.append(' ').append(argument(option)));
        manifests.forEach(manifest -> command.append(' ').append(argument(manifest.toString())));
        return command.toString();
    }

    private static String argument(String word) {
        return quoted(word).replace("$", "$$");
    }

    /** A text that is not quoted: a backslash at its end would take the next line along, a blank is cut off. */
    private static String endingPlainly(String text, String end) {
        boolean isPlain = !text.endsWith("\\") && text.equals(text.stripTrailing());
        return specifiers(text) + (isPlain ? "" : end);
    }

    private static List<String> lifecycle() {
        return List.of(
                "# VMMs outlive a restart of the watch, and one that the kernel kills for memory does not end it.",
                "KillMode=process", "OOMPolicy=continue", "# Limits of machines need control groups of their own.",
                "Delegate=yes", "Restart=on-failure", "RestartSec=5", "SuccessExitStatus=143",
                "# What has begun is brought to its end.", "TimeoutStopSec=5min");
    }

    private static List<String> hardening() {
        return List.of("UMask=0077", "LockPersonality=yes", "RestrictRealtime=yes", "SystemCallArchitectures=native",
                "KeyringMode=private");
    }

    /** A word. In double quotes whatever is not plain; backslashes and quotes are escaped as in C. */
    static String quoted(String word) {
        String escaped = specifiers(word).replace("\\", "\\\\").replace("\"", "\\\"");
        return word.matches("[A-Za-z0-9_@+:,./=-]+") ? word : "\"" + escaped + "\"";
    }

    private static String specifiers(String text) {
        return text.replace("%", "%%");
    }
}
