package dev.provision.hypervisor.image;

/** Every file name of an image folder, format version 1. */
final class ImageFiles {
    static final String KERNEL = "kernel";
    static final String INITRD = "initrd";
    static final String MANIFEST = "image.json";

    private ImageFiles() {}

    /** Held while an image is put into place, beside the image's folder. */
    static String lockOf(String image) {
        return "." + image + ".lock";
    }

    /** Start of the names of folders a build writes to before they become the image. */
    static String stagingPrefixOf(String image) {
        return "." + image + ".new-";
    }

    /** Start of the names of folders that were the image and are about to be deleted. */
    static String retiredPrefixOf(String image) {
        return "." + image + ".old-";
    }
}
