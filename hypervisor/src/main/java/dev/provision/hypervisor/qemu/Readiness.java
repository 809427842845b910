package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.HostShortage;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.live.Balloon;
import dev.provision.hypervisor.qemu.live.Pauses;
import dev.provision.hypervisor.qemu.live.Vcpus;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.EndOfVmm;
import dev.provision.hypervisor.qemu.vm.GuestReport;
import dev.provision.hypervisor.qemu.vm.LogTail;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.VmmRecord;
import dev.provision.schema.fleet.MachineSpec;

/** Waits until a machine is what its spec says, seen from inside. */
final class Readiness {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration STATUS_EVERY = Duration.ofSeconds(1);
    private static final Duration AGENT_LEAST = Duration.ofSeconds(5);

    private final MachineStore store;
    private final VmmProcesses vmms;
    private final Probing probing;

    Readiness(MachineStore store, VmmProcesses vmms) {
        this.store = store;
        this.vmms = vmms;
        this.probing = new Probing(store, vmms);
    }

    void await(Vm vm, MachineSpec spec, Runnable whenBooted)
            throws DriverException, InterruptedException, IOException {
        Deadline deadline = Deadline.in(spec.ready().timeout());
        Optional<ProcessIdentity> recorded = store.find(vm.id())
                .flatMap(MachineRecord::process);
        Optional<ProcessIdentity> vmm = vmms.find(vm.id(), recorded);
        awaitBoot(vm, spec, vmm, deadline);
        whenBooted.run();
        if (!spec.isJob()) {
            probing.await(vm, spec, vmm, deadline);
        }
        recordReady(vm);
    }

    private void awaitBoot(Vm vm, MachineSpec spec, Optional<ProcessIdentity> vmm, Deadline deadline)
            throws DriverException, InterruptedException, IOException {
        GuestReport report = awaitReport(vm, spec, vmm, deadline);
        if (spec.isJob()) {
            GuestCheck.requireCpus(vm, spec, report); // it may be gone already: what it reported is all there is
            return;
        }
        // A boot that has used up its time still gets an answer on whether it is what it should be.
        Deadline checks = deadline.remaining().compareTo(AGENT_LEAST) < 0 ? Deadline.in(AGENT_LEAST) : deadline;
        try {
            Balloon.resize(vm, spec.resources().memory().limit(), checks);
            Vcpus.resize(vm, spec.resources().cpus().limit().vcpus(), checks);
            GuestCheck.requireMemory(vm, spec, checks);
            GuestCheck.requireMounts(vm, spec, checks);
        } catch (DriverException e) {
            if (!hasEndedByItself(vm, spec, vmm)) {
                throw e;
            }
        }
    }

    private void recordReady(Vm vm) throws IOException {
        store.update(vm.id(),
                record -> record.vmm().map(VmmRecord::ready).map(record::withVmm).orElse(record));
    }

    /** A command that ends at once takes its machine along, maybe while we still look at it: that is no failure. */
    private boolean hasEndedByItself(Vm vm, MachineSpec spec, Optional<ProcessIdentity> vmm)
            throws DriverException, InterruptedException, IOException {
        if (report(vm, isAlive(vm, vmm)).completion(spec).isEmpty()) {
            return false;
        }
        Deadline gone = Deadline.in(AGENT_LEAST);
        while (isAlive(vm, vmm) && !gone.passed()) {
            gone.pause(POLL);
        }
        return !isAlive(vm, vmm);
    }

    private boolean isAlive(Vm vm, Optional<ProcessIdentity> vmm) throws IOException {
        return vmm.isPresent() && vmms.isAlive(vm.id(), vmm.get());
    }

    /** What the guest of a VMM that runs has reported by now, or that of one that has ended in all. */
    private static GuestReport report(Vm vm, boolean alive) throws IOException {
        return alive ? GuestReport.read(vm.files().reportLog()) : GuestReport.lastOf(vm.files());
    }

