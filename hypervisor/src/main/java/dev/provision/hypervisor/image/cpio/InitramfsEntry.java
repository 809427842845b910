package dev.provision.hypervisor.image.cpio;

/**
 * One entry of an initramfs. Permissions are the low twelve bits of {@code st_mode}; owner and group are always root and
 * all times are 0, so that the same content gives the same bytes.
 */
public sealed interface InitramfsEntry {

    /** A folder. */
    record Folder(int permissions) implements InitramfsEntry {}

    /** A regular file. The array is not copied: kernels and libraries pass through here once. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; see above
    record RegularFile(int permissions, byte[] content) implements InitramfsEntry {}

    /** A symbolic link; its target is resolved in the guest. */
    record SymbolicLink(String target) implements InitramfsEntry {}

    /** A character device; numbers as in the kernel's Documentation/admin-guide/devices.txt. */
    record CharacterDevice(int permissions, int major, int minor) implements InitramfsEntry {}
}
