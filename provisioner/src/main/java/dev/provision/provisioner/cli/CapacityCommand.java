package dev.provision.provisioner.cli;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.provision.planner.capacity.CapacityCheck;
import dev.provision.planner.capacity.Claim;
import dev.provision.planner.capacity.Headroom;
import dev.provision.planner.capacity.Headroom.Fit;
import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.plan.Planner;
import dev.provision.provisioner.views.CapacityView;
import dev.provision.provisioner.views.Json;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.fleet.MachineSpec;

/** {@code provision capacity}: how many more machines fit on this host? */
@Command(name = "capacity", mixinStandardHelpOptions = true, description = "Shows how many more machines of each profile fit on this host, beside what the manifest wants; touches nothing.", footerHeading = "%nExamples:%n", footer = {
    "  provision capacity", "  provision capacity --profile small staging.yaml",
    "  provision capacity --machine-cpus 2 --machine-memory 4GiB", "  provision capacity -o json | jq .kinds"})
final class CapacityCommand implements Callable<Integer> {

    /** What a machine of which nothing is said is called, where there are no profiles. */
    private static final String DEFAULT = "default";

    @Mixin
    private ManifestArgument manifest = new ManifestArgument();

    @Option(names = "--profile", paramLabel = "NAME", description = "only this profile; may be repeated")
    private List<String> profiles = List.of();

    @Mixin
    private MachineSize size = new MachineSize();

    @Mixin
    private PoolOptions pool = new PoolOptions();

    @Mixin
    private AcceleratorOption accelerator = new AcceleratorOption();

    @Mixin
    private ProblemOutput output = new ProblemOutput();

    @Override
    public Integer call() throws Exception {
        Problems problems = new Problems();
        boolean without = manifest.isLeftToChance();
        Optional<Fleet> read = without ? Optional.of(nothing()) : manifest.read(problems);
        if (read.isEmpty()) {
            output.problems(problems.sorted());
            return ExitCode.INVALID.number();
        }
        Fleet fleet = pool.applyTo(read.get());
        SortedMap<String, MachineSpec> kinds = kinds(without ? new TreeMap<>() : manifest.profiles());
        Site site = Site.toLookAt(accelerator.request());
        ObservedFleet observed = without ? new ObservedFleet("", new TreeMap<>(), new TreeMap<>())
                : site.observer().observe(fleet.name());
        Planner.Host host = site.naming(manifest.deviceNames(site.directories().devices()))
                .host(fleet.name(), machines(fleet, kinds));
        Accelerator by = host.accelerator().accelerator();
        ResourcePool has = ResourcePool.of(fleet.policy(), host.capacity(), observed, by);
        List<Claim> claims = Claim.of(fleet);
        Problems ofFleet = new Problems();
        CapacityCheck.run(claims, fleet.policy(), observed, host.capacity(), by, has, ofFleet);
        Headroom headroom = new Headroom(claims, fleet.policy(), observed, host.capacity(),
                host.driver(), has);
        List<Fit> fits = kinds.entrySet().stream().map(kind -> headroom.fit(kind.getKey(), kind.getValue())).toList();
        show(new CapacityView(fleet.name(), !ofFleet.hasErrors(), has, headroom.left(), fits));
        return ExitCode.OK.number();
    }

    private void show(CapacityView view) {
        if (output.isJson()) {
            output.out().println(Json.pretty(view.json()));
        } else {
            view.print(output.out(), output.palette());
        }
        output.out().flush();
    }

    /** What is asked for: a size, some profiles, else all profiles, else a machine of which nothing is said. */
    private SortedMap<String, MachineSpec> kinds(SortedMap<String, MachineSpec> known) {
        SortedMap<String, MachineSpec> kinds = new TreeMap<>();
        size.spec().ifPresent(spec -> kinds.put("this size", spec));
        for (String name : profiles) {
            MachineSpec spec = known.isEmpty() && name.equals(DEFAULT) ? MachineSize.standard() : known.get(name);
            if (spec == null) {
                throw new CommandFailedException(ExitCode.USAGE,
                        "no profile is called `" + name + "`, or it is not a machine by itself",
                        Suggestion.text(name, known.keySet(), "define it under `profiles:`"));
            }
            kinds.put(name, spec);
        }
        if (kinds.isEmpty()) {
            kinds.putAll(known);
        }
        if (kinds.isEmpty()) {
            kinds.put(DEFAULT, MachineSize.standard());
        }
        return kinds;
    }

    private static List<MachineSpec> machines(Fleet fleet, SortedMap<String, MachineSpec> kinds) {
        return Stream.concat(fleet.machines().values().stream().map(FleetMachine::spec), kinds.values().stream())
                .toList();
    }

    private static Fleet nothing() {
        return new Fleet("", HostPolicy.DEFAULT, new TreeMap<>(), new TreeMap<>());
    }
}
