package dev.provision.hypervisor.image.kernel;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;
import org.tukaani.xz.SingleXZInputStream;

import dev.provision.hypervisor.image.elf.ElfFile;

/**
 * Takes the ELF kernel (vmlinux) out of an x86 boot image, as the kernel's Documentation/arch/x86/boot.rst describes it:
 * {@code setup_sects} at 0x1f1, the signature {@code HdrS} at 0x202, {@code payload_offset} and {@code payload_length}
 * at 0x248 and 0x24c, counted from the protected-mode code.
 */
public final class BzImage {
    private static final int SIGNATURE = 0x53726448; // "HdrS"
    private static final int OLDEST_PROTOCOL = 0x0208; // the first with payload_offset
    private static final int SECTOR_BYTES = 512;
    private static final int DEFAULT_SETUP_SECTORS = 4;
    private static final int LZ4_LEGACY_MAGIC = 0x184c2102;
    private static final int XZ_MAGIC = 0x587a37fd;
    private static final int GZIP_MAGIC = 0x8b1f;
    private static final int ZSTD_MAGIC = 0xfd2fb528;

    private BzImage() {}

    /**
     * The uncompressed kernel.
     *
     * @throws IOException when the bytes are no such image, or compressed in a way that is not supported
     */
    public static byte[] extractVmlinux(byte[] image) throws IOException {
        byte[] vmlinux = decompress(payloadOf(image));
        if (!ElfFile.isElf(vmlinux)) {
            throw new IOException("the kernel image's payload is not an ELF file");
        }
        return vmlinux;
    }

    private static byte[] payloadOf(byte[] image) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (image.length < 0x250 || header.getInt(0x202) != SIGNATURE) {
            throw new IOException("not an x86 Linux boot image: the signature HdrS is missing");
        }
        if (Short.toUnsignedInt(header.getShort(0x206)) < OLDEST_PROTOCOL) {
            throw new IOException("the boot protocol of the kernel image is older than 2.08");
        }
        int setupSectors = Byte.toUnsignedInt(header.get(0x1f1));
        long code = (long) SECTOR_BYTES * (1 + (setupSectors == 0 ? DEFAULT_SETUP_SECTORS : setupSectors));
        long start = code + Integer.toUnsignedLong(header.getInt(0x248));
        long end = start + Integer.toUnsignedLong(header.getInt(0x24c));
        if (end > image.length) {
            throw new IOException("the kernel image is cut off: its payload ends at " + end + " of " + image.length);
        }
        return Arrays.copyOfRange(image, (int) start, (int) end);
    }

    private static byte[] decompress(byte[] payload) throws IOException {
        int magic = payload.length < 4
                ? 0
                : ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        // The kernel's build appends the uncompressed size (u32), so the payload is longer than its stream.
        if (magic == LZ4_LEGACY_MAGIC) {
            return decompressLz4Legacy(payload);
        } else if (magic == XZ_MAGIC) {
            try (InputStream in = new SingleXZInputStream(new ByteArrayInputStream(payload))) {
                return in.readAllBytes();
            }
        } else if ((magic & 0xffff) == GZIP_MAGIC) {
            return decompressGzip(payload);
        } else if (magic == ZSTD_MAGIC) {
            throw new IOException("the kernel is compressed with zstd, which is not supported");
        }
        throw new IOException("the kernel's compression is unknown (it starts with %08x)".formatted(magic));
    }

    private static byte[] decompressGzip(byte[] payload) throws IOException {
        byte[] stream = Arrays.copyOf(payload, payload.length - Integer.BYTES);
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(stream))) {
            return in.readAllBytes();
        }
    }

    /** LZ4's legacy frame: after the magic, blocks with a little-endian u32 size each (the lz4 frame format, part 3). */
    private static byte[] decompressLz4Legacy(byte[] payload) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(payload, 4, payload.length - 4 - Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length * 4);
        while (in.remaining() >= Integer.BYTES) {
            int size = in.getInt();
            if (size == LZ4_LEGACY_MAGIC) {
                continue; // frames may be concatenated
            }
            if (size <= 0 || size > in.remaining()) {
                throw new IOException("the kernel's LZ4 data is damaged: a block of " + size + " bytes");
            }
            try (InputStream block = new BlockLZ4CompressorInputStream(
                    new ByteArrayInputStream(payload, in.position(), size))) {
                block.transferTo(out);
            }
            in.position(in.position() + size);
        }
        return out.toByteArray();
    }
}
