package dev.provision.hypervisor.image.deb;

import java.util.Objects;

/**
 * The version of a package that the package index offers.
 *
 * @param name the package's name
 * @param version Debian version, with epoch
 * @param fileName of the .deb as apt writes it (the epoch's colon as {@code %3a})
 * @param bytes size of the .deb
 * @param sha256 of the .deb, 64 lower-case hex digits
 */
public record PackageVersion(String name, String version, String fileName, long bytes, String sha256) {
    public PackageVersion {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(fileName, "fileName");
        Objects.requireNonNull(sha256, "sha256");
    }
}
