package dev.provision.hypervisor.image.elf;

import java.util.Map;
import java.util.Optional;

import dev.provision.hypervisor.image.build.ImageBuildException;
import dev.provision.hypervisor.image.cpio.InitramfsEntry;

/** Where the library closure gets files from. */
public interface LibraryProvider {

    /**
     * A file and the links that lead to it.
     *
     * @param owner the package it came from
     * @param path of the file itself, not of a link
     * @param entries everything to add, links and file, by path
     */
    record Provided(String owner, String path, Map<String, InitramfsEntry> entries) {
        public Provided {
            entries = Map.copyOf(entries);
        }
    }

    /** A shared library by its name in DT_NEEDED, wanted by a program of the package {@code wantedBy}. */
    Optional<Provided> library(String name, String wantedBy) throws ImageBuildException;

    /** A file by its absolute path (a dynamic loader), wanted by a program of the package {@code wantedBy}. */
    Optional<Provided> file(String absolutePath, String wantedBy) throws ImageBuildException;
}
