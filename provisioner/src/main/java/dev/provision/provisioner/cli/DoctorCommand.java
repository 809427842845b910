package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import dev.provision.hypervisor.host.HostFacts;
import dev.provision.hypervisor.host.HostProbe;
import dev.provision.hypervisor.host.LinuxHugePages;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Chosen;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Refused;
import dev.provision.hypervisor.host.pci.SysfsPci;
import dev.provision.hypervisor.qemu.KeeperProgram;
import dev.provision.hypervisor.qemu.QemuVersion;
import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.hypervisor.qemu.isolation.UserSeparation;
import dev.provision.hypervisor.store.ThisUser;
import dev.provision.hypervisor.store.VmmUserIds;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.HugePagePools;
import dev.provision.provisioner.views.Json;
import dev.provision.provisioner.views.Palette;
import dev.provision.schema.units.Cpus;

/** {@code provision doctor}: can this host run machines, and how? */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = "Checks this host: accelerator, QEMU, processors, devices, images, folders.", footerHeading = "%nExamples:%n", footer = {
    "  provision doctor", "  provision doctor --accel kvm"})
final class DoctorCommand implements Callable<Integer> {

    /** What a finding means to machines. */
    enum Verdict {
        /** As it should be. */
        GOOD,
        /** Machines run, but slowly. */
        SLOW,
        /** Machines run, but less isolated than they could be. */
        WEAK,
        /** No machine can run before it is mended. */
        BAD,
        /** Machines that ask for it cannot run here; others do. */
        NONE,
        /** It belongs to the finding above it. */
        DETAIL
    }

    /** Beside it are all fleets. */
    private static final String NO_FLEET = "";

    /** One thing that was looked at. */
    record Finding(String subject, Verdict verdict, String text) {

        boolean good() {
            return verdict != Verdict.BAD;
        }
    }

    @Mixin
    private AcceleratorOption accelerator = new AcceleratorOption();

    @Mixin
    private Output output = new Output();

