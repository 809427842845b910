package dev.provision.hypervisor.image.deb;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

import dev.provision.hypervisor.image.build.ImageBuildException;

/** Where packages come from. */
public interface PackageSource {

    /** The versions these packages would be installed in; those the index does not know as real packages are left out. */
    List<PackageVersion> find(Collection<String> packageNames) throws ImageBuildException;

    /**
     * The names of the packages that the package directly depends on, alternatives included; works without downloading
     * it, so that a metapackage can be followed.
     */
    List<String> dependenciesOf(String packageName) throws ImageBuildException;

    /**
     * The .deb files, in the order of the versions, verified against size and SHA-256; only those that the cache does not
     * hold are downloaded.
     */
    List<Path> fetch(List<PackageVersion> versions) throws ImageBuildException;
}
