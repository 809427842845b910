package dev.provision.hypervisor.image.elf;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.provision.hypervisor.image.build.ImageBuildException;
import dev.provision.hypervisor.image.cpio.Initramfs;
import dev.provision.hypervisor.image.cpio.InitramfsEntry;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.RegularFile;
import dev.provision.hypervisor.image.elf.LibraryProvider.Provided;

/**
 * Adds to an initramfs the shared libraries its programs need, and theirs in turn, by the names in DT_NEEDED. Nothing is
 * run for it (ldd would run the program), so the result does not depend on this host's libraries.
 */
public final class LibraryClosure {
    private final Initramfs tree;
    private final LibraryProvider provider;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Set<String> settled = new HashSet<>();

    private record Pending(String owner, String path) {}

    /** Libraries go into the same tree. */
    public LibraryClosure(Initramfs tree, LibraryProvider provider) {
        this.tree = tree;
        this.provider = provider;
    }

    /**
     * Adds what the program at this path of the tree needs.
     *
     * @param owner the package the program is from
     */
    public void addFor(String path, String owner) throws ImageBuildException {
        pending.add(new Pending(owner, path));
        while (!pending.isEmpty()) {
            settle(pending.remove());
        }
    }

    private void settle(Pending program) throws ImageBuildException {
        InitramfsEntry entry = tree.entries().get(program.path());
        if (!(entry instanceof RegularFile file) || !ElfFile.isElf(file.content())) {
            return;
        }
        try {
            ElfFile elf = ElfFile.of(file.content());
            Optional<String> loader = elf.interpreter();
            if (loader.isPresent() && settled.add(loader.get())) {
                add(provider.file(loader.get(), program.owner()), loader.get(), program);
            }
            for (String library : elf.needed()) {
                if (settled.add(library)) {
                    add(provider.library(library, program.owner()), library, program);
                }
            }
        } catch (ElfFormatException e) {
            throw new ImageBuildException(
                    "cannot read the program /" + program.path(),
                    String.valueOf(e.getMessage()),
                    "empty the package cache and build again",
                    e);
        }
    }

    private void add(Optional<Provided> found, String name, Pending wantedBy) throws ImageBuildException {
        Provided provided = found.orElseThrow(() -> new ImageBuildException(
                "the built-in guest misses " + name,
                "/" + wantedBy.path() + " needs it and no package that " + wantedBy.owner() + " depends on has it",
                "run apt-get update and build again"));
        for (Map.Entry<String, InitramfsEntry> entry : provided.entries().entrySet()) {
            tree.put(entry.getKey(), entry.getValue());
        }
        pending.add(new Pending(provided.owner(), provided.path()));
    }
}
