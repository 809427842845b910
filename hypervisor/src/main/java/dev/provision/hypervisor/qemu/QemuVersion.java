package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Which QEMU there is. */
public final class QemuVersion {

    private static final long SECONDS = 10;

    private QemuVersion() {}

    /** The first line of {@code BINARY --version}; empty when it cannot be run. */
    public static Optional<String> of(String binary) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(binary, "--version").redirectErrorStream(true).start();
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? text.lines().findFirst() : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
