package dev.provision.provisioner.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.assembly.Assembly;
import dev.provision.schema.assembly.Inputs;
import dev.provision.schema.devices.DeviceCatalogue;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;

/** Which manifest: {@code FILE…} or {@code -f FILE …}, else {@code machines.yaml} in the current folder. */
final class ManifestArgument {

    static final Path DEFAULT = Path.of("machines.yaml");
    private static final Path STANDARD_INPUT = Path.of("-");

    @Parameters(index = "0", arity = "0..*", paramLabel = "FILE", description = "the manifest, and files to lay over it; a folder stands for the .yaml files in it (default: machines.yaml)")
    private List<Path> positional = List.of();

    @Option(names = {"-f", "--file"}, paramLabel = "FILE", description = "the same as FILE; may be repeated")
    private List<Path> options = List.of();

    @Option(names = "--devices", paramLabel = "FILE", description = "the host's device catalogue (default for plan and apply: PROVISION_DEVICES, else /etc/provision/devices.yaml or ~/.config/provision/devices.yaml)")
    private @Nullable Path devices;

    @Mixin
    private VariableOptions variables = new VariableOptions();

    /** As they are named on the command line. */
    List<Path> paths() {
        if (!positional.isEmpty() && !options.isEmpty()) {
            throw new CommandFailedException(ExitCode.USAGE,
                    "manifests are named with and without -f: " + positional.getFirst() + ", " + options.getFirst(),
                    "name them in one way: files are laid over each other in their order");
        }
        List<Path> named = !positional.isEmpty() ? positional : !options.isEmpty() ? options : List.of(DEFAULT);
        if (named.contains(STANDARD_INPUT)) {
            // Manifests are read more than once, and include files beside them: standard input can do neither.
            throw new CommandFailedException(ExitCode.USAGE, "a manifest is not read from standard input here",
                    "name a file: `./-` for one of this name; only fmt takes `-`");
        }
        return named;
    }

    /** For messages: {@code base.yaml prod.yaml}. */
    String name() {
        return paths().stream().map(Path::toString).collect(Collectors.joining(" "));
    }

    /** All files that it is made of. */
    SortedSet<Path> files() {
        return Assembly.files(new Inputs(paths(), Map.of(), Map.of()));
    }

    /**
     * All that its meaning depends on: its files, the folders that stand for files, files with values, and the device catalogue.
     *
     * @param catalogue
     *            this host's own, when none is named; it need not be there
     */
    SortedSet<Path> sources(Path catalogue) {
        SortedSet<Path> sources = new TreeSet<>(files());
        sources.addAll(paths().stream().filter(Files::isDirectory).toList());
        sources.addAll(variables.files());
        sources.add(devices != null ? devices : catalogue);
        return sources;
    }

    /** As {@link #sources(Path)}, with this host's own catalogue. */
    SortedSet<Path> sourcesHere() {
        return sources(Directories.ofEnvironment(System.getenv()).devices());
    }

    /** The saved plan that is named instead of a manifest. */
    Optional<Path> savedPlan() {
        List<Path> paths = paths();
        return paths.size() == 1 && PlanFile.isPlan(paths.getFirst()) ? Optional.of(paths.getFirst())
                : Optional.empty();
    }

    /** The first of its files. */
    Path first() {
        return paths().getFirst();
    }

    /** Nobody named a manifest and there is none to fall back to. */
    boolean isLeftToChance() {
        return positional.isEmpty() && options.isEmpty() && Files.notExists(DEFAULT);
    }

    private Inputs inputs(Problems problems) {
        paths().stream().filter(PlanFile::isPlan).findFirst().ifPresent(plan -> {
            throw new CommandFailedException(ExitCode.USAGE, "`" + plan + "` is a saved plan, not a manifest",
                    "look at it: provision show " + plan + ", or apply it, by itself: provision apply " + plan);
        });
        VariableOptions.Values given = variables.values(problems);
        return new Inputs(paths(), given.values(), System.getenv(), given.places());
    }

    /** The manifest's profiles, each as a machine by itself. */
    SortedMap<String, MachineSpec> profiles() {
        return ManifestReader.profiles(inputs(new Problems()));
    }

    /** The fleet; absent when the manifest has errors, which are then in {@code problems}. */
    Optional<Fleet> read(Problems problems) {
        Inputs inputs = inputs(problems);
        if (problems.hasErrors()) {
            return Optional.empty(); // what the files with values do not give is missing everywhere
        }
        Optional<Fleet> fleet = ManifestReader.read(inputs, problems);
        if (devices != null) {
            checkDevices(fleet, devices, problems);
        }
        return problems.hasErrors() ? Optional.empty() : fleet;
    }

    /** As {@link #read}, and looks names of devices up in this host's catalogue. */
    Optional<Fleet> readForThisHost(Path catalogue, Problems problems) {
        Optional<Fleet> fleet = read(problems);
        if (devices == null) {
            if (Files.exists(catalogue)) {
                checkDevices(fleet, catalogue, problems);
            } else {
                fleet.ifPresent(wanted -> DeviceCatalogue.check(wanted, Optional.empty(), problems));
            }
        }
        return problems.hasErrors() ? Optional.empty() : fleet;
    }

    /** What names of devices stand for on this host; nothing where that has been reported. */
    Map<String, DeviceSelector> deviceNames(Path catalogue) {
        return DeviceCatalogue.names(devices == null ? catalogue : devices);
    }

    private static void checkDevices(Optional<Fleet> fleet, Path catalogue, Problems problems) {
        DeviceCatalogue.read(catalogue, problems)
                .ifPresent(known -> fleet
                        .ifPresent(wanted -> DeviceCatalogue.check(wanted, Optional.of(known), problems)));
    }
}
