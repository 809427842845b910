package dev.provision.hypervisor.host.kvm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.host.kvm.KvmTestProgram.Instruction;
import dev.provision.hypervisor.host.kvm.KvmVerdict.Cause;
import dev.provision.hypervisor.host.kvm.KvmVerdict.Unusable;
import dev.provision.hypervisor.host.libc.Errno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/** Against the KVM of the host the tests run on, whatever it is. */
@EnabledOnOs(OS.LINUX)
class KvmSelfTestTest {

    private static final Path DEVICE = Path.of("/dev/kvm");
    private static final Duration SECOND = Duration.ofSeconds(1);

    static boolean kvmOpensOnX86() {
        return Files.isReadable(DEVICE) && Files.isWritable(DEVICE) && "amd64".equals(System.getProperty("os.arch"));
    }

    /** Also on a host that lets this process wait; a test that hangs is seen. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static int openFiles() {
        return Objects.requireNonNull(Path.of("/proc/self/fd").toFile().list()).length;
    }

    /** What the JVM itself has open for a moment is closed again. */
    private static void assertOpenFiles(int expected, String why) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (openFiles() != expected && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertEquals(expected, openFiles(), why);
    }

    @Test
    void givesAVerdictInTimeAndLeaksNothing() throws Exception {
        new KvmSelfTest().run(); // loads JNA, whose files stay open
        var before = openFiles();
        for (var round = 0; round < 5; round++) {
            assertTimeout(PATIENCE, () -> new KvmSelfTest().run());
        }
        assertOpenFiles(before, "nothing is left open");
    }

    @Test
    void saysSoWhereTheDeviceIsMissing(@TempDir Path directory) {
        var test = new KvmSelfTest(directory.resolve("kvm"), KvmTestProgram.standard(), SECOND);
        var verdict = assertInstanceOf(Unusable.class, test.run());
        assertEquals(Cause.MISSING, verdict.cause());
    }

    @Test
    void saysSoWhereTheDeviceIsNotKvm() {
        var test = new KvmSelfTest(Path.of("/dev/null"), KvmTestProgram.standard(), SECOND);
        var observation = assertInstanceOf(KvmObservation.CallRefused.class, test.observe());
        assertEquals(new KvmObservation.CallRefused("KVM_GET_API_VERSION", Errno.ENOTTY), observation);
    }

    /** Every KVM runs this, if slowly: shows that set-up, ports and values are right on a host that fails the test. */
    @Test
    @EnabledIf("kvmOpensOnX86")
    void theLoopGivesTheRightValue() {
        var test = new KvmSelfTest(DEVICE, KvmTestProgram.withoutSse(), Duration.ofSeconds(20));
        var finished = assertInstanceOf(KvmObservation.Finished.class, test.observe());
        assertEquals(KvmTestProgram.FINISHED, finished.value());
        var fast = new KvmObservation.Finished(finished.value(), Duration.ofNanos(60_000), finished.limits());
        assertInstanceOf(KvmVerdict.Usable.class, KvmJudge.judge(fast));
    }

    @Test
    @EnabledIf("kvmOpensOnX86")
    void aGuestThatSpinsIsStoppedAndItsFilesAreClosed() throws Exception {
        new KvmSelfTest().run();
        var before = openFiles();
        var spinning = new KvmTestProgram(List.of(new Instruction("ebfe", "jmp $")));
        var test = new KvmSelfTest(DEVICE, spinning, Duration.ofMillis(200));
        var verdict = assertTimeout(PATIENCE, test::run);
        assertEquals(Cause.TIMED_OUT, assertInstanceOf(Unusable.class, verdict).cause());
        assertOpenFiles(before, "the vCPU's thread has left the guest and closed everything");
    }
}
