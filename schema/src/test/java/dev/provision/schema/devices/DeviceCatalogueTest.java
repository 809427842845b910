package dev.provision.schema.devices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.DeviceSelector.PciAddress;
import dev.provision.schema.fleet.DeviceSelector.PciId;
import dev.provision.schema.fleet.Fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeviceCatalogueTest {

    @TempDir
    private Path folder = Path.of("");

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("devices.yaml"), text);
    }

    private static Fleet fleet(String devices) {
        Problems problems = new Problems();
        return ManifestReader.read(new SourceText("m.yaml",
                "version: 1\nfleet: f\nmachines: {a: {resources: {devices: [" + devices + "]}}}\n"), problems)
                .orElseThrow(() -> new AssertionError(problems.sorted()));
    }

    private static String text(Problems problems) {
        return problems.sorted()
                .stream()
                .map(problem -> problem.span().map(place -> place.line() + ":" + place.column() + " ").orElse("")
                        + problem.code().id() + " " + problem.what() + " | " + problem.why() + " | " + problem.fix())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void namesStandForDevices() throws IOException {
        Problems problems = new Problems();
        DeviceCatalogue catalogue = DeviceCatalogue.read(write("""
                version: 1
                devices:
                  tpu: 1AE0:0027
                  fpga: { pci: 3b:00.0, description: the card in slot 2 }
                """), problems).orElseThrow();
        assertEquals("", text(problems));
        assertEquals(Map.of("tpu", new PciId("1ae0:0027"), "fpga", new PciAddress("0000:3b:00.0")),
                catalogue.devices());
        DeviceCatalogue.check(fleet("tpu, {name: fpga}, 10de:20b0"), Optional.of(catalogue), problems);
        assertEquals("", text(problems));
    }

    @Test
    void unknownNamesAreReportedWithTheirPlace() throws IOException {
        Problems problems = new Problems();
        Path file = write("version: 1\ndevices: { tpu-v4: 1ae0:0027 }\n");
        DeviceCatalogue catalogue = DeviceCatalogue.read(file, problems).orElseThrow();
        DeviceCatalogue.check(fleet("tpu-v4, tpu-v5"), Optional.of(catalogue), problems);
        assertEquals("3:46 PRV-0209 no device is called `tpu-v5` | the device catalogue is " + file
                + " | did you mean `tpu-v4`?", text(problems));
    }

    @Test
    void aMissingCatalogueIsNoMissingManifest() {
        Problems problems = new Problems();
        assertTrue(DeviceCatalogue.read(Path.of("nofile"), problems).isEmpty());
        assertEquals("name the device catalogue, or leave it out; docs/manifest.md tells what one looks like",
                problems.sorted().getFirst().fix());
    }

    @Test
    void aHostWithoutACatalogueKnowsNoName() {
        Problems problems = new Problems();
        DeviceCatalogue.check(fleet("tpu, 10de:20b0"), Optional.empty(), problems);
        assertEquals("3:38 PRV-0209 no device is called `tpu` | this host has no device catalogue"
                + " | write one, devices.yaml, and name it: --devices FILE", text(problems));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "version: 2\\ndevices: {}|1:10 PRV-0107 catalogue version 2 is unknown",
        "devices: {}|1:1 PRV-0104 `version` is missing",
        "version: 1\\ndevices: {a: xyz}|2:14 PRV-0103 `xyz` is no PCI device",
        "version: 1\\ndevices: {a: }|2:11 PRV-0104 `pci` is missing",
        "version: 1\\ndevices: {a: {pci: '10de:20b0', vendor: x}}|2:33 PRV-0101 unknown key `vendor`",
        "version: [|1:11 PRV-0002 not valid YAML"})
    void mistakesAreExplained(String text, String message) throws IOException {
        Problems problems = new Problems();
        assertTrue(DeviceCatalogue.read(write(text.replace("\\n", "\n")), problems).isEmpty());
        assertTrue(text(problems).contains(message), text(problems));
    }
}
