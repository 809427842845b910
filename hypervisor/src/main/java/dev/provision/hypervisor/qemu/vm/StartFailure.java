package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.store.MachineFiles;

/** What QEMU says when it does not start, and what to do about it. */
public final class StartFailure {

    /** A message of QEMU; {@code meaning} may refer to groups of {@code pattern}. */
    private record Known(Pattern pattern, String meaning, String fix, boolean passing) {

        /** Of a cause that may be gone in a moment. */
        Known orSoon() {
            return new Known(pattern, meaning, fix, true);
        }

        DriverException error(String what, Exception cause) {
            return passing ? DriverException.passing(what, fix, cause) : new DriverException(what, fix, cause);
        }
    }

    private static final List<Known> KNOWN = List.of(
            known("Could not set up host forwarding rule '(?:tcp|udp):([^']*?)-:?[0-9.:]*'",
                    "the host address $1 cannot be forwarded: something else listens there, or it is not this host's",
                    "free that port, or change `ports` of the machine").orSoon(),
            known("remote\\.host=([0-9.]+),remote\\.port=([0-9]+).*can't bind .*",
                    "a program of this host holds UDP port $2, where its network is (group $1)",
                    "free that port (`ss -lunp` tells whose it is), or give the network another name"),
            known("tap (pv[0-9a-f]+) cannot (.*)", "the tap $1 of its network cannot $2",
                    "apply again; if it stays so, see what else its vmm.log says, and what uses the bridge").orSoon(),
            known("unable to map backing store for guest RAM|preallocat\\w+ .*|failed to create memfd.*",
                    "its memory cannot be set aside",
                    "see how many huge pages are free (`provision doctor`), or lower `resources.memory.limit`"),
            known("[Cc]annot set up guest memory|Cannot allocate memory",
                    "the host has no memory for it",
                    "lower `resources.memory.max`, or stop other machines").orSoon(),
            known("(?:Could not access KVM|failed to initialize kvm).*",
                    "KVM cannot be used",
                    "give this user access to /dev/kvm (group `kvm`), or run with `--accel=tcg`"),
            known("Failed to get \"(?:write|consistent read)\" lock",
                    "another process has one of its disks open",
                    "end the process that has the disk open (`fuser` tells which)").orSoon(),
            known("No space left on device", "the disk of the machine store is full", "free disk space"),
            known("Too many open files", "too many files are open",
                    "raise the limit of open files (`ulimit -n`)"));

    private StartFailure() {}

    private static Known known(String pattern, String meaning, String fix) {
        return new Known(Pattern.compile(pattern), meaning, fix, false);
    }

    /** What a keeper says that ends before it has a VMM, by its log; one of a limit is of its starter or of the host. */
    private static final List<Known> OF_KEEPERS = List.of(
            known("cannot join .*", "it cannot be put into its control group",
                    "look at who may write to that group, or start the machine again: groups are made anew"),
            known("perl: not found|exec: perl:.*|No such file or directory.*perl|perl: No such file.*",
                    "there is no `perl` on the search path", "install perl"),
            known("POSIX\\.pm", "this perl lacks its module POSIX", "install it (Fedora: perl-POSIX)"),
            known("setpriv: not found|setpriv: No such file.*", "there is no `setpriv` on the search path",
                    "install util-linux"),
            known("fork: .*|[Cc]annot fork.*|Resource temporarily unavailable",
                    "no more processes may be started", "raise the limit of processes (`ulimit -u`)").orSoon());

    /** The error of a keeper that told no pid: nothing of the machine runs. */
    public static DriverException ofKeeper(MachineId id, MachineFiles files, Exception cause) {
        List<String> lines = LogTail.of(files.vmmLog(), 2);
        String line = lines.isEmpty() ? "it did not say why" : String.join("; ", lines);
        for (Known known : OF_KEEPERS) {
            if (known.pattern().matcher(line).find()) {
                return known.error(id + " does not start: " + known.meaning() + " (" + line + ")", cause);
            }
        }
        return new DriverException(id + " does not start: what keeps its VMM ended: " + line,
                "read " + files.vmmLog() + ", then try again", cause);
    }

    /** The error of a VMM that ended before its monitor answered. */
    public static DriverException of(Vm vm) {
        Optional<VmmEnd> end = VmmEnd.of(vm.files()); // first: then its last words are in its log
        List<String> lines = LogTail.of(vm.files().vmmLog(), EndOfVmm.CONSOLE_LINES);
        for (String line : lines.reversed()) {
            for (Known known : KNOWN) {
                Matcher matcher = known.pattern().matcher(line);
                if (matcher.find()) {
                    return known.error(vm.id() + " does not start: "
                            + known.pattern().matcher(matcher.group()).replaceFirst(known.meaning())
                            + " (QEMU: " + line + ")", new IOException(line));
                }
            }
        }
        String what = vm.id() + " does not start: ";
        String fix = "read " + vm.files().vmmLog() + "; check that this QEMU is version 7.2 or newer";
        if (lines.isEmpty()) { // whoever asks it for something it cannot do is told: this may go better the next time
            return DriverException.passing(what + "QEMU ended without a word" + how(end), fix,
                    new IOException("no last words"));
        }
        return new DriverException(what + "QEMU: " + lines.getLast(), fix);
    }

    private static String how(Optional<VmmEnd> end) {
        return end.map(known -> known.violence().map(clause -> ": " + clause).orElse(", exit code " + known.number()))
                .orElse(", and nobody knows how");
    }
}
