package dev.provision.hypervisor.host.procfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProcTest {

    @Test
    void cpuListsAreCounted() {
        assertEquals(0, ProcCpu.count("\n"));
        assertEquals(1, ProcCpu.count("5\n"));
        assertEquals(7, ProcCpu.count("0-3,8,10-11"));
    }

    @Test
    void arm64HasNoTscAndNumbersForNames() {
        var cpuinfo = "processor\t: 0\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n";
        assertEquals("0x41", ProcCpu.maker(cpuinfo));
        assertEquals("0xd0c", ProcCpu.model(cpuinfo));
        assertEquals(OptionalLong.empty(), ProcCpu.tscKhz(cpuinfo));
        assertEquals(OptionalInt.empty(), ProcCpu.addressBits(cpuinfo));
    }

    @Test
    void fieldsAreMatchedByTheirWholeName() {
        assertEquals(Optional.of("46"), ProcCpu.field("model name\t: x\nmodel\t\t: 46\n", "model"));
        assertEquals(Optional.empty(), ProcCpu.field("vmx flags\t: x\n", "flags"));
    }

    @Test
    void sizesAreKibibytes() {
        assertEquals(Optional.of(new ByteSize(2048)), ProcMemory.size("VmRSS:\t       2 kB\n", "VmRSS"));
        assertEquals(Optional.empty(), ProcMemory.size("HugePages_Total:       0\n", "HugePages_Total"));
    }

    @Test
    void pageSizeComesFromTheAuxiliaryVector() {
        var vector = ByteBuffer.allocate(48).order(ByteOrder.nativeOrder());
        vector.putLong(33).putLong(0x7000).putLong(6).putLong(16384).putLong(0).putLong(0);
        assertEquals(new ByteSize(16384), ProcMemory.pageSize(vector.array()));
        assertEquals(new ByteSize(4096), ProcMemory.pageSize(new byte[0]));
    }

    @Test
    void statSurvivesHostileCommandNames() {
        var tail = " S 1 2 3 0 -1 4194560 1 0 0 0 5 6 0 0 20 0 1 0 987654 8192 100 18446744073709551615\n";
        var expected = Optional.of(new ProcStat('S', 1, 987654));
        assertEquals(expected, ProcStat.parse("42 (qemu)" + tail));
        assertEquals(expected, ProcStat.parse("42 (a) R 1 2 (b c)" + tail));
        assertEquals(expected, ProcStat.parse("42 (x\n) Z 9)" + tail));
        assertEquals(Optional.empty(), ProcStat.parse("42 (qemu) S 1"));
    }

    @Test
    void zombiesHaveEnded() {
        assertTrue(new ProcStat('Z', 1, 1).ended());
        assertFalse(new ProcStat('D', 1, 1).ended());
        assertFalse(new ProcStat('Z', 2, 1).ended(), "its other thread has its files open");
    }

    @Test
    void argvIsSplitAtEveryNul() {
        assertEquals(List.of("a", "", "b c"), argv("a\0\0b c\0"));
        assertEquals(List.of("title without end"), argv("title without end"));
        assertEquals(List.of(""), argv("\0"));
        assertEquals(List.of(), argv(""));
    }

    @Test
    void userIsTheEffectiveOne() {
        assertEquals("7", ProcStat.user("Name:\tx\nUid:\t5\t7\t5\t5\n"));
        assertEquals("", ProcStat.user(""));
    }

    private static List<String> argv(String cmdline) {
        return ProcStat.argv(cmdline.getBytes(StandardCharsets.UTF_8));
    }
}
