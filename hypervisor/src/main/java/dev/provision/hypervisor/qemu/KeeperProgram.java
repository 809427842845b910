package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What VMMs' keepers are written in. */
public final class KeeperProgram {
    private static final long SECONDS = 10;

    private KeeperProgram() {}

    /** There is a perl here, with the one module that is needed, which Fedora has in a package of its own. */
    public static boolean runs() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("perl", "-MPOSIX", "-e", "1")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
