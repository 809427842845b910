package dev.provision.hypervisor.image.deb;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

import dev.provision.hypervisor.image.cpio.InitramfsEntry;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.RegularFile;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.SymbolicLink;

/** Reads a .deb as deb(5) describes it: an ar archive with {@code data.tar.*} in it. */
public final class DebFile {
    private static final int PERMISSION_BITS = 07777;

    private DebFile() {}

    /**
     * The regular files and symbolic links whose path (see {@link MergedUsr}) is wanted.
     *
     * @throws IOException when the file cannot be read, is no .deb or is compressed in a way this reader does not know
     */
    public static SortedMap<String, InitramfsEntry> read(Path deb, Predicate<String> wanted) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(deb));
                ArArchiveInputStream members = new ArArchiveInputStream(file)) {
            for (ArArchiveEntry member = members.getNextEntry(); member != null; member = members.getNextEntry()) {
                if (member.getName().startsWith("data.tar")) {
                    return readTar(decompressed(members, member.getName()), wanted);
                }
            }
        }
        throw new IOException(deb + " has no data.tar: it is not a Debian package");
    }

    private static InputStream decompressed(InputStream member, String name) throws IOException {
        String suffix = name.substring("data.tar".length());
        return switch (suffix) {
            case "" -> member;
            case ".gz" -> new GZIPInputStream(member);
            case ".xz" -> new XZInputStream(member);
            default -> throw new IOException("packages compressed as '" + suffix + "' cannot be read");
        };
    }

    @SuppressWarnings("resource") // the stream belongs to the caller
    private static SortedMap<String, InitramfsEntry> readTar(InputStream tar, Predicate<String> wanted)
            throws IOException {
        SortedMap<String, InitramfsEntry> files = new TreeMap<>();
        TarArchiveInputStream entries = new TarArchiveInputStream(new BufferedInputStream(tar));
        for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
            String path = MergedUsr.normalize(entry.getName());
            if (wanted.test(path)) {
                contentOf(entry, entries, files).ifPresent(content -> files.put(path, content));
            }
        }
        return files;
    }

    private static Optional<InitramfsEntry> contentOf(
            TarArchiveEntry entry, InputStream content, SortedMap<String, InitramfsEntry> before) throws IOException {
        if (entry.isSymbolicLink()) {
            return Optional.of(new SymbolicLink(entry.getLinkName()));
        } else if (entry.isLink()) {
            // A hard link: its first name came earlier in the archive.
            return Optional.ofNullable(before.get(MergedUsr.normalize(entry.getLinkName())));
        } else if (entry.isFile()) {
            return Optional.of(new RegularFile(entry.getMode() & PERMISSION_BITS, content.readAllBytes()));
        }
        return Optional.empty();
    }
}
