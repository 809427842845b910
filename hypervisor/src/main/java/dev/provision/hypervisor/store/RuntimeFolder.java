package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import dev.provision.hypervisor.host.HostShortage;
import dev.provision.hypervisor.host.process.Processes;

/**
 * Where the sockets of a store's machines are. A login has an {@code XDG_RUNTIME_DIR} and cron has none: whoever looked in
 * another folder than the one that machines were started with would find them dead, and start them once more. So the store
 * says which one it is, for as long as anything of a machine is there.
 */
public final class RuntimeFolder {

    private RuntimeFolder() {}

    /**
     * The folder to use.
     *
     * @param state
     *            the store's
     * @param wanted
     *            the one that this process's environment gives
     */
    public static Path of(Path state, Path wanted) throws IOException {
        Optional<Path> noted = noted(state).filter(folder -> !folder.equals(wanted));
        return noted.isPresent() && isUsed(state, noted.get()) ? noted.get() : wanted;
    }

    /**
     * Notes that machines of this store are started with this folder from now on.
     *
     * @return the folder to use: another one where somebody else has started machines since this process has looked; then
     *         nothing is noted
     */
    public static Path note(Path state, Path folder) throws IOException, InterruptedException {
        if (noted(state).filter(folder::equals).isPresent()) {
            return folder;
        }
        try (StoreTurn _ = StoreTurn.take(new StoreLayout(state, state).runtimeTurn())) {
            Path used = of(state, folder);
            if (used.equals(folder)) {
                PrivateFiles.replace(file(state), (folder + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return used;
        }
    }

    private static Path file(Path state) {
        return new StoreLayout(state, state).runtimeNote();
    }

    /** Not known where it cannot be read for want of files: another folder would show none of the machines. */
    private static Optional<Path> noted(Path state) throws IOException {
        try {
            String text = Files.readString(file(state)).strip();
            return text.startsWith("/") ? Optional.of(Path.of(text)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (HostShortage.isOfProcess(e)) {
                throw e;
            }
            return Optional.empty(); // nothing was started yet, or not by this version, or it is not ours to read
        }
    }

    /** A machine has sockets there; or its VMM has had them there, and runs on although the folder is gone with a login. */
    private static boolean isUsed(Path state, Path folder) throws IOException {
        Path sockets = new StoreLayout(state, folder).socketRoot();
        if (Files.isDirectory(sockets) && FolderOwner.problem(folder).isEmpty()) {
            try (var machines = Files.list(sockets)) {
                if (machines.anyMatch(entry -> !entry.endsWith("volume") && !entry.endsWith("records"))) {
                    return true;
                }
            }
        }
        String path = "path=" + sockets + "/";
        return !Processes.ofThisHost()
                .list(argv -> argv.stream().anyMatch(argument -> argument.contains(path)))
                .isEmpty();
    }
}
