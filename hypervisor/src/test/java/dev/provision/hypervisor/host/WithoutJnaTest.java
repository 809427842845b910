package dev.provision.hypervisor.host;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import dev.provision.hypervisor.host.accelerator.AcceleratorProbe;
import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.ProcessSignal;
import dev.provision.hypervisor.host.process.Processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Loading JNA costs every command some 20 ms, so what only reads /proc runs with no JNA on the class path at all. */
@EnabledOnOs(OS.LINUX)
class WithoutJnaTest {

    /** What the child runs. */
    static final class Reader {

        private Reader() {}

        public static void main(String[] arguments) throws Exception {
            assertThrows(ClassNotFoundException.class, () -> Class.forName("com.sun.jna.Native"));
            HostProbe.ofThisHost().facts();
            HostProbe.freeDisk(Path.of("."));
            var self = Processes.ofThisHost().find(ProcessHandle.current().pid()).orElseThrow();
            Processes.ofThisHost().list(argv -> argv.equals(self.argv()));
            var gone = new ProcessIdentity(self.identity().pid(), "other");
            Processes.ofThisHost().signalIfSame(gone, ProcessSignal.KILL);
            AcceleratorProbe.ofThisHost().decide(AcceleratorRequest.TCG);
            AcceleratorProbe.ofThisHost().decide(AcceleratorRequest.HVF);
        }
    }

    @Test
    void readingFactsAndProcessesNeedsNoJna() throws Exception {
        var classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("jna"))
                .collect(Collectors.joining(File.pathSeparator));
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var child = new ProcessBuilder(java, "-cp", classPath, Reader.class.getName()).redirectErrorStream(true)
                .start();
        var output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), output);
    }
}
