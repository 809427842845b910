package dev.provision.hypervisor.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.provision.schema.units.ByteSize;

/**
 * What the disks of a store can still take: they are sparse files, of which only what was written is allocated. Java does
 * not tell how much that is, so {@code du} is asked (POSIX; {@code -k}: units of 1,024 bytes).
 */
public final class ThinDisks {

    private static final String DISK = ".img";
    private static final long UNIT = 1024;

    private ThinDisks() {}

    /** Of all disks of all fleets; zero where there are none, or nobody can tell. */
    public static ByteSize promised(StoreLayout layout) throws IOException {
        Path fleets = layout.fleetsDir();
        return hasDisks(fleets) ? growth(du(fleets)) : ByteSize.ZERO;
    }

    /** From the output of {@code du -ak}: KiB, a tab, and a file a line. */
    static ByteSize growth(String du) {
        ByteSize growth = ByteSize.ZERO;
        for (String line : du.lines().toList()) {
            int tab = line.indexOf('\t');
            if (tab > 0 && line.endsWith(DISK)) {
                growth = growth.plus(growth(Path.of(line.substring(tab + 1)), line.substring(0, tab).strip()));
            }
        }
        return growth;
    }

    private static ByteSize growth(Path disk, String kib) {
        try {
            return new ByteSize(Files.size(disk)).minusOrZero(new ByteSize(Long.parseLong(kib) * UNIT));
        } catch (IOException | NumberFormatException e) {
            return ByteSize.ZERO; // removed since: another command destroys it
        }
    }

    private static boolean hasDisks(Path fleets) throws IOException {
        if (!Files.isDirectory(fleets)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(fleets)) {
            return files.anyMatch(file -> file.toString().endsWith(DISK));
        } catch (UncheckedIOException e) {
            return true; // something vanished meanwhile, so there was something
        }
    }

    private static String du(Path fleets) throws IOException {
        List<String> command = List.of("du", "-ak", fleets.toString());
        Process process;
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            return "";
        }
        try (var output = process.getInputStream()) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
