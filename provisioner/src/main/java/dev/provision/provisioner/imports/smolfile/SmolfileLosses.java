package dev.provision.provisioner.imports.smolfile;

import java.util.Map;

/** Keys of a Smolfile that nothing in a manifest stands for, and why. */
final class SmolfileLosses {

    static final String SECRETS = "a manifest is no place for secrets: its values stand in plans and on disk";

    private static final String PACK = "it concerns packed machines, which provision does not make";
    private static final String FORK = "machines are not started as copies of a running one";
    private static final String SERVICE = "it tells others of the service and changes nothing of the machine";
    private static final String INIT = "a machine runs one command: put these commands in front of it";
    private static final String FOLDER = "the command begins in /: let it change the folder itself";

    private static final Map<String, String> FILE = Map.of("init", INIT, "workdir", FOLDER, "gpu_vram",
            "the machine takes the GPU with all of its memory", "rosetta",
            "machines run programs of the host's own architecture", "docker_socket",
            "processes on the host reach a machine by its ports");
    private static final Map<String, String> DEV = Map.of("init", INIT, "workdir", FOLDER);

    private SmolfileLosses() {}

    static Map<String, String> ofFile() {
        return FILE;
    }

    static Map<String, String> ofDev() {
        return DEV;
    }

    /** Those of a section that is lost as a whole. */
    static Map<String, String> of(String section) {
        return switch (section) {
            case "artifact", "pack" -> Map.of("cpus", PACK, "memory", PACK, "entrypoint", PACK, "cmd", PACK,
                    "oci_platform", PACK);
            case "fork" -> Map.of("enabled", FORK, "pool_size", FORK, "cuda_vram_limit_mib", FORK);
            case "service" -> Map.of("port", SERVICE, "protocol", SERVICE, "listen", SERVICE);
            default -> throw new IllegalArgumentException(section);
        };
    }
}
