package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.provision.hypervisor.qemu.vm.AttemptLog;
import dev.provision.hypervisor.qemu.vm.GuestReport;
import dev.provision.hypervisor.qemu.vm.LogTail;
import dev.provision.hypervisor.qemu.vm.VmmEnd;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.PrivateFiles;

/**
 * The logs that a guest and its VMM write, made ready for a boot. What earlier boots have written is cut down here;
 * while the guest runs, the {@link Spawner keeper} of its VMM does so.
 */
final class BootLogs {
    /** Of the console's last boot this much is kept: its end, where a panic is. */
    static final int CONSOLE_KEPT = 1 << 20;

    /** A command's output over all boots is cut to {@link #RUN_KEPT} when it has outgrown this. */
    static final long RUN_MAX = 16 << 20;
    static final int RUN_KEPT = 8 << 20;

    private BootLogs() {}

    /**
     * To be called while the machine's VMM does not run.
     *
     * @return how often the machine's command has been started so far
     */
    static int begin(MachineFiles files) throws IOException {
        int attempts = AttemptLog.before(files.attempts()) + GuestReport.lastOf(files).attempts().count();
        // Before the report goes: counted twice, a number is passed over, but none is given twice.
        PrivateFiles.replace(files.attempts(), (attempts + "\n").getBytes(StandardCharsets.US_ASCII));
        keepEnd(files.consoleLog(), files.lastConsoleLog());
        // Before the record says that it runs: a report of the last boot must not be taken for one of this.
        PrivateFiles.makeEmpty(files.reportLog());
        PrivateFiles.makeEmpty(files.vmmLog());
        PrivateFiles.makeEmpty(files.vmmEnd());
        Files.writeString(files.vmmEnd(), VmmEnd.UNKNOWN); // so that it has its room on the disk: that may be full then
        PrivateFiles.ensure(files.runLog());
        if (Files.size(files.runLog()) > RUN_MAX) {
            PrivateFiles.replace(files.runLog(), LogTail.lastBytes(files.runLog(), RUN_KEPT));
        }
        return attempts;
    }

    /** A start that came to nothing has written nothing: it leaves the log of the boot before it. */
    private static void keepEnd(Path log, Path kept) throws IOException {
        PrivateFiles.ensure(log);
        byte[] end = LogTail.lastBytes(log, CONSOLE_KEPT);
        PrivateFiles.makeEmpty(log); // first, so that a full disk has room for the rest
        if (end.length > 0) {
            PrivateFiles.replace(kept, end);
        }
    }
}
