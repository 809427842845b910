package dev.provision.hypervisor.host.kvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The guest's bytes, checked without running them. */
class KvmGuestTest {

    private static final KvmTestProgram PROGRAM = KvmTestProgram.standard();

    private static ByteBuffer code() {
        return ByteBuffer.wrap(PROGRAM.code()).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void immediatesAreTheDocumentedConstants() {
        assertEquals(KvmTestProgram.STARTED, code().getInt(4)); // after xorps and the opcode of mov
        assertEquals(KvmTestProgram.PORT, code().get(9));
        assertEquals(KvmTestProgram.ITERATIONS, code().getInt(11));
        assertEquals(KvmTestProgram.FINISHED, code().getInt(21));
        assertEquals(KvmTestProgram.PORT, code().get(26));
    }

    @Test
    void theJumpGoesBackToDec() {
        var afterJump = 19;
        assertEquals("jnz -4", PROGRAM.assemblyAt(17));
        assertEquals("dec ecx", PROGRAM.assemblyAt(afterJump + code().get(18)));
    }

    @Test
    void offsetsNameInstructions() {
        assertEquals("xorps xmm0, xmm0", PROGRAM.assemblyAt(0));
        assertEquals("hlt", PROGRAM.assemblyAt(27));
        assertEquals("no instruction of the test", PROGRAM.assemblyAt(1));
        assertEquals("no instruction of the test", PROGRAM.assemblyAt(-0x4000));
    }

    @Test
    void pageTablesMapTheFirstAddressesToThemselves() {
        var memory = ByteBuffer.wrap(KvmGuestMemory.image(PROGRAM)).order(ByteOrder.LITTLE_ENDIAN);
        var pointers = (int) memory.getLong(KvmGuestMemory.PML4) & ~0xfff;
        var directory = (int) memory.getLong(pointers) & ~0xfff;
        assertEquals(0b1000_0011, memory.getLong(directory), "present, writable, 2 MiB, at 0");
        var code = new byte[PROGRAM.code().length];
        memory.get(KvmGuestMemory.CODE, code);
        assertArrayEquals(PROGRAM.code(), code);
    }

    @Test
    void longModeAllowsSse() {
        var sregs = ByteBuffer.allocate(KvmApi.SREGS_BYTES);
        KvmLongMode.apply(sregs);
        var cr0 = sregs.getLong(KvmApi.SREGS_CR0);
        assertEquals(0, cr0 & (1 << 2 | 1 << 3), "EM and TS clear");
        assertTrue((cr0 & 1L << 31) != 0 && (cr0 & 1) != 0, "PG and PE set");
        assertEquals(0x620, sregs.getLong(KvmApi.SREGS_CR4));
        assertEquals(1, sregs.get(KvmApi.SREGS_CS + 19), "64-bit code");
    }
}