    /** Waits until the guest has reported what the spec needs: ready, or for a job that its command was started. */
    private GuestReport awaitReport(Vm vm, MachineSpec spec, Optional<ProcessIdentity> vmm, Deadline deadline)
            throws DriverException, InterruptedException, IOException {
        Deadline nextStatus = Deadline.in(STATUS_EVERY);
        while (true) {
            boolean alive = isAlive(vm, vmm);
            GuestReport report = report(vm, alive);
            requireNoFailure(vm, report);
            if (reached(spec, report)) {
                return report;
            }
            if (!alive) {
                throw EndOfVmm.unexpected(vm, store.groups(vm.id()), "while it booted");
            }
            if (deadline.passed()) {
                throw timeout(vm, spec, report);
            }
            if (nextStatus.passed()) {
                requireRunning(vm, deadline);
                nextStatus = Deadline.in(STATUS_EVERY);
            }
            deadline.pause(POLL);
        }
    }

    private static boolean reached(MachineSpec spec, GuestReport report) {
        return report.ready().isPresent()
                && (!spec.isJob() || report.started() || report.lastExit().isPresent());
    }

    private static void requireNoFailure(Vm vm, GuestReport report) throws DriverException {
        if (!report.failures().isEmpty()) {
            GuestReport.Failure failure = report.failures().getFirst();
            throw new DriverException(vm.id() + ": the guest failed at " + failure.phase() + ": " + failure.message(),
                    "look at the machine's console; when it is the overlay that is damaged, recreate the machine",
                    console(vm));
        }
    }

    /** A VMM can be alive and its guest stopped for good. A monitor that is busy or slow says nothing. */
    private static void requireRunning(Vm vm, Deadline deadline) throws DriverException, InterruptedException {
        try {
            String status = vm.monitor().status(deadline.orIn(STATUS_EVERY));
            if (!status.equals("running") && !status.equals("prelaunch")) {
                Optional<Pauses.Pause> pause = Pauses.in(status, vm);
                throw new DriverException(vm.id() + ": its VMM has stopped the guest: "
                        + pause.map(Pauses.Pause::reason).orElse(status),
                        pause.map(Pauses.Pause::fix).orElse(fixOf(status)), console(vm));
            }
        } catch (QmpException e) {
            return;
        }
    }

    private static String fixOf(String status) {
        return status.equals("internal-error")
                ? "this host's KVM cannot run the guest: run with `--accel=tcg`"
                : "stop the machine and apply again";
    }

    private static DriverException timeout(Vm vm, MachineSpec spec, GuestReport report) {
        String seconds = spec.ready().timeout().toSeconds() + " s";
        Optional<String> panic = EndOfVmm.panic(vm);
        if (panic.isPresent()) {
            return new DriverException(vm.id() + ": the guest's kernel panicked: " + panic.get(),
                    "give it more memory, or look at its console", console(vm));
        }
        if (isFull(vm.files().directory())) {
            return new DriverException(vm.id() + ": what its guest reports cannot be written down: the file system of "
                    + vm.files().directory() + " is full", HostShortage.SPACE.fix(), console(vm));
        }
        if (report.booted()) {
            return new DriverException(vm.id() + ": the guest boots but is not ready after " + seconds,
                    "raise `ready.timeout`, or look at its console for what it waits for", console(vm));
        }
        return new DriverException(vm.id() + ": no sign of life from the guest after " + seconds,
                "raise `ready.timeout` when the host is busy; else check that the image fits this host", console(vm));
    }

    /** Not even a file of one block fits any more, and the next one that is freed is somebody else's. */
    private static boolean isFull(Path directory) {
        try {
            FileStore disk = Files.getFileStore(directory);
            return disk.getUsableSpace() < 2 * disk.getBlockSize();
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> console(Vm vm) {
        return LogTail.of(vm.files().consoleLog(), EndOfVmm.CONSOLE_LINES);
    }
}
