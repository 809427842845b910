package dev.provision.schema.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.assembly.Inputs;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ProfileSpecsTest {

    @TempDir
    private Path folder = Path.of("");

    private SortedMap<String, MachineSpec> profiles(String text) throws IOException {
        return ManifestReader.profiles(Inputs.of(Files.writeString(folder.resolve("m.yaml"), text)));
    }

    @Test
    void aProfileIsAMachineWithDefaultsAndWhatItExtends() throws IOException {
        SortedMap<String, MachineSpec> profiles = profiles("""
                version: 1
                fleet: lab
                defaults: { profile: other, resources: { cpus: 2 } }
                profiles:
                  small: { resources: { memory: 256MiB } }
                  wide: { extends: small, resources: { cpus: 4 } }
                  other: { resources: { storage: 1 } }
                machines: {}
                """);
        assertEquals(Map.of("small", "2 256 MiB false", "wide", "4 256 MiB false", "other", "2 512 MiB true"),
                Map.copyOf(mapped(profiles)));
    }

    private static Map<String, String> mapped(SortedMap<String, MachineSpec> profiles) {
        SortedMap<String, String> texts = new TreeMap<>();
        profiles.forEach((name, spec) -> {
            Cpus cpus = spec.resources().cpus().limit();
            ByteSize memory = spec.resources().memory().limit();
            texts.put(name, cpus + " " + memory + " " + spec.resources().storage().isPresent());
        });
        return texts;
    }

    @Test
    void whatIsNoMachineByItselfIsLeftOut() throws IOException {
        assertEquals(Map.of(), profiles("""
                version: 1
                fleet: lab
                profiles:
                  part: { resources: { cpus: { request: 2, limit: 1 } } }
                machines: {}
                """));
        assertEquals(Map.of(), profiles("version: 1\nfleet: lab\nmachines: {}\n"));
    }
}
