package dev.provision.schema.fleet;

import java.util.regex.Pattern;

/** Folders that a guest cannot do without: what is mounted over them hides its programs, devices or settings. */
public final class GuestFolders {

    private static final Pattern VITAL = Pattern
            .compile("/|/(dev|proc|sys)(/.*)?|/(bin|etc|init|lib|lib32|lib64|run|sbin|usr)|/usr/(bin|lib|sbin)"
                    + "|/(run|usr/lib)/provision(/.*)?");

    private GuestFolders() {}

    /**
     * Whether a guest cannot do without this folder.
     *
     * @param folder
     *            an absolute path without a slash at its end
     */
    public static boolean isVital(String folder) {
        return VITAL.matcher(folder).matches();
    }
}
