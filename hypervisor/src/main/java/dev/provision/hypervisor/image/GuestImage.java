package dev.provision.hypervisor.image;

import java.nio.file.Path;
import java.util.Objects;

/**
 * An image a machine can boot from.
 *
 * @param name the name manifests use, such as {@code builtin}
 * @param kernel uncompressed ELF kernel with a PVH entry point
 * @param initrd compressed initramfs
 * @param digest SHA-256 over kernel and initrd, 64 lower-case hex digits
 * @param recipe digest of the recipe the image was built by, see {@link BuiltinRecipe}
 * @param kernelRelease what {@code uname -r} says in the guest
 * @param contract version of the guest contract (docs/guest-contract.md) the image keeps, from 1
 */
public record GuestImage(
        String name, Path kernel, Path initrd, String digest, String recipe, String kernelRelease, int contract) {
    public GuestImage {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kernel, "kernel");
        Objects.requireNonNull(initrd, "initrd");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(recipe, "recipe");
        Objects.requireNonNull(kernelRelease, "kernelRelease");
        if (contract < 1) {
            throw new IllegalArgumentException("contract version " + contract + " is below 1");
        }
    }
}
