package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.cgroup.ControlGroups;

/**
 * Why a VMM is gone, from what it and its guest left behind: nobody watched it end, there is no daemon.
 */
public final class EndOfVmm {
    public static final int CONSOLE_LINES = 20;
    private static final String PANIC = "Kernel panic - not syncing: ";

    private EndOfVmm() {}

    /**
     * One clause without a full stop, the likeliest reason first.
     *
     * @param groups
     *            the control groups it was in
     */
    public static String reason(Vm vm, List<Path> groups) {
        Optional<VmmEnd> end = VmmEnd.of(vm.files());
        return outOfMemory(groups).or(() -> violence(vm, end))
                .or(() -> panic(vm).map(message -> "the guest's kernel panicked: " + message))
                .or(() -> lastWords(vm).map(line -> "QEMU ended: " + line))
                .or(() -> failure(vm))
                .or(() -> poweredOff(vm))
                .or(() -> end.filter(known -> known.number() != 0)
                        .map(known -> "QEMU ended with exit code " + known.number()))
                .or(() -> silent(vm))
                .or(() -> end.map(_ -> "the guest reset or switched off its machine, and did not say why"))
                .orElse("its VMM ended without a word: it was killed, or the host went down or ran out of memory");
    }

    /** What nobody in the guest can bring about, or feign on its console. */
    private static Optional<String> violence(Vm vm, Optional<VmmEnd> end) {
        return end.flatMap(VmmEnd::violence)
                .map(clause -> clause + lastWords(vm).map(line -> "; it said: " + line).orElse(""));
    }

    private static Optional<String> outOfMemory(List<Path> groups) {
        if (!ControlGroups.ranOutOfMemory(groups)) {
            return Optional.empty();
        }
        return Optional.of(ControlGroups.reachedItsMemoryLimit(groups)
                ? "its VMM took more than memory.hard and its own needs, and the kernel ended it"
                : "the host, or what confines this machine's host, ran out of memory, and the kernel ended its VMM");
    }

    /** The guest's kernel has panicked, by its console. */
    public static Optional<String> panic(Vm vm) {
        return LogTail.of(vm.files().consoleLog(), 200)
                .stream()
                .filter(line -> line.contains(PANIC))
                .map(line -> line.substring(line.indexOf(PANIC) + PANIC.length()))
                .findFirst();
    }

    /** The last line of QEMU's own. */
    public static Optional<String> lastWords(Vm vm) {
        List<String> lines = LogTail.of(vm.files().vmmLog(), CONSOLE_LINES)
                .stream()
                .filter(line -> !line.contains("warning:"))
                .toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast());
    }

    private static Optional<String> failure(Vm vm) {
        try {
            return GuestReport.read(vm.files().reportLog())
                    .failures()
                    .stream()
                    .findFirst()
                    .map(failure -> "the guest failed at " + failure.phase() + ": " + failure.message());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> poweredOff(Vm vm) {
        return LogTail.of(vm.files().consoleLog(), 5).stream().anyMatch(line -> line.contains("reboot: Power down"))
                ? Optional.of("the guest powered itself off")
                : Optional.empty();
    }

    /** A guest that resets ends its VMM (-no-reboot); one that resets before its kernel speaks cannot load it. */
    private static Optional<String> silent(Vm vm) {
        return LogTail.of(vm.files().consoleLog(), 1).isEmpty()
                ? Optional.of("it ended before the guest's kernel said anything: "
                        + "too little memory for the kernel, or it was killed")
                : Optional.empty();
    }

    /** The VMM, in these control groups, has ended although it should not. */
    public static DriverException unexpected(Vm vm, List<Path> groups, String during) {
        return new DriverException(vm.id() + ": " + reason(vm, groups) + " (" + during + ")",
                "read " + vm.files().consoleLog() + " and " + vm.files().vmmLog() + ", then apply again",
                LogTail.of(vm.files().consoleLog(), CONSOLE_LINES));
    }
}
