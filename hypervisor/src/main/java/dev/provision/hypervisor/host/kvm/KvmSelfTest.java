package dev.provision.hypervisor.host.kvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.host.libc.Errno;
import dev.provision.hypervisor.host.libc.LibC;

/**
 * Finds out whether KVM can run a guest kernel by running guest code. That /dev/kvm opens proves little: nested set-ups
 * exist whose KVM interprets guest kernel code, thousands of times too slowly and with many instructions missing.
 *
 * <p>
 * Bounded: the test runs on a daemon thread of its own. If that does not end in time, the guest's code is overwritten
 * with HLT, which makes a spinning vCPU leave; if even that does not help, the thread is abandoned with its file descriptors, and
 * the verdict is {@link KvmVerdict.Cause#TIMED_OUT}.
 */
public final class KvmSelfTest {

    private static final Path DEVICE = Path.of("/dev/kvm");
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration FAREWELL = Duration.ofMillis(300);

    private final Path device;
    private final KvmTestProgram program;
    private final Duration patience;
    private final AtomicReference<@Nullable KvmTestMachine> running = new AtomicReference<>();

    /** A test of /dev/kvm that returns within 1.5 s whatever KVM does. */
    public KvmSelfTest() {
        this(DEVICE, KvmTestProgram.standard(), PATIENCE);
    }

    KvmSelfTest(Path device, KvmTestProgram program, Duration patience) {
        this.device = device;
        this.program = program;
        this.patience = patience;
    }

    /** Runs the test. Any number of times, also at once on several threads with an instance each. */
    public KvmVerdict run() {
        return KvmJudge.judge(observe());
    }

    KvmObservation observe() {
        var system = System.getProperty("os.name", "");
        if (!system.equals("Linux")) {
            return new KvmObservation.OtherSystem(system);
        }
        if (!Files.exists(device)) { // needs no JNA
            return new KvmObservation.OpenRefused(device.toString(), Errno.ENOENT, "");
        }
        try {
            LibC.load(); // before the clock starts: on a slow host this alone can take a second
        } catch (LinkageError noJna) {
            return new KvmObservation.NoNativeCalls(String.valueOf(noJna.getMessage()));
        }
        return bounded();
    }

    private KvmObservation bounded() {
        var seen = new AtomicReference<KvmObservation>(new KvmObservation.Hung(patience));
        var worker = Thread.ofPlatform().daemon().name("kvm-self-test").start(() -> seen.set(observeDevice()));
        if (ended(worker, patience)) {
            return seen.get();
        }
        var machine = running.get();
        if (machine != null) {
            // Its own thread, as this waits for the machine's lock, which a kernel that hangs in close(2) keeps.
            Thread.ofPlatform().daemon().name("kvm-self-test-stop").start(machine::halt);
            ended(worker, FAREWELL);
        }
        return new KvmObservation.Hung(patience);
    }

    private static boolean ended(Thread thread, Duration limit) {
        try {
            return thread.join(limit);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private KvmObservation observeDevice() {
        try (var kvm = KvmDevice.open(device)) {
            var version = kvm.apiVersion();
            if (version != KvmApi.VERSION) {
                return new KvmObservation.OtherApiVersion(version);
            }
            var architecture = System.getProperty("os.arch", "");
            if (!architecture.equals("amd64")) {
                return new KvmObservation.NoProgram(architecture, kvm.limits());
            }
            return observeGuest(kvm);
        } catch (KvmCallFailed failed) {
            return failed.call().equals("open")
                    ? new KvmObservation.OpenRefused(device.toString(), failed.errno(), group())
                    : new KvmObservation.CallRefused(failed.call(), failed.errno());
        }
    }

    private KvmObservation observeGuest(KvmDevice kvm) throws KvmCallFailed {
        try (var machine = new KvmTestMachine(kvm, program)) {
            running.set(machine);
            return new KvmTestRun(machine, program).observe(kvm.limits().withTscKhz(machine.tscKhz()));
        } finally {
            running.set(null);
        }
    }

    private String group() {
        try {
            return Files.readAttributes(device, PosixFileAttributes.class).group().getName();
        } catch (IOException | UnsupportedOperationException unknown) {
            return "";
        }
    }
}
