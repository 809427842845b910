package dev.provision.hypervisor.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.image.build.BuildEvent;
import dev.provision.hypervisor.image.build.ImageBuildException;
import dev.provision.hypervisor.image.deb.PackageSource;
import dev.provision.hypervisor.image.deb.PackageVersion;
import dev.provision.hypervisor.image.deb.SyntheticDebs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Builds the whole image from small packages made here: no apt, no network. */
class BuiltinImageBuilderTest {
    @TempDir
    Path folder;

    private final Map<String, Path> debs = new TreeMap<>();
    private final Map<String, List<String>> dependencies = new TreeMap<>();
    private final List<BuildEvent> events = new ArrayList<>();

    /** The packages of this test as if apt had them. */
    private final class Debs implements PackageSource {
        @Override
        public List<PackageVersion> find(Collection<String> names) {
            return names.stream()
                    .filter(debs::containsKey)
                    .map(name -> new PackageVersion(name, "1.0", name + "_1.0_amd64.deb", 1, "f".repeat(64)))
                    .toList();
        }

        @Override
        public List<String> dependenciesOf(String name) {
            return dependencies.getOrDefault(name, List.of());
        }

        @Override
        public List<Path> fetch(List<PackageVersion> versions) {
            return versions.stream().map(version -> debs.getOrDefault(version.name(), folder)).toList();
        }
    }

    @BeforeEach
    void makePackages() throws IOException {
        debs.putAll(SyntheticDebs.distribution(Files.createDirectory(folder.resolve("debs"))));
        dependencies.putAll(SyntheticDebs.DEPENDENCIES);
    }

    private GuestImage build(Path target) throws ImageBuildException {
        return new BuiltinImageBuilder(new Debs(), events::add).build(target);
    }

    @Test
    void thePackagesDecideTheBytes() throws ImageBuildException, IOException {
        GuestImage first = build(folder.resolve("a/builtin"));
        GuestImage second = build(folder.resolve("b/builtin"));

        assertEquals(first.digest(), second.digest());
        assertEquals(-1, Files.mismatch(first.initrd(), second.initrd()));
        assertEquals(-1, Files.mismatch(first.kernel(), second.kernel()));
        for (Path file : List.of(first.kernel(), first.initrd(), folder.resolve("a/builtin/image.json"))) {
            assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        Path manifest = folder.resolve("a/builtin/image.json");
        assertEquals(-1, Files.mismatch(manifest, folder.resolve("b/builtin/image.json")));
    }

    @Test
    void theImageIsFoundAndSaysWhatItIs() throws ImageBuildException, IOException {
        GuestImage built = build(folder.resolve("store/builtin"));

        GuestImage found = new ImageStore(List.of(folder.resolve("store"))).find("builtin").orElseThrow();
        assertEquals(built, found);
        assertEquals(SyntheticDebs.RELEASE, found.kernelRelease());
        assertTrue(BuiltinRecipe.isCurrent(found));
        List<String> inputs = ImageManifest.read(folder.resolve("store/builtin"))
                .inputs()
                .stream()
                .map(ImageManifest.Input::name)
                .toList();
        assertEquals(List.of("busybox-static", "e2fsprogs", "libc", "linux-image-9-cloud", "qemu-guest-agent"), inputs,
                "only packages something was taken from");
    }

    @Test
    void buildingAgainLeavesTheImageAlone() throws ImageBuildException {
        Path target = folder.resolve("store/builtin");
        GuestImage image = build(target);
        build(target);
        assertEquals(new BuildEvent.Finished(target, image.digest(), true), events.getLast());
    }

    @Test
    void aFailedBuildLeavesNothingBehind() throws IOException {
        debs.remove("libc");
        Path target = folder.resolve("store/builtin");
        ImageBuildException e = assertThrows(ImageBuildException.class, () -> build(target));
        assertEquals("the built-in guest misses /lib64/ld.so", e.what());
        try (Stream<Path> left = Files.list(folder.resolve("store"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aHostWithoutTheKernelPackageIsTold() {
        dependencies.clear();
        ImageBuildException e = assertThrows(ImageBuildException.class, () -> build(folder.resolve("builtin")));
        assertEquals("no kernel package can be found", e.what());
    }
}
