package dev.provision.schema.assembly;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.TextFiles;
import dev.provision.schema.document.TextFiles.Advice;

/** A file that another one includes. What is wrong with it as a whole is said of the name that asks for it. */
final class IncludedFile {

    private IncludedFile() {}

    /** Where it is, relative to the file that includes it; empty when no file can have this name, which is then reported. */
    static Optional<Path> path(Path includer, Scalar name, Problems problems) {
        try {
            return Optional.of(includer.resolveSibling(name.text()).normalize());
        } catch (InvalidPathException e) {
            problems.add(Diagnostic.error(Code.FILE_UNREADABLE, name.span(), "no file can have this name")
                    .fix("write the file's path, relative to this one"));
            return Optional.empty();
        }
    }

    static Optional<SourceText> read(Scalar name, Path file, Problems problems) {
        if (Files.isDirectory(file)) {
            problems.add(
                    Diagnostic.error(Code.FILE_UNREADABLE, name.span(), "`" + name.text() + "` is a folder, not a file")
                            .why("a folder stands for its files on the command line only")
                            .fix("name each of its files"));
            return Optional.empty();
        }
        Problems found = new Problems();
        Optional<SourceText> text = TextFiles.read(file, new Advice(missing(name.text(), file), TextFiles.SPLIT),
                found);
        found.sorted().forEach(problem -> problems.add(problem.at(name.span())));
        return text;
    }

    /** What to do when it is not there. */
    private static String missing(String name, Path file) {
        if (name.matches(".*[*?\\[{].*")) {
            return "name each file: patterns stand for nothing here";
        }
        String last = name.substring(name.lastIndexOf('/') + 1);
        return Suggestion.nearest(last, ManifestFolder.names(file.toAbsolutePath().getParent()))
                .map(near -> "did you mean `" + name.substring(0, name.length() - last.length()) + near + "`?")
                .orElse("write the file's path, relative to this one");
    }
}
