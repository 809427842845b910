package dev.provision.hypervisor.image.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads a 64-bit little-endian ELF file (System V ABI, chapters 4 and 5): program headers, the dynamic section and
 * sections by name. Every offset comes from the file and is checked by the buffer's bounds.
 */
public final class ElfFile {
    private static final int MAGIC = 0x464c457f; // 0x7f 'E' 'L' 'F', little-endian
    private static final int CLASS_64_LITTLE_ENDIAN = 0x0102;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;
    private static final long DT_NEEDED = 1;
    private static final long DT_STRTAB = 5;
    private static final int DYNAMIC_ENTRY_BYTES = 16;

    private final byte[] content;
    private final ByteBuffer bytes;

    private record Segment(int type, long offset, long address, long fileSize) {}

    private ElfFile(byte[] content, ByteBuffer bytes) {
        this.content = content;
        this.bytes = bytes;
    }

    /** Whether the bytes start like an ELF file of any kind. */
    public static boolean isElf(byte[] content) {
        return content.length >= 64
                && ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
    }

    /** Takes the content of a file; it is not copied and must not change. */
    public static ElfFile of(byte[] content) throws ElfFormatException {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (!isElf(content) || bytes.getShort(4) != CLASS_64_LITTLE_ENDIAN) {
            throw new ElfFormatException("not a 64-bit little-endian ELF file");
        }
        return new ElfFile(content, bytes);
    }

    /** The names of the shared libraries it needs (DT_NEEDED), in file order; empty for a static program. */
    public List<String> needed() throws ElfFormatException {
        return guarded(() -> {
            List<Segment> segments = segments();
            for (Segment segment : segments) {
                if (segment.type() == PT_DYNAMIC) {
                    return neededIn(segment, segments);
                }
            }
            return List.of();
        });
    }

    /** The dynamic loader it asks for (PT_INTERP), an absolute path. */
    public Optional<String> interpreter() throws ElfFormatException {
        return guarded(() -> segments().stream()
                .filter(segment -> segment.type() == PT_INTERP)
                .findFirst()
                .map(segment -> stringAt(segment.offset())));
    }

    /** The bytes of the first section with this name. */
    public Optional<byte[]> section(String name) throws ElfFormatException {
        return guarded(() -> {
            long headers = bytes.getLong(0x28);
            int size = Short.toUnsignedInt(bytes.getShort(0x3a));
            int count = Short.toUnsignedInt(bytes.getShort(0x3c));
            long names = bytes.getLong(at(headers + (long) size * Short.toUnsignedInt(bytes.getShort(0x3e)) + 0x18));
            for (int i = 0; i < count; i++) {
                int header = at(headers + (long) size * i);
                if (stringAt(names + Integer.toUnsignedLong(bytes.getInt(header))).equals(name)) {
                    int start = at(bytes.getLong(header + 0x18));
                    return Optional.of(
                            Arrays.copyOfRange(content, start, at(start + bytes.getLong(header + 0x20))));
                }
            }
            return Optional.empty();
        });
    }

    private List<Segment> segments() {
        long headers = bytes.getLong(0x20);
        int size = Short.toUnsignedInt(bytes.getShort(0x36));
        int count = Short.toUnsignedInt(bytes.getShort(0x38));
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int header = at(headers + (long) size * i);
            segments.add(new Segment(
                    bytes.getInt(header),
                    bytes.getLong(header + 0x08),
                    bytes.getLong(header + 0x10),
                    bytes.getLong(header + 0x20)));
        }
        return segments;
    }

    private List<String> neededIn(Segment dynamic, List<Segment> segments) throws ElfFormatException {
        List<Long> nameOffsets = new ArrayList<>();
        long strings = -1;
        for (long offset = 0; offset < dynamic.fileSize(); offset += DYNAMIC_ENTRY_BYTES) {
            int entry = at(dynamic.offset() + offset);
            long tag = bytes.getLong(entry);
            if (tag == 0) {
                break;
            } else if (tag == DT_NEEDED) {
                nameOffsets.add(bytes.getLong(entry + 8));
            } else if (tag == DT_STRTAB) {
                strings = offsetOf(bytes.getLong(entry + 8), segments);
            }
        }
        List<String> names = new ArrayList<>();
        for (long offset : nameOffsets) {
            names.add(stringAt(strings + offset));
        }
        return List.copyOf(names);
    }

    private static long offsetOf(long address, List<Segment> segments) throws ElfFormatException {
        for (Segment segment : segments) {
            long delta = address - segment.address();
            if (segment.type() == PT_LOAD && delta >= 0 && delta < segment.fileSize()) {
                return segment.offset() + delta;
            }
        }
        throw new ElfFormatException("the dynamic string table is in no loaded segment");
    }

    private String stringAt(long offset) {
        int start = at(offset);
        int end = start;
        while (bytes.get(end) != 0) {
            end++;
        }
        return new String(content, start, end - start, StandardCharsets.UTF_8);
    }

    private int at(long offset) {
        if (offset < 0 || offset > bytes.limit()) {
            throw new IndexOutOfBoundsException("offset " + offset + " in a file of " + bytes.limit() + " bytes");
        }
        return (int) offset;
    }

    private interface Read<T> {
        T get() throws ElfFormatException;
    }

    /** A damaged file shows as an offset outside of it; one place turns that into the checked error. */
    private static <T> T guarded(Read<T> read) throws ElfFormatException {
        try {
            return read.get();
        } catch (IndexOutOfBoundsException e) {
            ElfFormatException damaged = new ElfFormatException("damaged ELF file: " + e.getMessage());
            damaged.initCause(e);
            throw damaged;
        }
    }
}
