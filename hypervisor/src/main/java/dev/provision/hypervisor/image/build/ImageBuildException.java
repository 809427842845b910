package dev.provision.hypervisor.image.build;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * An image could not be built. The three parts are sentences for a user: what went wrong, why, and what to do about it.
 */
public final class ImageBuildException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String why;
    private final String fix;

    /**
     * @param what what could not be done
     * @param why the reason, with the tool's own words when there are any
     * @param fix what the user or an administrator can do
     */
    public ImageBuildException(String what, String why, String fix) {
        this(what, why, fix, null);
    }

    /** As the other constructor, with the exception that led here, kept for logs and never shown. */
    public ImageBuildException(String what, String why, String fix, @Nullable Throwable cause) {
        super(what + ": " + why + "; " + fix, cause);
        this.what = what;
        this.why = why;
        this.fix = fix;
    }

    /** What could not be done. */
    public String what() {
        return what;
    }

    /** Why. */
    public String why() {
        return why;
    }

    /** What to do about it. */
    public String fix() {
        return fix;
    }
}
