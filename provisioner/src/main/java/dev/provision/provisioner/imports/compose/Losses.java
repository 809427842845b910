package dev.provision.provisioner.imports.compose;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keys of Compose that nothing in a manifest stands for, and why. */
final class Losses {

    private static final Map<String, List<String>> OF_SERVICE = Map.ofEntries(
            Map.entry("a machine has a kernel of its own: what containers share or are denied does not concern it",
                    List.of("privileged", "cap_add", "cap_drop", "security_opt", "cgroup", "cgroup_parent",
                            "device_cgroup_rules", "userns_mode", "ipc", "pid", "uts", "isolation", "runtime",
                            "oom_kill_disable", "oom_score_adj", "storage_opt", "cpu_rt_period", "cpu_rt_runtime")),
            Map.entry("limits within the guest are a matter of its image",
                    List.of("sysctls", "ulimits", "pids_limit")),
            Map.entry("a manifest sets no such limit", List.of("blkio_config", "cpu_percent")),
            Map.entry("guest images lie on the host and are not pulled",
                    List.of("platform", "pull_policy", "pull_refresh_after", "develop")),
            Map.entry("a manifest is no place for secrets: its values stand in plans and on disk",
                    List.of("secrets", "credential_spec")),
            Map.entry("files get into a machine by its image or by volumes", List.of("configs")),
            Map.entry("its lines are not read, as such files often hold secrets: write them to `env`",
                    List.of("env_file")),
            Map.entry("its lines are not read: write them to `labels`", List.of("label_file")),
            Map.entry("provision logs and provision console show what a machine prints",
                    List.of("logging", "attach", "tty", "stdin_open")),
            Map.entry("names and addresses within a machine are given by provision",
                    List.of("dns", "dns_opt", "dns_search", "domainname", "extra_hosts", "mac_address")),
            Map.entry("what is not of this fleet has no name in it", List.of("external_links")),
            Map.entry("a machine runs one command, and is stopped by its power button",
                    List.of("post_start", "pre_start", "pre_stop", "stop_signal", "stop_grace_period")),
            Map.entry("the command runs as root", List.of("user", "group_add")),
            Map.entry("the command begins in /: let it change the folder itself", List.of("working_dir")),
            Map.entry("the root of a machine is always its image with a writable layer over it", List.of("read_only")),
            Map.entry("a manifest mounts no file systems in memory", List.of("tmpfs")),
            Map.entry("a machine takes whole devices: `devices` with names from the host's catalogue, or PCI addresses",
                    List.of("devices")),
            Map.entry("several machines cannot share a disk", List.of("volumes_from")),
            Map.entry("the machine always belongs to the fleet; `count: 0` keeps it out", List.of("profiles")),
            Map.entry("a service of another file is not looked up: write what it says into this one",
                    List.of("extends")),
            Map.entry("an image cannot be built by a manifest", List.of("build")),
            Map.entry("a manifest has no annotations, only labels", List.of("annotations")),
            Map.entry("machines cannot use services of the container engine",
                    List.of("models", "provider", "use_api_socket")));

    private static final Map<String, String> SERVICE = byKey(OF_SERVICE);

    private static final String SWARM = "it is meant for a swarm, a manifest for one host";

    private Losses() {}

    private static Map<String, String> byKey(Map<String, List<String>> byReason) {
        Map<String, String> reasons = new HashMap<>();
        byReason.forEach((reason, keys) -> keys.forEach(key -> reasons.put(key, reason)));
        return Map.copyOf(reasons);
    }

    static Map<String, String> ofService() {
        return SERVICE;
    }

    static Map<String, String> ofDeploy() {
        return Map.of("endpoint_mode", SWARM, "labels", SWARM, "placement", SWARM, "update_config", SWARM,
                "rollback_config", SWARM);
    }

    static Map<String, String> ofFile() {
        return Map.of("include", "import the other file too: a manifest can include its manifest", "secrets",
                "a manifest is no place for secrets: its values stand in plans and on disk", "configs",
                "files get into a machine by its image or by volumes", "models",
                "machines cannot use services of the container engine");
    }
}
