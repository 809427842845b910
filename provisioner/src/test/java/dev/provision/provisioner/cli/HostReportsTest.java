package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.host.accelerator.AcceleratorDecision;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Chosen;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Refused;
import dev.provision.hypervisor.image.ImageStore;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.provisioner.views.Palette;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What {@code doctor} and {@code image list} say of a host, for hosts that are made up. */
class HostReportsTest {

    @TempDir
    private Path folder = Path.of("");

    private static AcceleratorDecision chosen(Accelerator accelerator, String reason, String... details) {
        return new Chosen(new AcceleratorChoice(accelerator, reason), OptionalInt.empty(), OptionalInt.empty(),
                List.of(details));
    }

    private static List<String> lines(AcceleratorDecision decision) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        DoctorCommand.printText(DoctorCommand.accelerator(decision), out, Palette.PLAIN);
        out.flush();
        return text.toString().lines().toList();
    }

    @Test
    void whatDoesNotWorkIsNotOk() {
        assertEquals(List.of("slow  accelerator tcg: kvm fails: emulation is used instead",
                "                  kvm: kvm fails", "                  load the module"),
                lines(chosen(Accelerator.TCG, "kvm fails: emulation is used instead", "kvm: kvm fails",
                        "load the module")));
        assertEquals(List.of("BAD   accelerator kvm: fails; load the module", "                  kvm: fails"),
                lines(new Refused(Accelerator.KVM, "fails", "load the module", List.of("kvm: fails"))));
    }

    @Test
    void whatWorksOrWasAskedForIs() {
        assertEquals(List.of("ok    accelerator kvm: runs", "                  self-test: 3"),
                lines(chosen(Accelerator.KVM, "runs", "self-test: 3")));
        assertEquals(List.of("ok    accelerator tcg: asked for"), lines(chosen(Accelerator.TCG, "asked for")));
    }

    /** Machines without volumes need nothing of it: the host is as it should be all the same. */
    @Test
    void aHostThatServesNoVolumesIsNoBadOne() {
        var none = DoctorCommand.volumes(Optional.of(new Lack("no virtiofsd", "install QEMU")));
        assertEquals("machines get no folders of this host: no virtiofsd; install QEMU", none.text());
        assertTrue(none.good());
        assertEquals(DoctorCommand.Verdict.GOOD, DoctorCommand.volumes(Optional.empty()).verdict());
    }

    @Test
    void aHostWithoutImagesIsToldHowToBuildOne() throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        ImageCommand.list(new ImageStore(List.of(folder.resolve("images"))), new PrintWriter(out),
                new PrintWriter(err));
        assertEquals("", out.toString());
        assertTrue(err.toString().contains("provision image build builtin"), err.toString());
    }
}
