package dev.provision.hypervisor.image.elf;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.provision.hypervisor.image.build.ImageBuildException;
import dev.provision.hypervisor.image.cpio.Initramfs;
import dev.provision.hypervisor.image.cpio.InitramfsEntry;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.RegularFile;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.SymbolicLink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LibraryClosureTest {
    private static final String LOADER = "/lib64/ld.so";

    /** Every library is a link to a file of a longer name, in a package named after it. */
    private record Libraries(Map<String, List<String>> needed) implements LibraryProvider {
        @Override
        public Optional<Provided> library(String name, String wantedBy) {
            return Optional.ofNullable(needed.get(name)).map(wants -> {
                RegularFile file = new RegularFile(0644, SyntheticElf.program(LOADER, wants));
                Map<String, InitramfsEntry> entries = Map.of("usr/lib/" + name, new SymbolicLink(name + ".0"),
                        "usr/lib/" + name + ".0", file);
                return new Provided("package-of-" + name, "usr/lib/" + name + ".0", entries);
            });
        }

        @Override
        public Optional<Provided> file(String absolutePath, String wantedBy) {
            String path = absolutePath.substring(1);
            return Optional.of(new Provided("libc", path, Map.of(path, new RegularFile(0755, new byte[0]))));
        }
    }

    private static Initramfs treeWith(List<String> needed) {
        return new Initramfs().file("usr/bin/p", 0755, SyntheticElf.program(LOADER, needed));
    }

    @Test
    void addsLibrariesOfLibrariesOnceEach() throws ImageBuildException {
        Initramfs tree = treeWith(List.of("liba", "libb"));
        Libraries libraries = new Libraries(
                Map.of("liba", List.of("libc"), "libb", List.of("libc", "liba"), "libc", List.of()));

        new LibraryClosure(tree, libraries).addFor("usr/bin/p", "p");

        for (String path : List.of("usr/lib/liba", "usr/lib/libb.0", "usr/lib/libc.0", "lib64/ld.so")) {
            assertTrue(tree.contains(path), path);
        }
    }

    @Test
    void aMissingLibraryNamesItselfAndWhoWantsIt() {
        Initramfs tree = treeWith(List.of("liba"));
        Libraries libraries = new Libraries(Map.of("liba", List.of("libgone")));

        ImageBuildException e = assertThrows(
                ImageBuildException.class, () -> new LibraryClosure(tree, libraries).addFor("usr/bin/p", "p"));

        assertEquals("the built-in guest misses libgone", e.what());
        assertTrue(e.why().contains("/usr/lib/liba.0") && e.why().contains("package-of-liba"), e.why());
    }

    @Test
    void scriptsNeedNothing() throws ImageBuildException {
        Initramfs tree = new Initramfs().file("init", 0755, new byte[]{'#', '!'});
        new LibraryClosure(tree, new Libraries(Map.of())).addFor("init", "p");
        assertEquals(1, tree.entries().size());
    }
}
