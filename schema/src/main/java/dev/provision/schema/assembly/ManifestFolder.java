package dev.provision.schema.assembly;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;

/** A folder that stands for the manifests in it. */
public final class ManifestFolder {

    private ManifestFolder() {}

    private static final Pattern MANIFEST = Pattern.compile("[^.].*\\.ya?ml", Pattern.DOTALL);

    /** Its .yaml and .yml files but the hidden ones, sorted; empty when there are none or it cannot be read, which has then been reported. */
    public static List<Path> files(Path folder, Problems problems) {
        try (Stream<Path> found = Files.list(folder)) {
            List<Path> files = found.filter(ManifestFolder::isManifest).sorted().toList();
            if (files.isEmpty()) {
                problems.add(Diagnostic.error(Code.FILE_UNREADABLE, "the folder `" + folder + "` has no .yaml file")
                        .fix("name a manifest file"));
            }
            return files;
        } catch (IOException e) {
            problems.add(Diagnostic
                    .error(Code.FILE_UNREADABLE, "the folder `" + folder + "` cannot be read: " + e.getMessage())
                    .fix("check its permissions"));
            return List.of();
        }
    }

    /** The names of the manifests in a folder; none when it cannot be read. */
    public static List<String> names(@Nullable Path folder) {
        if (folder == null) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(ManifestFolder::isManifest).map(file -> String.valueOf(file.getFileName())).toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** By its name: one that a folder stands for. */
    public static boolean isManifest(Path file) {
        return MANIFEST.matcher(String.valueOf(file.getFileName())).matches();
    }
}
