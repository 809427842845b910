package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.process.ObservedProcess;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.ProcessSignal;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.host.process.SignalOutcome;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VmmProcessesTest {
    private static final MachineId ID = new MachineId("ci-lab", "web");
    private static final ProcessIdentity VMM = new ProcessIdentity(4711, "boot:1");
    private static final StoreLayout LAYOUT = new StoreLayout(Path.of("/state"), Path.of("/run/provision"));
    private static final List<String> ARGV = List.of("qemu", "-name", "ci-lab/web", "-uuid", ID.uuid().toString(),
            "-chardev", "socket,id=qmp,path=" + LAYOUT.machine(ID).qmpSocket() + ",server=on");

    /** A host with one process. */
    private record OneProcess(ObservedProcess process) implements Processes {
        @Override
        public Optional<ObservedProcess> find(long pid) {
            return Optional.of(process).filter(it -> it.identity().pid() == pid);
        }

        @Override
        public List<ObservedProcess> list(Predicate<List<String>> argv) {
            return argv.test(process.argv()) ? List.of(process) : List.of();
        }

        @Override
        public SignalOutcome signalIfSame(ProcessIdentity identity, ProcessSignal signal) {
            return SignalOutcome.GONE;
        }
    }

    private static VmmProcesses host(ProcessIdentity identity, List<String> argv, boolean ended) {
        return new VmmProcesses(new OneProcess(new ObservedProcess(identity, argv, "0", ByteSize.ZERO, ended)),
                LAYOUT);
    }

    @Test
    void findsAVmmByItsArgv() throws IOException {
        VmmProcesses vmms = host(VMM, ARGV, false);
        assertEquals(Optional.of(VMM), vmms.find(ID, Optional.empty()));
        assertEquals(Optional.of(VMM), vmms.find(ID, Optional.of(new ProcessIdentity(1, "boot:1"))));
        assertEquals(Optional.empty(), vmms.find(new MachineId("ci-lab", "db"), Optional.empty()));
        assertEquals(List.of("web"), List.copyOf(vmms.ofFleet("ci-lab").keySet()));
    }

    @Test
    void anArgvTellsWhichMachineOfThisStoreItIsOf() {
        VmmProcesses vmms = host(VMM, ARGV, false);
        assertEquals(Optional.of("ci-lab/web"), vmms.machineOf(ARGV));
        assertEquals(Optional.empty(), vmms.machineOf(List.of("nginx", "-name", "ci-lab/web")));
        assertEquals(Optional.empty(), vmms.machineOf(List.of("qemu", "-name", "vm", "-uuid", "1")));
        assertEquals(Optional.empty(), vmms.machineOf(List.of()));
    }

    @Test
    void aPidThatChangedHandsIsNotOurs() throws IOException {
        assertFalse(host(new ProcessIdentity(4711, "boot:2"), ARGV, false).isAlive(ID, VMM));
        assertFalse(host(VMM, List.of("sleep", "1"), false).isAlive(ID, VMM));
        assertFalse(host(VMM, ARGV, true).isAlive(ID, VMM));
    }

    /** The VMM has ended, its keeper has reaped it, and the kernel has given its pid to another process. */
    @Test
    void aPidThatChangedHandsBeforeItIsRecordedIsNotOurs() throws IOException {
        assertEquals(Optional.of(VMM), host(VMM, ARGV, false).identify(ID, VMM.pid()));
        assertEquals(Optional.empty(), host(VMM, List.of("sleep", "1"), false).identify(ID, VMM.pid()));
        assertEquals(Optional.empty(), host(VMM, ARGV, false).identify(new MachineId("ci-lab", "db"), VMM.pid()));
        assertEquals(Optional.empty(), host(VMM, ARGV, true).identify(ID, VMM.pid()));
    }

    /** It has become QEMU this instant, or it is closing its disks. */
    @Test
    void aProcessWithoutArgvIsAlive() throws IOException {
        assertTrue(host(VMM, List.of(), false).isAlive(ID, VMM));
        assertFalse(host(VMM, List.of(), true).isAlive(ID, VMM));
    }
}
