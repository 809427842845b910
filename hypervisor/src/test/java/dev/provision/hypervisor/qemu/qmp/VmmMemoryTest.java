package dev.provision.hypervisor.qemu.qmp;

import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;

class VmmMemoryTest {

    private static VmmMemory memory(long left, long plugged) {
        return new VmmMemory(ByteSize.ofMib(256), ByteSize.ofMib(left), Optional.of(new VmmMemory.Region("mem0",
                ByteSize.ofMib(plugged), ByteSize.ofMib(4), ByteSize.ofMib(1024))));
    }

    /** 256 MiB at boot, blocks of 4 MiB: what has been reached is what was asked for, to the MiB. */
    @ParameterizedTest
    @CsvSource({"200, 200, 0", "256, 256, 0", "257, 253, 4", "260, 256, 4", "301, 253, 48", "1280, 256, 1024"})
    void wholeBlocksArePluggedAndTheBalloonTakesTheRest(long wanted, long balloon, long plugged) {
        VmmMemory.Split split = memory(256, 0).split(ByteSize.ofMib(wanted));
        assertEquals(new VmmMemory.Split(ByteSize.ofMib(balloon), ByteSize.ofMib(plugged)), split);
        assertEquals(ByteSize.ofMib(wanted), memory(balloon, plugged).total());
    }

    @ParameterizedTest
    @CsvSource({"100", "256", "300"})
    void withoutARegionThereIsOnlyTheBalloon(long wanted) {
        VmmMemory fixed = new VmmMemory(ByteSize.ofMib(256), ByteSize.ofMib(256), Optional.empty());
        assertEquals(new VmmMemory.Split(ByteSize.ofMib(wanted), ByteSize.ZERO), fixed.split(ByteSize.ofMib(wanted)));
        assertEquals(ByteSize.ofMib(256), fixed.total());
    }
}
