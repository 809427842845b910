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

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import dev.provision.hypervisor.host.HostFacts;
import dev.provision.hypervisor.host.HostProbe;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Chosen;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Refused;
import dev.provision.hypervisor.qemu.QemuVersion;
import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.provisioner.views.Json;
import dev.provision.provisioner.views.Palette;

/** {@code provision doctor}: can this host run machines, and how? */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = "Checks this host: accelerator, QEMU, images, folders.", footerHeading = "%nExamples:%n", footer = {
    "  provision doctor", "  provision doctor --accel kvm"})
final class DoctorCommand implements Callable<Integer> {

    /** One thing that was looked at; {@code good} false means that no machine can run before it is mended. */
    private record Finding(String subject, boolean good, String text) {}

    @Mixin
    private AcceleratorOption accelerator = new AcceleratorOption();

    @Mixin
    private Output output = new Output();

    private final List<Finding> findings = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Site site = Site.ofThisHost(accelerator.request());
        host(site.facts());
        accelerator(site);
        qemu(site.facts());
        images(site);
        folders(site.directories());
        if (output.isJson()) {
            printJson();
        } else {
            printText(output.out(), output.palette());
        }
        return (findings.stream().allMatch(Finding::good) ? ExitCode.OK : ExitCode.HOST).number();
    }

    private void host(HostFacts facts) {
        note("host", facts.operatingSystem() + " " + facts.architecture() + ", " + facts.cpus().usable() + " CPUs, "
                + facts.memory().available().mib() + " of " + facts.memory().total().mib() + " MiB memory available");
        note("java", String.valueOf(Runtime.version()));
    }

    private void accelerator(Site site) {
        switch (site.accelerator()) {
            case Chosen chosen -> note("accelerator",
                    chosen.choice().accelerator().name().toLowerCase(Locale.ROOT) + ": " + chosen.choice().reason());
            case Refused refused -> findings.add(new Finding("accelerator", false,
                    refused.requested().qemuName() + ": " + refused.reason() + "; " + refused.remedy()));
        }
        site.accelerator().details().forEach(detail -> note("", detail));
    }

    private void qemu(HostFacts facts) throws InterruptedException {
        String binary = MachineType.ofArchitecture(facts.architecture()).binary();
        Optional<String> version = QemuVersion.of(binary);
        findings.add(new Finding("qemu", version.isPresent(), version.orElse(binary + " cannot be run; install QEMU")));
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
            findings.add(new Finding("image", false, "builtin is not built; run: provision image build builtin"));
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
        findings.add(new Finding(subject, writable, path + (writable ? "" : " cannot be written") + free(path)));
    }

    private static String free(Path path) {
        try {
            return ", " + HostProbe.freeDisk(path).mib() / 1024 + " GiB free";
        } catch (IOException e) {
            return "";
        }
    }

    private void note(String subject, String text) {
        findings.add(new Finding(subject, true, text));
    }

    private void printText(PrintWriter out, Palette palette) {
        for (Finding finding : findings) {
            String mark = finding.good() ? palette.green("ok ") : palette.red("BAD");
            out.println(mark + "  " + "%-12s".formatted(finding.subject()) + finding.text());
        }
    }

    private void printJson() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("format", Json.FORMAT);
        document.put("findings", findings.stream()
                .map(finding -> Map.of("subject", finding.subject(), "good", finding.good(), "text", finding.text()))
                .toList());
        output.out().println(Json.pretty(document));
    }
}
