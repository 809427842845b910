package dev.provision.hypervisor.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The user that this process is, by number: in containers there are users without a name. */
public final class ThisUser {
    private static final Pattern EFFECTIVE = Pattern.compile("(?m)^Uid:\\s+[0-9]+\\s+([0-9]+)\\s");
    private static final int ID = find();

    private ThisUser() {}

    /** Its effective user id. */
    public static int id() {
        return ID;
    }

    /** Its name; of one without a name, whom Java calls {@code ?}, the number. */
    public static String name() {
        String name = System.getProperty("user.name", "?");
        return name.equals("?") ? Integer.toString(ID) : name;
    }

    public static boolean isRoot() {
        return ID == 0;
    }

    private static int find() {
        try {
            Matcher user = EFFECTIVE
                    .matcher(Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1));
            if (user.find()) {
                return Integer.parseUnsignedInt(user.group(1));
            }
        } catch (IOException e) {
            // No /proc: another system than Linux.
        }
        try {
            Path made = Files.createTempFile("provision-", null);
            try {
                return (Integer) Files.getAttribute(made, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            } finally {
                Files.delete(made);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell which user this is: no file can be made in the folder of "
                    + "temporary files", e);
        }
    }
}
