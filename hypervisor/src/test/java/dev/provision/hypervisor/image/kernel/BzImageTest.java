package dev.provision.hypervisor.image.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

import dev.provision.hypervisor.image.elf.SyntheticElf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BzImageTest {
    private static final byte[] VMLINUX = SyntheticElf.withSection(".text", new byte[100_000]);
    private static final int SETUP_SECTORS = 7;

    /** A boot image around a payload, with the uncompressed size behind it as the kernel's build does. */
    private static byte[] image(byte[] payload) {
        int code = 512 * (1 + SETUP_SECTORS);
        int offset = 0x123;
        ByteBuffer image = ByteBuffer.allocate(code + offset + payload.length + 4 + 64).order(ByteOrder.LITTLE_ENDIAN);
        image.put(0x1f1, (byte) SETUP_SECTORS).putInt(0x202, 0x53726448).putShort(0x206, (short) 0x20f);
        image.putInt(0x248, offset).putInt(0x24c, payload.length + 4);
        image.position(code + offset).put(payload).putInt(VMLINUX.length);
        return bytesOf(image);
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    private interface Compressor {
        OutputStream around(OutputStream out) throws IOException;
    }

    private static byte[] compressed(byte[] content, Compressor compressor) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compressor.around(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] lz4Legacy(byte[] content, int blockBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[]{0x02, 0x21, 0x4c, 0x18});
        for (int start = 0; start < content.length; start += blockBytes) {
            byte[] part = Arrays.copyOfRange(content, start, Math.min(content.length, start + blockBytes));
            byte[] block = compressed(part, BlockLZ4CompressorOutputStream::new);
            out.writeBytes(bytesOf(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(block.length)));
            out.writeBytes(block);
        }
        return out.toByteArray();
    }

    @Test
    void extractsLz4() throws IOException {
        assertArrayEquals(VMLINUX, BzImage.extractVmlinux(image(lz4Legacy(VMLINUX, 30_000))));
    }

    @Test
    void extractsGzip() throws IOException {
        assertArrayEquals(VMLINUX, BzImage.extractVmlinux(image(compressed(VMLINUX, GZIPOutputStream::new))));
    }

    @Test
    void extractsXz() throws IOException {
        byte[] payload = compressed(VMLINUX, out -> new XZOutputStream(out, new LZMA2Options()));
        assertArrayEquals(VMLINUX, BzImage.extractVmlinux(image(payload)));
    }

    @Test
    void whatCannotBeReadIsSaid() throws IOException {
        byte[] lz4 = image(lz4Legacy(VMLINUX, 30_000));
        assertFailure("HdrS", new byte[10_000]);
        assertFailure("cut off", Arrays.copyOf(lz4, lz4.length - 100));
        assertFailure("zstd", image(new byte[]{0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0}));
        assertFailure("unknown", image(new byte[]{1, 2, 3, 4}));
        assertFailure("not an ELF", image(lz4Legacy(new byte[1000], 1000)));
        assertFailure("damaged", image(new byte[]{0x02, 0x21, 0x4c, 0x18, -1, -1, -1, 0x7f, 0}));
    }

    private static void assertFailure(String words, byte[] image) {
        IOException e = assertThrows(IOException.class, () -> BzImage.extractVmlinux(image));
        assertTrue(List.of(String.valueOf(e.getMessage())).toString().contains(words), e.getMessage());
    }
}
