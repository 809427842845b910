package dev.provision.schema.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;

/** A folder that stands for the manifests in it. */
public final class ManifestFolder {

    private ManifestFolder() {}

    /** Its .yaml and .yml files, sorted; empty when there are none or it cannot be read, which has then been reported. */
    public static List<Path> files(Path folder, Problems problems) {
        try (Stream<Path> found = Files.list(folder)) {
            List<Path> files = found.filter(file -> file.toString().matches(".*\\.ya?ml")).sorted().toList();
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
}
