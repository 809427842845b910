package dev.provision.hypervisor.image.cpio;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.hypervisor.image.cpio.InitramfsEntry.Folder;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.RegularFile;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.SymbolicLink;

/**
 * The tree of files of an initramfs, sorted by path. Paths are relative to the root, without a leading slash. Parent
 * folders appear by themselves; the last entry of a path wins.
 */
public final class Initramfs {
    private static final int USUAL_FOLDER = 0755;

    private final TreeMap<String, InitramfsEntry> entries = new TreeMap<>();

    /** Adds or replaces one entry. */
    public Initramfs put(String path, InitramfsEntry entry) {
        if (path.isEmpty() || path.startsWith("/") || path.contains("//") || path.endsWith("/")) {
            throw new IllegalArgumentException("not a path in an initramfs: '" + path + "'");
        }
        addParentsOf(path);
        entries.put(path, entry);
        return this;
    }

    /** Adds a folder with the given permissions. */
    public Initramfs folder(String path, int permissions) {
        return put(path, new Folder(permissions));
    }

    /** Adds a regular file. */
    public Initramfs file(String path, int permissions, byte[] content) {
        return put(path, new RegularFile(permissions, content));
    }

    /** Adds a symbolic link. */
    public Initramfs link(String path, String target) {
        return put(path, new SymbolicLink(target));
    }

    /** Whether there is an entry of exactly this path. */
    public boolean contains(String path) {
        return entries.containsKey(path);
    }

    /** The entries by path, parents before children. */
    public SortedMap<String, InitramfsEntry> entries() {
        return Collections.unmodifiableSortedMap(entries);
    }

    private void addParentsOf(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            entries.putIfAbsent(path.substring(0, slash), new Folder(USUAL_FOLDER));
        }
    }
}
