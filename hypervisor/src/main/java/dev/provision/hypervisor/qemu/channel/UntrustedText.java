package dev.provision.hypervisor.qemu.channel;

import java.util.regex.Pattern;

/** Text that a guest or a VMM wrote, on its way into a message: whatever it holds, a terminal only prints it. */
public final class UntrustedText {
    private static final int CHARS_MAX = 400;

    /** ANSI escape sequences: CSI, OSC, and two-character ones (ECMA-48). */
    private static final Pattern ESCAPES = Pattern
            .compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|[@-_a-z0-9=>])");
    private static final Pattern LINE_ENDS = Pattern.compile("[\r\n\u2028\u2029]+");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}&&[^\t]]");

    private UntrustedText() {}

    /** One line of at most 400 characters, without control and formatting characters; what was cut off shows as …. */
    public static String line(String text) {
        // More than enough for what is kept, so that a text of many MiB costs nothing.
        String head = text.substring(0, Math.min(text.length(), 16 * CHARS_MAX));
        String visible = LINE_ENDS.matcher(ESCAPES.matcher(head).replaceAll("")).replaceAll(" ");
        String clean = CONTROLS.matcher(visible).replaceAll("").stripTrailing();
        if (clean.length() <= CHARS_MAX && head.length() == text.length()) {
            return clean;
        }
        int end = Math.min(clean.length(), CHARS_MAX);
        boolean splitsPair = end > 0 && Character.isHighSurrogate(clean.charAt(end - 1));
        return clean.substring(0, splitsPair ? end - 1 : end) + "…";
    }
}
