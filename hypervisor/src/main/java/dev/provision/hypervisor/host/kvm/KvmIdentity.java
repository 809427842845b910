package dev.provision.hypervisor.host.kvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.provision.hypervisor.host.procfs.ProcCpu;

/**
 * Names the KVM that a verdict holds for: boot, kernel, KVM modules, CPU, and the test's own program. The CPU is part of
 * it because a virtual machine keeps its boot id when it moves to another host.
 */
final class KvmIdentity {

    private static final Path DEVICE = Path.of("/dev/kvm");

    private KvmIdentity() {}

    /** Empty where a verdict may not be reused: no boot id, or /dev/kvm is not open to this user (now). */
    static Optional<String> ofThisHost() {
        if (!Files.isReadable(DEVICE) || !Files.isWritable(DEVICE)) {
            return Optional.empty();
        }
        try {
            var boot = read(Path.of("/proc/sys/kernel/random/boot_id"));
            var kernel = read(Path.of("/proc/sys/kernel/osrelease"));
            var cpu = ProcCpu.model(Files.readString(Path.of("/proc/cpuinfo")));
            var program = Integer.toHexString(KvmTestProgram.standard().hashCode());
            return Optional.of(String.join(" | ", boot, kernel, modules(Path.of("/sys/module")), cpu, program));
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    /** Names of the loaded KVM modules, with the checksum of their source where the kernel was built to keep it. */
    static String modules(Path modules) throws IOException {
        try (var loaded = Files.list(modules)) {
            return loaded.filter(module -> module.getFileName().toString().startsWith("kvm"))
                    .map(module -> module.getFileName() + "@" + sourceVersion(module))
                    .sorted()
                    .collect(Collectors.joining(" "));
        }
    }

    private static String sourceVersion(Path module) {
        try {
            return read(module.resolve("srcversion"));
        } catch (IOException notKept) {
            return "";
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).strip();
    }
}
