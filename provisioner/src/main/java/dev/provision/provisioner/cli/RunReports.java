package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import dev.provision.provisioner.views.JunitSuite;
import dev.provision.provisioner.views.JunitXml;

/** What a command did, in files for other programs: whole ones at any time, those of an earlier command until then. */
final class RunReports {

    @Option(names = "--report", paramLabel = "junit=FILE", converter = Junit.class, description = "write what became of each machine into a file, as JUnit XML; also after errors and Ctrl-C. May be repeated")
    private List<Path> files = List.of();

    private final List<JunitSuite> suites = new ArrayList<>();

    boolean areAsked() {
        return !files.isEmpty();
    }

    /**
     * Before anything is touched.
     *
     * @throws CommandFailedException
     *             when one of the files cannot be written
     */
    void check() {
        for (Path file : files) {
            try {
                if (Files.exists(file) && !Files.isRegularFile(file)) {
                    throw new IOException("it is no file");
                }
                Path temporary = temporary(file);
                Files.createFile(temporary);
                Files.delete(temporary);
            } catch (IOException e) {
                throw failed(file, e, "; nothing was touched");
            }
        }
    }

    /** Adds what was done to one fleet, and writes the files. */
    void add(Supplier<JunitSuite> suite) {
        if (areAsked()) {
            suites.add(suite.get());
            String text = JunitXml.text(suites);
            files.forEach(file -> write(file, text));
        }
    }

    private static void write(Path file, String text) {
        Path temporary = temporary(file);
        try {
            try {
                Files.writeString(temporary, text, StandardOpenOption.CREATE_NEW);
                Files.move(temporary, file.toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw failed(file, e, ", although the command has done its work");
        }
    }

    /** In the same folder, so that it can take the file's place; of this process alone, with permissions as its umask says. */
    private static Path temporary(Path file) {
        Path whole = file.toAbsolutePath();
        return whole.resolveSibling(
                "." + Objects.requireNonNull(whole.getFileName()) + "-" + ProcessHandle.current().pid() + ".tmp");
    }

    private static CommandFailedException failed(Path file, IOException e, String more) {
        String reason = e instanceof NoSuchFileException ? "there is no such folder"
                : e instanceof AccessDeniedException ? "its folder may not be written by you"
                        : String.valueOf(e.getMessage());
        return new CommandFailedException(ExitCode.HOST, "the report " + file + " cannot be written: " + reason + more,
                "name a file in a folder that is there and may be written");
    }

    /** {@code junit=FILE}. */
    static final class Junit implements ITypeConverter<Path> {

        private static final String FORM = "junit=";

        @Override
        public Path convert(String text) {
            if (!text.startsWith(FORM) || text.length() == FORM.length()) {
                throw new TypeConversionException("`" + text + "` names no report; write junit=FILE");
            }
            return Path.of(text.substring(FORM.length()));
        }
    }
}
