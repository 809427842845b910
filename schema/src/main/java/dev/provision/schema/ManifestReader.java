package dev.provision.schema;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.schema.assembly.Assembly;
import dev.provision.schema.assembly.Inputs;
import dev.provision.schema.binding.Binder;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.YamlReader;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetResolver;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.manifest.EntryValidator;
import dev.provision.schema.manifest.ManifestEntry;

/** From a file to a fleet: read, compose, bind, validate, resolve. Needs no host. */
public final class ManifestReader {

    /** The version of the manifest language that this program speaks. */
    public static final int VERSION = 1;

    private ManifestReader() {}

    /** Reads a manifest; the fleet is absent exactly when {@code problems} has errors afterwards. */
    public static Optional<Fleet> read(Path file, Problems problems) {
        return read(Inputs.of(file), problems);
    }

    /** As {@link #read(Path, Problems)}, from several files and with values for variables. */
    public static Optional<Fleet> read(Inputs inputs, Problems problems) {
        Optional<Fleet> fleet = Assembly.of(inputs, problems).flatMap(root -> resolve(root, problems));
        return problems.hasErrors() ? Optional.empty() : fleet;
    }

    /** As {@link #read(Path, Problems)}, from one text, which includes nothing. */
    public static Optional<Fleet> read(SourceText source, Problems problems) {
        Inputs alone = new Inputs(List.of(), Map.of(), Map.of());
        Optional<Fleet> fleet = YamlReader.readMapping(source, problems)
                .flatMap(root -> Assembly.of(List.of(root), alone, problems))
                .flatMap(root -> resolve(root, problems));
        return problems.hasErrors() ? Optional.empty() : fleet;
    }

    /** The profiles of a manifest that {@link #read} finds right, each as a machine by itself; without those that are none. */
    public static SortedMap<String, MachineSpec> profiles(Inputs inputs) {
        return Assembly.of(inputs, new Problems()).map(FleetResolver::profiles).orElseGet(TreeMap::new);
    }

    private static Optional<Fleet> resolve(Mapping mapping, Problems problems) {
        if (mapping.entries().isEmpty()) {
            problems.add(Diagnostic.error(Code.MISSING_KEY, mapping.span(), "the manifest says nothing")
                    .fix("begin with `version: 1`, `fleet: NAME` and `machines:`"));
            return Optional.empty();
        }
        Binder binder = new Binder(problems);
        ManifestEntry written = binder.bind(ManifestEntry.class, mapping);
        if (written == null) {
            return Optional.empty();
        }
        checkVersion(written, mapping, problems);
        checkVariables(mapping.child("variables"), problems);
        checkConstraints(written, binder.readable(mapping), new EntryValidator(problems));
        return Optional.of(FleetResolver.resolve(written, mapping, problems));
    }

    private static void checkVersion(ManifestEntry written, Mapping root, Problems problems) {
        if (written.version() != null && written.version() != VERSION) {
            problems.add(Diagnostic
                    .error(Code.UNSUPPORTED_VERSION, root.spanAt(List.of("version")),
                            "manifest version " + written.version() + " is unknown")
                    .why("this program speaks version " + VERSION)
                    .fix("write `version: " + VERSION + "`, or use a newer provision"));
        }
    }

    private static void checkVariables(Mapping variables, Problems problems) {
        for (Entry variable : variables.entries().values()) {
            String name = variable.key().text();
            if (!name.matches(ManifestEntry.VARIABLE)) {
                problems.add(Diagnostic
                        .error(Code.INVALID_VALUE, variable.key().span(),
                                "`" + name + "` cannot be the name of a variable")
                        .why("no reference could name it")
                        .fix("use letters, digits and underscores, beginning with no digit"));
            }
        }
    }

    /** One entry at a time: an object graph of a whole fleet takes Hibernate Validator twice as long. */
    private static void checkConstraints(ManifestEntry written, Mapping root, EntryValidator validator) {
        if (written.host() != null) {
            validator.check(written.host(), root.child("host"));
        }
        if (written.defaults() != null) {
            validator.check(written.defaults(), root.child("defaults"));
        }
        if (written.profiles() != null) {
            Mapping profiles = root.child("profiles");
            written.profiles().forEach((name, entry) -> validator.check(entry, profiles.child(name)));
        }
        if (written.networks() != null) {
            Mapping networks = root.child("networks");
            written.networks().forEach((name, entry) -> validator.check(entry, networks.child(name)));
        }
        if (written.machines() != null) {
            Mapping machines = root.child("machines");
            written.machines().forEach((name, entry) -> validator.check(entry, machines.child(name)));
        }
    }
}
