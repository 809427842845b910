package dev.provision.hypervisor.image;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;

import dev.provision.hypervisor.image.deb.Sha256;

/**
 * What the built-in guest consists of. Its digest tells whether an image was made by this recipe; it needs no network
 * and says nothing about package versions, which stand in {@code image.json}.
 */
public final class BuiltinRecipe {
    /** The name manifests use. */
    public static final String IMAGE_NAME = "builtin";

    /** The guest contract the image keeps. */
    public static final int CONTRACT = 1;

    /** To be raised with every change of the builder's code that changes what it builds. */
    private static final int BUILDER_VERSION = 1;

    static final String ARCHITECTURE = "x86_64";
    static final String KERNEL_METAPACKAGE = "linux-image-cloud-amd64";
    static final String KERNEL_PACKAGE_PATTERN = "linux-image-\\d.*";
    static final String BUSYBOX_PACKAGE = "busybox-static";

    /** Programs by the package they come from; all end up in /usr/bin. */
    static final Map<String, List<String>> PROGRAMS = Map.of(
            BUSYBOX_PACKAGE, List.of("busybox"),
            "e2fsprogs", List.of("e2fsck", "mke2fs", "resize2fs"),
            "qemu-guest-agent", List.of("qemu-ga"));

    /** Loaded at boot, with what they depend on. */
    static final List<String> BOOT_MODULES = List.of(
            "virtio_mmio",
            "virtio_console",
            "virtio_blk",
            "virtio_net",
            "virtio_balloon",
            "virtio-rng",
            "qemu_fw_cfg",
            "pvpanic-mmio",
            "button",
            "evdev");

    /** There for modprobe, loaded by who needs them. */
    static final List<String> SPARE_MODULES = List.of("overlay", "virtiofs", "virtio_mem", "virtio_pci");

    private BuiltinRecipe() {}

    /** SHA-256 over the recipe, 64 lower-case hex digits; takes a few milliseconds. */
    public static String digest() {
        MessageDigest digest = Sha256.start();
        add(digest, BUILDER_VERSION + " " + CONTRACT + " " + KERNEL_METAPACKAGE);
        PROGRAMS.keySet().stream().sorted().forEach(name -> add(digest, name + PROGRAMS.get(name)));
        add(digest, BOOT_MODULES + " " + SPARE_MODULES);
        for (GuestFile file : GuestFile.all()) {
            add(digest, file.path() + " " + file.permissions() + " " + file.content().length);
            digest.update(file.content());
        }
        return Sha256.hex(digest);
    }

    /** Whether the image was built by the recipe this version of the program has. */
    public static boolean isCurrent(GuestImage image) {
        return image.recipe().equals(digest());
    }

    private static void add(MessageDigest digest, String line) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
