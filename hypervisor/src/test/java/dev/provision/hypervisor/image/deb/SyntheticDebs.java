package dev.provision.hypervisor.image.deb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

import dev.provision.hypervisor.image.elf.SyntheticElf;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A distribution of a few small packages, with everything the built-in image is made from. */
public final class SyntheticDebs {
    /** The kernel's release. */
    public static final String RELEASE = "9-cloud";

    /** Direct dependencies by package; the metapackage has no .deb. */
    public static final Map<String, List<String>> DEPENDENCIES = Map.of("linux-image-cloud-amd64",
            List.of("linux-image-9-cloud"), "e2fsprogs", List.of("libc", "libunused", "virtual"), "qemu-guest-agent",
            List.of("libc"));

    private static final List<String> MODULES = List.of("virtio_mmio", "virtio_console", "virtio_blk", "virtio_net",
            "virtio_balloon", "virtio-rng", "qemu_fw_cfg", "pvpanic-mmio", "button", "evdev", "overlay", "virtiofs",
            "virtio_mem", "virtio_pci");

    private SyntheticDebs() {}

    /** Writes every package; the result is the .deb by package name. */
    public static Map<String, Path> distribution(Path folder) throws IOException {
        byte[] program = SyntheticElf.program("/lib64/ld.so", List.of("libc.so.6"));
        byte[] busybox = "\0text\0[\0[[\0ash\0cat\0\0more".getBytes(UTF_8);
        Map<String, Path> debs = new TreeMap<>();
        put(debs, folder, "busybox-static", Map.of("./bin/busybox", busybox));
        put(debs, folder, "e2fsprogs",
                Map.of("./sbin/e2fsck", program, "./sbin/mke2fs", program, "./sbin/resize2fs", program));
        put(debs, folder, "qemu-guest-agent", Map.of("./usr/sbin/qemu-ga", program));
        put(debs, folder, "libc", libc());
        put(debs, folder, "libunused", Map.of("./usr/lib/x86_64-linux-gnu/libunused.so", new byte[8]));
        put(debs, folder, "linux-image-9-cloud", kernel());
        return debs;
    }

    private static Map<String, Object> libc() {
        byte[] library = SyntheticElf.program("/lib64/ld.so", List.of());
        return Map.of("./lib/x86_64-linux-gnu/libc.so.6", library, "./lib/x86_64-linux-gnu/ld.so", library,
                "./lib64/ld.so", "/lib/x86_64-linux-gnu/ld.so");
    }

    private static Map<String, Object> kernel() throws IOException {
        Map<String, Object> files = new LinkedHashMap<>();
        files.put("./boot/vmlinuz-" + RELEASE, bzImage());
        for (String module : MODULES) {
            byte[] content = SyntheticElf.withSection(".modinfo", "depends=\0".getBytes(UTF_8));
            files.put("./lib/modules/" + RELEASE + "/kernel/" + module + ".ko", content);
        }
        return files;
    }

    private static byte[] bzImage() throws IOException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(payload)) {
            gzip.write(SyntheticElf.withSection(".text", new byte[100]));
        }
        int code = 512 * 2;
        ByteBuffer image = ByteBuffer.allocate(code + payload.size() + 4).order(ByteOrder.LITTLE_ENDIAN);
        image.put(0x1f1, (byte) 1).putInt(0x202, 0x53726448).putShort(0x206, (short) 0x20f);
        image.putInt(0x24c, payload.size() + 4).position(code).put(payload.toByteArray());
        byte[] bytes = new byte[image.capacity()];
        image.get(0, bytes);
        return bytes;
    }

    /** Contents are {@code byte[]} for files, {@code String} for the target of a symbolic link. */
    private static void put(Map<String, Path> debs, Path folder, String name, Map<String, ?> files) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new XZOutputStream(data, new LZMA2Options()))) {
            for (Map.Entry<String, ?> file : new TreeMap<>(files).entrySet()) {
                add(tar, file.getKey(), file.getValue());
            }
        }
        Path deb = folder.resolve(name + ".deb");
        try (ArArchiveOutputStream ar = new ArArchiveOutputStream(Files.newOutputStream(deb))) {
            member(ar, "debian-binary", "2.0\n".getBytes(UTF_8));
            member(ar, "data.tar.xz", data.toByteArray());
        }
        debs.put(name, deb);
    }

    private static void add(TarArchiveOutputStream tar, String path, Object content) throws IOException {
        if (content instanceof byte[] bytes) {
            TarArchiveEntry entry = new TarArchiveEntry(path);
            entry.setSize(bytes.length);
            tar.putArchiveEntry(entry);
            tar.write(bytes);
        } else {
            TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
            entry.setLinkName(content.toString());
            tar.putArchiveEntry(entry);
        }
        tar.closeArchiveEntry();
    }

    private static void member(ArArchiveOutputStream ar, String name, byte[] content) throws IOException {
        ar.putArchiveEntry(new ArArchiveEntry(name, content.length));
        ar.write(content);
        ar.closeArchiveEntry();
    }
}
