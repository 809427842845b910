package dev.provision.provisioner.views;

/**
 * A manifest before and after formatting.
 *
 * @param name
 *            its path as the person gave it
 */
public record FormattedFile(String name, String original, String formatted) {

    public boolean isChanged() {
        return !original.equals(formatted);
    }
}
