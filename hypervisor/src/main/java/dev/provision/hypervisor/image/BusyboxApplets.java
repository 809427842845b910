package dev.provision.hypervisor.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The names a busybox binary answers to, read from the binary (its {@code applet_names}: sorted, NUL-terminated, an empty
 * one at the end) rather than by running it: it may be of another architecture than this host.
 */
final class BusyboxApplets {
    // In ASCII order these two are the first names of every build that has a shell.
    private static final String FIRST_NAMES = "\0[\0[[\0";

    private BusyboxApplets() {}

    static List<String> in(byte[] binary) throws IOException {
        String text = new String(binary, StandardCharsets.ISO_8859_1);
        int start = text.indexOf(FIRST_NAMES) + 1;
        if (start == 0) {
            throw new IOException("the busybox binary has no list of applets");
        }
        List<String> names = new ArrayList<>();
        for (int end = text.indexOf('\0', start); end > start; end = text.indexOf('\0', start)) {
            names.add(text.substring(start, end));
            start = end + 1;
        }
        return List.copyOf(names);
    }
}
