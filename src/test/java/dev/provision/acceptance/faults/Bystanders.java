package dev.provision.acceptance.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.acceptance.Provision;
import dev.provision.hypervisor.MachineId;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Processes that are none of ours, however much they look like it: nothing that we do may end them. */
final class Bystanders implements AutoCloseable {

    private static final Pattern PID = Pattern.compile("\"pid\" : [0-9]+");

    private final List<Process> processes = new ArrayList<>();

    /** Has the name and UUID of the machine's VMM, and a monitor where another store would have it. */
    void pretend(MachineId machine) throws IOException {
        start("-name", machine.toString(), "-uuid", machine.uuid().toString(), "-chardev",
                "socket,id=qmp,path=/run/other/" + machine.uuid() + "/qmp.sock,server=on,wait=off");
    }

    /** From now on the machine's record names a process that has nothing to do with it. */
    void takePidOf(Provision provision, MachineId machine) throws IOException {
        Path record = provision.state()
                .resolve("fleets/" + machine.fleet() + "/machines/" + machine.name() + "/machine.json");
        Matcher pid = PID.matcher(Files.readString(record));
        assertTrue(pid.find(), "the record names no process");
        Files.writeString(record, pid.replaceFirst("\"pid\" : " + start("sleep").pid()));
    }

    /** It sleeps under a name of its own, with these arguments. */
    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("/bin/sh", "-c", "while :; do sleep 1000 & wait; done", "qemu-system-x86_64"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        return process;
    }

    void assertUntouched() throws IOException {
        for (Process process : processes) {
            assertTrue(process.isAlive(), () -> "a process that is not ours has been ended: " + process.info());
            String status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
            assertTrue(!status.contains("State:\tT"), () -> "a process that is not ours has been stopped: " + status);
        }
    }

    @Override
    public void close() {
        for (Process process : processes) {
            List<ProcessHandle> sleeping = process.descendants().toList();
            process.destroyForcibly();
            sleeping.forEach(ProcessHandle::destroyForcibly);
            boolean _ = process.onExit().orTimeout(10, TimeUnit.SECONDS).join().isAlive();
        }
    }
}
