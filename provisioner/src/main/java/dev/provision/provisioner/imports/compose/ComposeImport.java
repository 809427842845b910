package dev.provision.provisioner.imports.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.provision.provisioner.imports.ImportRequest;
import dev.provision.provisioner.imports.Imported;
import dev.provision.provisioner.imports.draft.HostPath;
import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.draft.ManifestDraft;
import dev.provision.provisioner.imports.draft.PortClaims;
import dev.provision.provisioner.imports.draft.Value.Block;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.LabelNames;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Size;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.YamlReader;

/** Turns the services of a Compose file (Compose Specification) into the machines of a manifest. */
public final class ComposeImport {

    /** No Compose file is larger. */
    public static final int MOST_BYTES = 1 << 20;

    private static final int MOST_NAMES = 5;

    private final ImportRequest request;
    private final Remarks remarks;
    private final Interpolation interpolation;
    private final Keys file;

    private ComposeImport(ImportRequest request, Mapping root, Problems problems) {
        this.request = request;
        this.remarks = Remarks.into(problems);
        this.interpolation = new Interpolation(remarks);
        this.file = new Keys(root, remarks, interpolation);
    }

    /** The manifest; absent exactly when {@code problems} has errors afterwards. All remarks are among them too. */
    public static Optional<Imported> convert(ImportRequest request, Problems problems) {
        Optional<Mapping> root = YamlReader.read(request.source(), problems)
                .filter(node -> !problems.hasErrors() && Size.isBearable(node, problems))
                .filter(node -> hasServices(node, problems))
                .map(Mapping.class::cast);
        return root.map(mapping -> new ComposeImport(request, mapping, problems).imported(problems));
    }

    private static boolean hasServices(Node root, Problems problems) {
        boolean found = root instanceof Mapping mapping && !mapping.child("services").entries().isEmpty();
        if (!found) {
            problems.add(Diagnostic.error(Code.MISSING_KEY, root.span(), "there are no `services`")
                    .why("a Compose file is a mapping with its services by name under this key")
                    .fix("name a Compose file"));
        }
        return found;
    }

    private Imported imported(Problems problems) {
        String fleet = fleet();
        List<Service> services = services();
        Networks networks = new Networks(file.below("networks"), remarks);
        Disks disks = new Disks();
        file.below("volumes").ifPresent(Disks::declare);
        HostPath paths = new HostPath(request.way(), place -> interpolation.passedThrough("HOME", place));
        services.forEach(service -> service.convert(interpolation, networks, disks, paths));
        Map<String, MachineDraft> byService = new LinkedHashMap<>();
        services.forEach(service -> byService.put(service.name(), service.machine()));
        Dependencies dependencies = new Dependencies(byService);
        services.forEach(service -> service.finish(dependencies));
        disks.settle();
        List<MachineDraft> machines = List.copyOf(byService.values());
        PortClaims.settle(machines);
        Block settledNetworks = networks.settle();
        remarkFile(machines);
        ManifestDraft manifest = new ManifestDraft("the Compose file " + request.file(), fleet,
                interpolation.variables(fleet), machines, settledNetworks, remarks);
        return new Imported(manifest.text(), machines.size(), problems.sorted());
    }

    private String fleet() {
        Optional<Template> name = file.text("name");
        String wanted = name.map(Template::likely).filter(text -> !text.isEmpty()).orElse(request.folder());
        String fleet = request.fleet().orElse(LabelNames.label(wanted, "imported"));
        if (name.isPresent() && !name.get().text().equals(fleet)) {
            remarks.note(file.place("name"), "the fleet is called `" + fleet + "`",
                    request.fleet().isPresent() ? "that is what --fleet says"
                            : "a fleet's name is a label that no variable changes");
        }
        return fleet;
    }

    private List<Service> services() {
        Keys below = file.below("services").orElseThrow();
        Extension extension = new Extension(below.mapping(), remarks);
        LabelNames names = new LabelNames(below.mapping().entries().keySet());
        List<Service> services = new ArrayList<>();
        for (Entry entry : below.all()) {
            String name = entry.key().text();
            Remarks ofMachine = remarks.ofPart();
            MachineDraft machine = new MachineDraft(
                    names.give(name, "machine", entry.key().span(), ofMachine), entry.key().span(), ofMachine);
            Mapping written = below.below(name).map(Keys::mapping).orElse(Mapping.empty(entry.value().span()));
            services.add(new Service(name, new Keys(extension.resolved(name, written), ofMachine, interpolation),
                    machine));
        }
        return services;
    }

    private void remarkFile(List<MachineDraft> machines) {
        if (file.has("version")) {
            remarks.note(file.place("version"), "`version` needs no counterpart", "Compose itself ignores it");
        }
        String unlimited = names(machines, machine -> !machine.hasResource("memory") || !machine.hasResource("cpus"));
        if (!unlimited.isEmpty()) {
            remarks.note(file.place("services"), "not all limits are said for " + unlimited,
                    "containers may use all of the host; a machine has 1 CPU and 512 MiB unless told otherwise");
        }
        String restarted = names(machines, machine -> machine.hasCommand() && machine.restart().isEmpty());
        if (!restarted.isEmpty()) {
            remarks.note(file.place("services"), "no restart policy is said for " + restarted,
                    "Compose restarts nothing then, a manifest restarts what fails");
        }
        file.finish(Losses.ofFile());
    }

    private static String names(List<MachineDraft> machines, Predicate<MachineDraft> which) {
        List<String> names = machines.stream().filter(which).map(machine -> "`" + machine.name() + "`").toList();
        return names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
                + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
    }
}
