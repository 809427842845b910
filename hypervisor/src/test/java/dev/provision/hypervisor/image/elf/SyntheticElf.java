package dev.provision.hypervisor.image.elf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Makes small ELF files by the book: just enough header for a reader to find its way. */
public final class SyntheticElf {
    private static final int HEADER_BYTES = 64;
    private static final int LOAD_ADDRESS = 0x10000;

    private SyntheticElf() {}

    /** A dynamic program: PT_LOAD over the whole file, PT_INTERP, PT_DYNAMIC with DT_NEEDED entries. */
    public static byte[] program(String interpreter, List<String> needed) {
        int headers = HEADER_BYTES + 3 * 56;
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        strings.writeBytes((interpreter + "\0").getBytes(UTF_8));
        int dynamicBytes = (needed.size() + 2) * 16;
        ByteBuffer dynamic = ByteBuffer.allocate(dynamicBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (String name : needed) {
            dynamic.putLong(1).putLong(strings.size());
            strings.writeBytes((name + "\0").getBytes(UTF_8));
        }
        int stringsAt = headers + dynamicBytes;
        dynamic.putLong(5).putLong(LOAD_ADDRESS + stringsAt).putLong(0).putLong(0);
        int size = stringsAt + strings.size();
        ByteBuffer file = header(size).putLong(0x20, HEADER_BYTES).putShort(0x36, (short) 56).putShort(0x38, (short) 3);
        segment(file, 0, 1, 0, size);
        segment(file, 1, 3, stringsAt, interpreter.length() + 1);
        segment(file, 2, 2, headers, dynamicBytes);
        file.position(headers).put(dynamic.flip()).put(strings.toByteArray());
        return bytesOf(file);
    }

    /** A relocatable file with one named section, as kernel modules are. */
    public static byte[] withSection(String name, byte[] content) {
        byte[] names = ("\0" + name + "\0.shstrtab\0").getBytes(UTF_8);
        int sections = HEADER_BYTES + content.length + names.length;
        ByteBuffer file = header(sections + 3 * 64).putLong(0x28, sections)
                .putShort(0x3a, (short) 64)
                .putShort(0x3c, (short) 3)
                .putShort(0x3e, (short) 2);
        file.position(HEADER_BYTES).put(content).put(names);
        file.putInt(sections + 64, 1)
                .putLong(sections + 64 + 0x18, HEADER_BYTES)
                .putLong(sections + 64 + 0x20, content.length);
        file.putInt(sections + 128, 1 + name.length() + 1)
                .putLong(sections + 128 + 0x18, HEADER_BYTES + content.length)
                .putLong(sections + 128 + 0x20, names.length);
        return bytesOf(file);
    }

    private static byte[] bytesOf(ByteBuffer file) {
        byte[] bytes = new byte[file.capacity()];
        file.get(0, bytes);
        return bytes;
    }

    private static ByteBuffer header(int size) {
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        return file.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1);
    }

    private static void segment(ByteBuffer file, int index, int type, int offset, int size) {
        int at = HEADER_BYTES + index * 56;
        file.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, LOAD_ADDRESS + offset).putLong(at + 32, size);
    }
}
