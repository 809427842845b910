package dev.provision.acceptance.driver;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.MachineId;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A machine that a contract is tried on. */
record Subject(Driver driver, MachineId id) {

    static final Duration GRACE = Duration.ofSeconds(60);

    void boot(MachineSpec spec) throws DriverException, InterruptedException {
        driver.create(id, spec);
        driver.start(id, spec);
        driver.awaitReady(id, spec);
    }

    ObservedMachine observed() throws DriverException, InterruptedException {
        return Objects.requireNonNull(driver.observe(id.fleet()).machines().get(id.name()), id + " leaves no trace");
    }

    MachineState state() throws DriverException, InterruptedException {
        return observed().state();
    }

    /** Its VMM runs, and answers. */
    MachineState.Running running() throws DriverException, InterruptedException {
        return assertInstanceOf(MachineState.Running.class, state());
    }

    /** What a command in the guest prints, which has to succeed. */
    String inGuest(String script) throws DriverException, InterruptedException {
        ExecResult result = driver.exec(id, List.of("sh", "-c", script), new byte[0]);
        assertEquals(0, result.exitCode(), new String(result.stderr(), StandardCharsets.UTF_8));
        return new String(result.stdout(), StandardCharsets.UTF_8).strip();
    }

    /** MemTotal in the guest, in MiB. */
    long memoryMib() throws DriverException, InterruptedException {
        return Long.parseLong(inGuest("awk '/MemTotal/ {print $2}' /proc/meminfo")) / 1024;
    }

    /** Of the file system at this folder, in MiB. */
    long sizeMib(String mount) throws DriverException, InterruptedException {
        return Long.parseLong(inGuest("df -m " + mount + " | awk 'END {print $2}'"));
    }

    /** What the balloon leaves to the guest, as the driver observes it. */
    void showsMemory(long mib) throws DriverException, InterruptedException {
        long seen = running().memory().orElseThrow().mib();
        assertTrue(Math.abs(seen - mib) <= 1, seen + " MiB, not " + mib);
    }

    void end() throws DriverException, InterruptedException {
        driver.stop(id, Duration.ZERO);
    }
}
