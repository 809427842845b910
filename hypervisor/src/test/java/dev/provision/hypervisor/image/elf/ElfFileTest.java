package dev.provision.hypervisor.image.elf;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ElfFileTest {
    private static final byte[] PROGRAM = SyntheticElf.program("/lib64/ld.so", List.of("libb.so.2", "liba.so.1"));

    @Test
    void readsNeededLibrariesAndLoader() throws ElfFormatException {
        ElfFile elf = ElfFile.of(PROGRAM);
        assertEquals(List.of("libb.so.2", "liba.so.1"), elf.needed());
        assertEquals(Optional.of("/lib64/ld.so"), elf.interpreter());
    }

    @Test
    void readsSectionsByName() throws ElfFormatException {
        ElfFile elf = ElfFile.of(SyntheticElf.withSection(".modinfo", "depends=a,b\0".getBytes(UTF_8)));
        assertArrayEquals("depends=a,b\0".getBytes(UTF_8), elf.section(".modinfo").orElseThrow());
        assertTrue(elf.section(".text").isEmpty());
        assertEquals(List.of(), elf.needed(), "a static file needs nothing");
    }

    @Test
    void otherFilesAreTold() {
        assertFalse(ElfFile.isElf("#!/bin/sh\n".getBytes(UTF_8)));
        assertFalse(ElfFile.isElf(new byte[0]));
        byte[] thirtyTwoBit = PROGRAM.clone();
        thirtyTwoBit[4] = 1;
        assertThrows(ElfFormatException.class, () -> ElfFile.of(thirtyTwoBit));
    }

    @Test
    void aCutOffFileIsAnErrorAndNothingElse() throws ElfFormatException {
        for (int length = 64; length < PROGRAM.length; length++) {
            ElfFile elf = ElfFile.of(Arrays.copyOf(PROGRAM, length));
            assertThrows(ElfFormatException.class, elf::needed, "cut at " + length);
        }
    }
}
