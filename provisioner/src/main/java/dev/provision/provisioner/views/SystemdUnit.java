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
 * @param environment
 *            variables that the watch needs
 * @param ofUser
 *            for a user's own service manager instead of the system's
 */
public record SystemdUnit(Path program, Path folder, List<Path> manifests, SortedMap<String, String> environment,
        boolean ofUser) {

    public SystemdUnit {
        manifests = List.copyOf(manifests);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    /** The whole file. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("[Unit]");
        lines.add("Description=provision, watching " + specifiers(manifests.getFirst().toString()));
        if (!ofUser) { // a user's manager knows no such target
            lines.add("After=network.target");
        }
        lines.add("");
        lines.add("[Service]");
        lines.add("Type=exec");
        lines.add("WorkingDirectory=" + specifiers(folder.toString()));
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
        manifests.forEach(manifest -> command.append(' ').append(quoted(manifest.toString()).replace("$", "$$")));
        return command.toString();
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
