package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.provision.hypervisor.image.deb.Sha256;
import dev.provision.hypervisor.store.MalformedJsonException;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.provisioner.plans.Binding;
import dev.provision.provisioner.plans.PlanJson;
import dev.provision.provisioner.plans.PlanReader;
import dev.provision.provisioner.plans.SavedPlan;
import dev.provision.provisioner.views.Json;
import dev.provision.schema.assembly.ManifestFolder;

/** Plans in files. */
final class PlanFile {

    /** The beginning of the document, where it says what it is. */
    private static final int LOOK_AT = 200;

    /** The digest of a file that is not there: as {@link Binding} takes one that it knows nothing of. */
    private static final String ABSENT = "";

    private PlanFile() {}

    /** Replaces the file, readable for its owner only: a plan holds the machines' environment. */
    static void write(Path file, SavedPlan saved) {
        try {
            PrivateFiles.replace(file.toAbsolutePath(),
                    (Json.pretty(PlanJson.saved(saved)) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.HOST, "the plan cannot be written: " + reason(e, file),
                    "name a file in a folder that is there and may be written");
        }
    }

    /** The file looks like a plan, whether it is a good one or not. */
    static boolean isPlan(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            String beginning = new String(in.readNBytes(LOOK_AT), StandardCharsets.UTF_8);
            return beginning.stripLeading().startsWith("{") && beginning.contains('"' + PlanJson.KIND + '"');
        } catch (IOException e) {
            return false; // who reads it as a manifest is told why it cannot be
        }
    }

    /**
     * @throws CommandFailedException
     *             when it is no plan
     */
    static PlanReader.Read read(Path file) {
        try {
            return PlanReader.read(Files.readString(file));
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.INVALID, "the plan cannot be read: " + reason(e, file),
                    "name a file that plan --out wrote");
        } catch (MalformedJsonException e) {
            throw new CommandFailedException(ExitCode.INVALID, "`" + file + "` cannot be read as a plan: "
                    + e.getMessage(), "make it anew: provision plan --out " + file);
        }
    }

    /** In words: exceptions name classes of Java and files that nobody has heard of. */
    private static String reason(IOException e, Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (Files.isDirectory(file)) {
            return "`" + file + "` is a folder";
        }
        if (folder != null && !Files.isDirectory(folder)) {
            return "there is no folder `" + folder + "`";
        }
        return switch (e) {
            case NoSuchFileException _ -> "there is no file `" + file + "`";
            case AccessDeniedException _ -> "you may not, as to `" + file + "`";
            case MalformedInputException _ -> "`" + file + "` is no text";
            case FileSystemException other when other.getReason() != null -> "`" + file + "`: " + other.getReason();
            default -> "`" + file + "`: " + e.getMessage();
        };
    }

    /** As {@link #digests}, of what there is of these files. */
    static SortedMap<String, String> digestsNow(Collection<String> names) throws IOException {
        SortedMap<String, String> digests = digests(names.stream().map(Path::of).toList());
        digests.values().removeIf(ABSENT::equals);
        return digests;
    }

    /**
     * The digests of the files once more, after they were read.
     *
     * @param before
     *            those from before they were read
     * @throws CommandFailedException
     *             when they differ: what was read is bound to none of the two
     */
    static SortedMap<String, String> unchanged(SortedMap<String, String> before, Collection<Path> files)
            throws IOException {
        SortedMap<String, String> after = digests(files);
        SortedSet<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(after.keySet());
        changed.removeIf(name -> before.getOrDefault(name, "").equals(after.getOrDefault(name, "")));
        if (!changed.isEmpty()) {
            throw new CommandFailedException(ExitCode.FAILED,
                    "the manifest was changed while it was read: " + String.join(", ", changed),
                    "try again once it is saved");
        }
        return after;
    }

    /**
     * SHA-256 by path, relative to the current folder where the file is in it; nothing for a file that is not there. Folders,
     * whose paths end with a slash, have that of the names of the manifests in them. Pipes are left out: they are read once.
     */
    static SortedMap<String, String> digests(Collection<Path> files) throws IOException {
        Path here = Path.of("").toAbsolutePath();
        SortedMap<String, String> digests = new TreeMap<>();
        for (Path file : files) {
            Path absolute = file.toAbsolutePath().normalize();
            String name = (absolute.startsWith(here) ? here.relativize(absolute) : absolute).toString();
            if (!Files.isReadable(absolute)) {
                digests.put(name, ABSENT);
            } else if (Files.isDirectory(absolute)) {
                String names = ManifestFolder.names(absolute).stream().sorted().collect(Collectors.joining("\0"));
                digests.put(name + "/", Sha256.of(names.getBytes(StandardCharsets.UTF_8)));
            } else if (Files.isRegularFile(absolute)) {
                digests.put(name, Sha256.of(Files.readAllBytes(absolute)));
            }
        }
        return digests;
    }
}
