package dev.provision.hypervisor.image;

/** Every file name of an image folder, format version 1. */
final class ImageFiles {
    static final String KERNEL = "kernel";
    static final String INITRD = "initrd";
    static final String MANIFEST = "image.json";

    private static final String LOCK = ".lock";

    private ImageFiles() {}

    /** Held while an image is put into place, beside the image's folder. */
    static String lockOf(String image) {
        return "." + image + LOCK;
    }

    /** The image of a folder, or of a lock, of this name. */
    static String imageOf(String file) {
        return file.startsWith(".") && file.endsWith(LOCK) ? file.substring(1, file.length() - LOCK.length()) : file;
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
