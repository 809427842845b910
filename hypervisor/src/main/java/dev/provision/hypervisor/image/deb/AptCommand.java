package dev.provision.hypervisor.image.deb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.provision.hypervisor.image.build.ImageBuildException;

/** Runs one of apt's programs to its end. */
final class AptCommand {

    /** What the program left: standard output and error are text, in English. */
    record Result(int exitCode, String output, String errors) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }

    private AptCommand() {}

    /** @param folder working folder; {@code apt-get download} writes there */
    static Result run(Path folder, List<String> argv) throws ImageBuildException {
        try {
            // Standard error goes to a file: two pipes read one after the other can block the child.
            Path errors = Files.createTempFile(folder, ".apt-", ".err");
            try {
                return run(folder, argv, errors);
            } finally {
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new ImageBuildException(
                    "cannot run " + argv.getFirst(),
                    String.valueOf(e.getMessage()),
                    "build the image on Debian or Ubuntu, or copy an image folder built there into the image store",
                    e);
        }
    }

    private static Result run(Path folder, List<String> argv, Path errors) throws IOException, ImageBuildException {
        ProcessBuilder builder = new ProcessBuilder(argv)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(errors.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output, Files.readString(errors));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageBuildException(
                    "the image build was interrupted", "while " + argv.getFirst() + " ran", "start it again", e);
        } finally {
            process.destroy();
        }
    }
}
