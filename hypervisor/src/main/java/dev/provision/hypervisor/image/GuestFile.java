package dev.provision.hypervisor.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One of our own files in the built-in guest. They are resources of this package, below {@code guest/}; which ones and
 * with which permissions stands in {@code guest/files.list}, since a jar keeps neither a folder listing nor modes.
 *
 * @param path in the guest, without a leading slash
 * @param permissions the low twelve bits of {@code st_mode}
 * @param content not copied; read-only
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GuestFile(String path, int permissions, byte[] content) {
    private static final String FOLDER = "guest/";
    private static final String LIST = "files.list";

    /** All of them, in the order of the list. */
    static List<GuestFile> all() {
        List<GuestFile> files = new ArrayList<>();
        for (String line : new String(resource(LIST), StandardCharsets.UTF_8).lines().toList()) {
            int blank = line.indexOf(' ');
            String path = line.substring(blank + 1);
            files.add(new GuestFile(path, Integer.parseInt(line.substring(0, blank), 8), resource(path)));
        }
        return List.copyOf(files);
    }

    private static byte[] resource(String path) {
        try (InputStream in = GuestFile.class.getResourceAsStream(FOLDER + path)) {
            if (in == null) {
                throw new IllegalStateException("the installation is damaged: the resource " + path + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("the installation is damaged: " + e.getMessage(), e);
        }
    }
}
