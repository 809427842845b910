package dev.provision.provisioner.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.plan.Planner;
import dev.provision.provisioner.cli.ReportOutput.Format;
import dev.provision.provisioner.views.Json;
import dev.provision.schema.ManifestWriter;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;

/** {@code provision validate}: is the manifest right? Looks at no host unless told to. */
@Command(name = "validate", mixinStandardHelpOptions = true, description = "Checks the manifest; touches nothing, and needs no hypervisor.", footerHeading = "%nExamples:%n", footer = {
    "  provision validate", "  provision validate -o sarif staging.yaml > provision.sarif",
    "  provision validate --host --accel kvm", "  provision validate --fill staging.yaml | less"})
final class ValidateCommand implements Callable<Integer> {

    @Mixin
    private ManifestArgument manifest = new ManifestArgument();

    @Option(names = "--host", description = "check too whether the fleet fits this host, as plan does")
    private boolean host;

    @Option(names = "--fill", description = "print the fleet as a manifest that leaves nothing to defaults, profiles, counts or variables")
    private boolean fill;

    @Mixin
    private PoolOptions pool = new PoolOptions();

    @Mixin
    private AcceleratorOption accelerator = new AcceleratorOption();

    @Mixin
    private ReportOutput output = new ReportOutput();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        checkOptions();
        Problems problems = new Problems();
        Optional<Fleet> fleet = manifest.read(problems);
        if (fleet.isPresent() && host) {
            problems.addAll(problemsOnThisHost(fleet.get()));
        }
        if (fleet.isEmpty() || problems.hasErrors()) {
            output.problems(problems.sorted(), manifest);
            return (fleet.isEmpty() ? ExitCode.INVALID : ExitCode.REFUSED).number();
        }
        show(fleet.get(), problems.sorted());
        return ExitCode.OK.number();
    }

    private void checkOptions() {
        if (fill && output.format() == Format.SARIF) {
            throw new CommandFailedException(ExitCode.USAGE, "SARIF holds problems, not a manifest",
                    "use --fill with -o text or -o json");
        }
        boolean ofHost = Stream.of("--cpus", "--mem", "--accel")
                .anyMatch(spec.commandLine().getParseResult()::hasMatchedOption);
        if (ofHost && !host) {
            throw new CommandFailedException(ExitCode.USAGE, "--cpus, --mem and --accel are about a host",
                    "add --host");
        }
    }

    private List<Diagnostic> problemsOnThisHost(Fleet fleet) throws Exception {
        Site site = Site.toLookAt(accelerator.request());
        ObservedFleet observed = site.observer().observe(fleet.name());
        return Planner.converge(pool.applyTo(fleet), observed,
                site.naming(manifest.deviceNames(site.directories().devices())).host(fleet, observed))
                .problems();
    }

    private void show(Fleet fleet, List<Diagnostic> problems) {
        if (fill && output.format() == Format.JSON) {
            output.document(Json.filled(ManifestWriter.document(fleet), problems));
            return;
        }
        output.problems(problems, manifest);
        if (fill) {
            output.out().print(ManifestWriter.yaml(fleet, output.isAscii()));
        } else if (output.format() == Format.TEXT) {
            int machines = fleet.machines().size();
            output.out()
                    .println(manifest.name() + ": fleet " + fleet.name() + " with " + machines
                            + (machines == 1 ? " machine" : " machines") + " is valid"
                            + (host ? " and fits this host" : ""));
        }
    }
}
