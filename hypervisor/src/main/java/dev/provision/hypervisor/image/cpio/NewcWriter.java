package dev.provision.hypervisor.image.cpio;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.provision.hypervisor.image.cpio.InitramfsEntry.CharacterDevice;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.Folder;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.RegularFile;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.SymbolicLink;

/**
 * Writes an initramfs as a cpio archive in "newc" format, as the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst describes it: a header of 6 + 13 × 8 characters, the name
 * with its NUL, padding to 4, the data, padding to 4; the last entry is {@code TRAILER!!!}. Inode numbers count from 1.
 */
public final class NewcWriter {
    private static final String MAGIC = "070701";
    private static final String TRAILER = "TRAILER!!!";
    private static final int HEADER_BYTES = 110;
    private static final int ALIGNMENT = 4;
    private static final int TYPE_FOLDER = 0040000;
    private static final int TYPE_CHARACTER_DEVICE = 0020000;
    private static final int TYPE_REGULAR = 0100000;
    private static final int TYPE_LINK = 0120000;
    private static final int LINK_PERMISSIONS = 0777;
    private static final byte[] NOTHING = {};

    private final OutputStream out;
    private int inode;

    private NewcWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes the whole archive; the stream stays open. */
    public static void write(Initramfs tree, OutputStream out) throws IOException {
        NewcWriter writer = new NewcWriter(out);
        for (Map.Entry<String, InitramfsEntry> entry : tree.entries().entrySet()) {
            writer.entry(entry.getKey(), entry.getValue());
        }
        writer.record(TRAILER, 0, 0, 0, 0, NOTHING);
    }

    private void entry(String path, InitramfsEntry entry) throws IOException {
        inode++;
        switch (entry) {
            case Folder folder -> record(path, TYPE_FOLDER | folder.permissions(), 2, 0, 0, NOTHING);
            case RegularFile file -> record(path, TYPE_REGULAR | file.permissions(), 1, 0, 0, file.content());
            case SymbolicLink link ->
                record(path, TYPE_LINK | LINK_PERMISSIONS, 1, 0, 0, link.target().getBytes(StandardCharsets.UTF_8));
            case CharacterDevice device ->
                record(path, TYPE_CHARACTER_DEVICE | device.permissions(), 1, device.major(), device.minor(), NOTHING);
        }
    }

    private void record(String name, int mode, int links, int major, int minor, byte[] data) throws IOException {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        int inodeNumber = mode == 0 ? 0 : inode;
        StringBuilder header = new StringBuilder(MAGIC);
        // ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize check
        for (int field : new int[]{inodeNumber, mode, 0, 0, links, 0, data.length, 0, 0, major, minor, path.length + 1,
            0}) {
            header.append(String.format("%08x", field));
        }
        out.write(header.toString().getBytes(StandardCharsets.US_ASCII));
        out.write(path);
        out.write(0);
        pad(HEADER_BYTES + path.length + 1);
        out.write(data);
        pad(data.length);
    }

    private void pad(int written) throws IOException {
        for (int i = written; i % ALIGNMENT != 0; i++) {
            out.write(0);
        }
    }
}
