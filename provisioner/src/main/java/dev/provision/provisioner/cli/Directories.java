package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.host.HostShortage;
import dev.provision.hypervisor.store.FolderOwner;
import dev.provision.hypervisor.store.RuntimeFolder;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.hypervisor.store.ThisUser;

/**
 * Where things are on this host, by the XDG base directory specification for persons and the file system hierarchy
 * standard for root.
 *
 * @param state
 *            records and disks; {@code PROVISION_STATE_DIR}, else /var/lib/provision or $XDG_STATE_HOME/provision
 * @param runtime
 *            sockets; those of machines that run, else {@code PROVISION_RUNTIME_DIR}, else /run/provision or
 *            $XDG_RUNTIME_DIR/provision-USER
 * @param cache
 *            images and packages that can be made again; {@code PROVISION_CACHE_DIR}, else /var/cache/provision or
 *            $XDG_CACHE_HOME/provision
 * @param devices
 *            the host's device catalogue; {@code PROVISION_DEVICES}, else /etc/provision/devices.yaml or
 *            $XDG_CONFIG_HOME/provision/devices.yaml
 * @param home
 *            the installation, when the launcher told it
 */
record Directories(Path state, Path runtime, Path cache, Path devices, @Nullable Path home) {

    static Directories ofEnvironment(Map<String, String> env) {
        boolean root = ThisUser.isRoot();
        Path userHome = Path.of(System.getProperty("user.home", "."));
        String home = System.getProperty("provision.home");
        Path state = first(env, "PROVISION_STATE_DIR",
                root ? Path.of("/var/lib/provision") : xdg(env, "XDG_STATE_HOME", userHome.resolve(".local/state")));
        return new Directories(state,
                inUse(state, first(env, "PROVISION_RUNTIME_DIR", root ? Path.of("/run/provision") : runtime(env))),
                first(env, "PROVISION_CACHE_DIR",
                        root ? Path.of("/var/cache/provision")
                                : xdg(env, "XDG_CACHE_HOME", userHome.resolve(".cache"))),
                first(env, "PROVISION_DEVICES",
                        (root ? Path.of("/etc/provision") : xdg(env, "XDG_CONFIG_HOME", userHome.resolve(".config")))
                                .resolve("devices.yaml")),
                home == null ? null : Path.of(home));
    }

    private static Path inUse(Path state, Path runtime) {
        try {
            return RuntimeFolder.of(state, runtime);
        } catch (IOException e) {
            if (HostShortage.isOfProcess(e)) {
                throw new UncheckedIOException(e);
            }
            return runtime; // what cannot be read is said by who needs it
        }
    }

    private static Path first(Map<String, String> env, String variable, Path otherwise) {
        String value = env.get(variable);
        return value == null || value.isEmpty() ? otherwise : Path.of(value).toAbsolutePath();
    }

    private static Path xdg(Map<String, String> env, String variable, Path otherwise) {
        return first(env, variable, otherwise).resolve("provision");
    }

    private static Path runtime(Map<String, String> env) {
        return first(env, "XDG_RUNTIME_DIR", Path.of("/tmp")).resolve("provision-" + ThisUser.name());
    }

    /**
     * The store in these directories.
     *
     * @throws CommandFailedException
     *             when there is something else, or it may not be read: no machines would be found, and none is not true
     */
    StoreLayout layout() {
        if (Files.exists(state) && !Files.isDirectory(state)) {
            throw new CommandFailedException(ExitCode.HOST, "the state folder " + state + " is no folder",
                    "name another one in PROVISION_STATE_DIR");
        }
        if (Files.isDirectory(state) && !(Files.isReadable(state) && Files.isExecutable(state))) {
            throw new CommandFailedException(ExitCode.HOST, "the state folder " + state + " may not be read by you",
                    "run as the user whose machines these are, or name another one in PROVISION_STATE_DIR");
        }
        requireOwn(runtime);
        return new StoreLayout(state, runtime);
    }

    /** Checks, for a command that is going to change something, that sockets can be made: later it would stop half-way. */
    void requireWritableRuntime() {
        Path nearest = runtime;
        while (Files.notExists(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        if (!Files.isWritable(nearest)) {
            throw new CommandFailedException(ExitCode.HOST,
                    "the runtime folder " + runtime + " cannot be written: " + nearest
                            + " is read-only, or not yours to write to",
                    "make it writable, or name another one in PROVISION_RUNTIME_DIR");
        }
    }

    private static void requireOwn(Path runtime) {
        try {
            Optional<String> problem = FolderOwner.problem(runtime);
            if (problem.isPresent()) {
                throw new CommandFailedException(ExitCode.HOST,
                        "the runtime folder " + runtime + " " + problem.get()
                                + ": whoever may change it decides which machines you talk to",
                        "remove it, or name a folder of your own in PROVISION_RUNTIME_DIR");
            }
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.HOST,
                    "the runtime folder " + runtime + " cannot be looked at: " + e.getMessage(),
                    "name another one in PROVISION_RUNTIME_DIR");
        }
    }

    /** Images built on this host go before the one that an installation came with. */
    List<Path> imageRoots() {
        List<Path> roots = new ArrayList<>(List.of(cache.resolve("images")));
        if (home != null) {
            roots.add(home.resolve("guest"));
        }
        return roots;
    }

    /** Debian packages, for building images again without a network. */
    Path packages() {
        return cache.resolve("packages");
    }
}
