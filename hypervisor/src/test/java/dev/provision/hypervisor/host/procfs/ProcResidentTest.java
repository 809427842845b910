package dev.provision.hypervisor.host.procfs;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProcResidentTest {

    @Test
    void pagesOfFilesDoNotCount() {
        assertEquals(Optional.of(ByteSize.ofMib(3)), ProcResident.parse(List.of("Name:\tqemu", "VmRSS:\t  90000 kB",
                "RssAnon:\t    2048 kB", "RssFile:\t   86928 kB", "RssShmem:\t    1024 kB")));
    }

    @Test
    void kernelThreadsAndForeignSystemsTellNothing() {
        assertEquals(Optional.empty(),
                ProcResident.parse(List.of("Name:\tkthreadd", "RssAnon:", "RssShmem:\tmany kB")));
        assertEquals(Optional.empty(), ProcResident.of(-1));
    }

    @Test
    void thisProcessHoldsSomethingWhereThereIsAProcfs() {
        assertTrue(ProcResident.of(ProcessHandle.current().pid()).map(size -> size.mib() > 1).orElse(true));
    }
}
