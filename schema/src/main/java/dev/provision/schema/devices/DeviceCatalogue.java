package dev.provision.schema.devices;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.schema.binding.Binder;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.TextFiles;
import dev.provision.schema.document.YamlReader;
import dev.provision.schema.fleet.DeviceRequest;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;

/**
 * Names for devices of a host, {@code devices.yaml}. Manifests name what they need, each host says what that is there.
 *
 * @param source
 *            the file, for messages
 */
public record DeviceCatalogue(String source, SortedMap<String, DeviceSelector> devices) {

    private static final int VERSION = 1;
    private static final TextFiles.Advice ADVICE = new TextFiles.Advice(
            "name the device catalogue, or leave it out; docs/manifest.md tells what one looks like",
            "leave out the devices that no machine asks for");

    public DeviceCatalogue {
        devices = Collections.unmodifiableSortedMap(new TreeMap<>(devices));
    }

    /** Reads a catalogue; empty when it cannot be read or has mistakes, which have then been reported. */
    public static Optional<DeviceCatalogue> read(Path file, Problems problems) {
        Problems found = new Problems();
        Optional<DeviceCatalogue> catalogue = TextFiles.read(file, ADVICE, found)
                .flatMap(text -> YamlReader.readMapping(text, found))
                .map(root -> bind(file, root, found));
        problems.addAll(found.sorted());
        return found.hasErrors() ? Optional.empty() : catalogue;
    }

    /** What names stand for in a catalogue; none where there is none, or it cannot be read. */
    public static SortedMap<String, DeviceSelector> names(Path file) {
        return Files.exists(file) ? read(file, new Problems()).map(DeviceCatalogue::devices).orElse(new TreeMap<>())
                : new TreeMap<>();
    }

    private static DeviceCatalogue bind(Path file, Mapping root, Problems problems) {
        CatalogueEntry written = new Binder(problems).bind(CatalogueEntry.class, root);
        SortedMap<String, DeviceSelector> devices = new TreeMap<>();
        if (written != null && written.version() != null && written.version() != VERSION) {
            problems.add(Diagnostic
                    .error(Code.UNSUPPORTED_VERSION, root.spanAt(List.of("version")),
                            "catalogue version " + written.version() + " is unknown")
                    .fix("write `version: " + VERSION + "`"));
        }
        if (written != null && written.devices() != null) {
            written.devices().forEach((name, device) -> {
                if (device.pci() != null) {
                    devices.put(name, device.pci());
                }
            });
        }
        return new DeviceCatalogue(file.toString(), devices);
    }

    /** Reports the machines that name a device which is not in the catalogue, or that name one where there is none. */
    public static void check(Fleet fleet, Optional<DeviceCatalogue> catalogue, Problems problems) {
        for (FleetMachine machine : fleet.machines().values()) {
            List<DeviceRequest> requests = machine.spec().resources().devices();
            for (int i = 0; i < requests.size(); i++) {
                if (requests.get(i).device() instanceof DeviceSelector.Named named
                        && catalogue.filter(known -> known.devices().containsKey(named.name())).isEmpty()) {
                    problems.add(unknown(named.name(), catalogue)
                            .at(machine.origin().at("resources", "devices", "[" + i + "]")));
                }
            }
        }
    }

    private static Diagnostic unknown(String name, Optional<DeviceCatalogue> catalogue) {
        Diagnostic problem = Diagnostic.error(Code.UNKNOWN_DEVICE, "no device is called `" + name + "`");
        return catalogue.isEmpty()
                ? problem.why("this host has no device catalogue")
                        .fix("write one, devices.yaml, and name it: --devices FILE")
                : problem.why("the device catalogue is " + catalogue.get().source())
                        .fix(Suggestion.text(name, catalogue.get().devices().keySet(), "add it there"));
    }
}
