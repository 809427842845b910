package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import dev.provision.provisioner.views.JunitSuite;
import dev.provision.provisioner.views.JunitXml;
import dev.provision.schema.diagnostics.Diagnostic;

/** What a command did, in files for other programs: whole ones at any time, those of an earlier command until then. */
final class RunReports {

    @Option(names = "--report", paramLabel = "junit=FILE", converter = Junit.class, description = "write what became of each machine into a file, as JUnit XML; also after errors and Ctrl-C. May be repeated")
    private List<Path> files = List.of();

    private final List<JunitSuite> suites = new ArrayList<>();
    private List<Diagnostic> found = List.of();
    private String fleet = "provision";
    private Instant begun = Instant.EPOCH;
    private boolean isBarred;

    boolean areAsked() {
        return !files.isEmpty();
    }

    /**
     * Runs a command. However it ends, the files tell of it: those of an earlier one would be taken for its own.
     *
     * @param name
     *            of the command
     * @param sources
     *            files that the command reads, which no report may overwrite
     */
    int around(String name, Callable<Set<Path>> sources, Callable<Integer> command) throws Exception {
        if (!areAsked()) {
            return command.call();
        }
        spare(sources.call());
        check();
        begun = Instant.now();
        try {
            int code = command.call();
            if (suites.isEmpty()) {
                add(() -> JunitSuite.without(fleet, begun, trouble(name, code)));
            }
            return code;
        } catch (Exception e) {
            tell(e, name);
            throw e;
        }
    }

    private JunitSuite.Trouble trouble(String name, int code) {
        return found.isEmpty() ? new JunitSuite.Trouble(name, "ended with exit code " + code, "")
                : JunitSuite.Trouble.of(name, "the manifest is wrong", found);
    }

    private void tell(Exception exception, String name) {
        if (isBarred) {
            return;
        }
        CommandErrors.Explanation why = CommandErrors.explain(exception, name);
        try {
            add(() -> JunitSuite.without(fleet, begun, new JunitSuite.Trouble(name, why.message(), why.fix())));
        } catch (CommandFailedException e) {
            exception.addSuppressed(e); // the first is the one to be mended
        }
    }

    /** What is wrong with the manifest. */
    void found(List<Diagnostic> problems) {
        found = List.copyOf(problems);
    }

    /** Which fleet the command is about. */
    void about(String name) {
        fleet = name;
    }

    /**
     * Keeps files of others.
     *
     * @throws CommandFailedException
     *             when one of the reports would overwrite one of them
     */
    void spare(Set<Path> sources) {
        for (Path file : files) {
            if (sources.stream().anyMatch(source -> isSame(file, source))) {
                isBarred = true;
                throw new CommandFailedException(ExitCode.USAGE,
                        "the report would overwrite " + file + ", which says what to apply; nothing was touched",
                        "name another file in --report");
            }
        }
    }

    private static boolean isSame(Path file, Path source) {
        try {
            return Files.isSameFile(file, source);
        } catch (IOException e) { // one of them is not there
            return file.toAbsolutePath().normalize().equals(source.toAbsolutePath().normalize());
        }
    }

    /** Before anything is touched. */
    private void check() {
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

    private void write(Path file, String text) {
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
            isBarred = true;
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
