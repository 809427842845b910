package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The archive that {@code mvn package} leaves, unpacked somewhere else; and the guest in it. */
class InstallationTest {

    private static final Path TARGET = Path.of("../../provisioner/target");

    @TempDir
    private Path folder = Path.of("");

    private Path unpacked() throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(TARGET)) {
            Path archive = files.filter(file -> file.getFileName().toString().matches("provision-.*\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow();
            Path place = Files.createDirectory(folder.resolve("some where"));
            Process tar = new ProcessBuilder("tar", "-xzf", archive.toAbsolutePath().toString(), "-C", place.toString(),
                    "--strip-components=1").start();
            assertTrue(tar.waitFor(1, TimeUnit.MINUTES));
            assertEquals(0, tar.exitValue());
            return place;
        }
    }

    @Test
    void theArchiveRunsFromAnywhere() throws IOException, InterruptedException {
        Path place = unpacked();
        for (String part : List.of("bin/provision", "lib/provision.jar", "schema/machines.schema.json",
                "docs/diagnostics/PRV-0101.md",
                "machines.yaml.example", "guest/builtin/kernel", "README.md", "LICENSE")) {
            assertTrue(Files.exists(place.resolve(part)), part);
        }
        Path work = Files.createDirectory(folder.resolve("work"));
        try (Provision provision = new Provision(work, place.resolve("bin/provision"))) {
            assertTrue(provision.run("version").exits(0).out().startsWith("provision "));
            assertTrue(provision.run("doctor").exits(0).out().contains("builtin"));
            assertTrue(provision.run("explain", "PRV-0101").exits(0).out().startsWith("# PRV-0101"));
            assertEquals(Files.readString(place.resolve("schema/machines.schema.json")),
                    provision.run("schema").exits(0).out());
            provision.write("machines.yaml",
                    "version: 1\nfleet: installed\nmachines: { a: { resources: { memory: 128MiB } } }\n");
            provision.run("apply", "--yes").exits(0);
            assertEquals("a", provision.exec("a", "hostname"));
            provision.run("destroy", "--yes").exits(0);
            assertEquals(List.of(), provision.vmms());
        }
    }

    @Test
    void theSamePackagesGiveTheSameGuest() throws IOException {
        try (Provision provision = new Provision(folder)) {
            provision.run("image", "build", "builtin", "--output", folder.resolve("images/builtin").toString())
                    .exits(0);
            assumeTrue(part(TARGET.resolve("provision/guest/builtin"), "inputs")
                    .equals(part(folder.resolve("images/builtin"), "inputs")),
                    "there are other packages by now than the guest was built from");
            assertEquals(digest(TARGET.resolve("provision/guest/builtin")), digest(folder.resolve("images/builtin")));
            assertEquals(-1, Files.mismatch(TARGET.resolve("provision/guest/builtin/initrd"),
                    folder.resolve("images/builtin/initrd")));
        }
    }

    private static String digest(Path image) throws IOException {
        return part(image, "digest").asText();
    }

    private static JsonNode part(Path image, String key) throws IOException {
        JsonNode part = new ObjectMapper().readTree(Files.readAllBytes(image.resolve("image.json"))).path(key);
        assertFalse(part.isEmpty() && part.asText().isEmpty(), key);
        return part;
    }
}