    private final List<Finding> findings = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Site site = Site.ofThisHost(accelerator.request());
        host(site.facts());
        findings.addAll(accelerator(site.accelerator()));
        qemu(site.facts());
        HostInventory inventory = new HostInventory(HostProbe.ofThisHost().topology(), new SysfsPci().read(),
                site.store().devicesBeside(NO_FLEET));
        findings.addAll(inventory.findings());
        findings.add(users(site.accelerator(), site.users()));
        findings.add(volumes(site.volumes()));
        images(site);
        folders(site.directories());
        if (output.isJson()) {
            printJson(inventory);
        } else {
            printText(findings, output.out(), output.palette());
        }
        return (findings.stream().allMatch(Finding::good) ? ExitCode.OK : ExitCode.HOST).number();
    }

    private void host(HostFacts facts) {
        note("host", facts.operatingSystem() + " " + facts.architecture() + ", "
                + Share.text(Cpus.of(facts.cpus().usable())) + ", "
                + facts.memory().available().mib() + " of " + facts.memory().total().mib() + " MiB memory available");
        hugePages(LinuxHugePages.ofThisHost()).ifPresent(text -> note("huge pages", text));
        note("java", String.valueOf(Runtime.version()));
    }

    /** Pools that are empty are not worth a line, unless all are. */
    static Optional<String> hugePages(HugePagePools pools) {
        if (pools.isEmpty()) {
            return Optional.empty();
        }
        String text = pools.pools()
                .stream()
                .filter(pool -> pool.total() > 0)
                .map(pool -> pool.free() + " free of " + pool.total() + " of " + pool.page()
                        + (pools.standard().filter(pool.page()::equals).isPresent() ? " (the default size)" : ""))
                .collect(Collectors.joining(", "));
        return Optional.of(text.isEmpty() ? "none set aside (vm.nr_hugepages)" : text);
    }

    /** Software emulation is as it should be only for those who asked for it; else the details say what does not work. */
    static List<Finding> accelerator(AcceleratorDecision decision) {
        List<Finding> findings = new ArrayList<>();
        findings.add(switch (decision) {
            case Chosen chosen -> new Finding("accelerator",
                    chosen.choice().accelerator() == Accelerator.TCG && !chosen.details().isEmpty() ? Verdict.SLOW
                            : Verdict.GOOD,
                    chosen.choice().accelerator().name().toLowerCase(Locale.ROOT) + ": " + chosen.choice().reason());
            case Refused refused -> new Finding("accelerator", Verdict.BAD,
                    refused.requested().qemuName() + ": " + refused.reason() + "; " + refused.remedy());
        });
        decision.details().forEach(detail -> findings.add(new Finding("", Verdict.DETAIL, detail)));
        return findings;
    }

    private void qemu(HostFacts facts) throws InterruptedException {
        String binary = MachineType.ofArchitecture(facts.architecture()).binary();
        Optional<String> version = QemuVersion.of(binary);
        findings.add(new Finding("qemu", verdict(version.isPresent()),
                version.orElse(binary + " cannot be run; install QEMU")));
        if (!KeeperProgram.runs()) {
            findings.add(new Finding("perl", Verdict.BAD,
                    "perl with its module POSIX cannot be run; install perl (Fedora: perl-interpreter and perl-POSIX)"));
        }
    }

    /** VMMs of root run as users of their own; those of others are theirs. */
    static Finding users(AcceleratorDecision decision, UserSeparation users) {
        if (decision instanceof Refused) {
            return new Finding("vmms", Verdict.DETAIL, "not looked at: there is no accelerator");
        }
        Optional<UserSeparation.Obstacle> obstacle = users.obstacle();
        if (obstacle.isPresent()) {
            return new Finding("vmms", Verdict.WEAK,
                    "run as root, and who breaks out of one is root: " + obstacle.get().why() + "; "
                            + obstacle.get().fix());
        }
        return new Finding("vmms", Verdict.GOOD, users.applies()
                ? "run each as a user of its own, " + VmmUserIds.FIRST + " to " + VmmUserIds.LAST
                : "run as you, " + ThisUser.name());
    }

    /** Machines without volumes need nothing of it. */
    static Finding volumes(Optional<DriverCapabilities.Lack> lack) {
        return lack.map(missing -> new Finding("volumes", Verdict.NONE,
                "machines get no folders of this host: " + missing.why() + "; " + missing.fix()))
                .orElseGet(() -> new Finding("volumes", Verdict.GOOD,
                        "machines can get folders of this host, served by virtiofsd as root"));
    }

    private void images(Site site) throws IOException {
        boolean builtin = false;
        for (String name : site.images().names()) {
            var image = site.images().find(name);
            image.ifPresent(found -> note("image",
                    found.name() + ", kernel " + found.kernelRelease() + ", " + found.kernel().getParent()));
            builtin |= name.equals("builtin");
        }
        if (!builtin) {
            findings.add(new Finding("image", Verdict.BAD, "builtin is not built; run: provision image build builtin"));
        }
    }

    private void folders(Directories directories) {
        folder("state", directories.state());
        folder("runtime", directories.runtime());
        folder("cache", directories.cache());
    }

    private void folder(String subject, Path path) {
        Path existing = path;
        while (existing.getParent() != null && Files.notExists(existing)) {
            existing = existing.getParent();
        }
        boolean writable = Files.isWritable(existing);
        findings.add(
                new Finding(subject, verdict(writable), path + (writable ? "" : " cannot be written") + free(path)));
    }

    private static String free(Path path) {
        try {
            return ", " + HostProbe.freeDisk(path).mib() / 1024 + " GiB free";
        } catch (IOException e) {
            return "";
        }
    }

    private void note(String subject, String text) {
        findings.add(new Finding(subject, Verdict.GOOD, text));
    }

    private static Verdict verdict(boolean good) {
        return good ? Verdict.GOOD : Verdict.BAD;
    }

    static void printText(List<Finding> findings, PrintWriter out, Palette palette) {
        for (Finding finding : findings) {
            String mark = switch (finding.verdict()) {
                case GOOD -> palette.green("ok  ");
                case SLOW -> palette.yellow("slow");
                case WEAK -> palette.yellow("weak");
                case NONE -> palette.yellow("none");
                case BAD -> palette.red("BAD ");
                case DETAIL -> "    ";
            };
            out.println(mark + "  " + "%-12s".formatted(finding.subject()) + finding.text());
        }
    }

    private void printJson(HostInventory inventory) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("format", Json.FORMAT);
        document.put("findings", findings.stream()
                .map(finding -> Map.of("subject", finding.subject(), "good", finding.good(), "text", finding.text()))
                .toList());
        document.putAll(inventory.json());
        output.out().println(Json.pretty(document));
    }
}
