package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.provision.schema.fleet.CanonicalForm;

import static dev.provision.hypervisor.store.MachineStoreTest.FULL;
import static dev.provision.hypervisor.store.MachineStoreTest.ID;
import static dev.provision.hypervisor.store.MachineStoreTest.SPEC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a record leaves out means what it meant when it was written. */
class OlderRecordsTest {

    private static String text(MachineRecord record) {
        return new String(RecordJson.write(record), StandardCharsets.UTF_8);
    }

    private static MachineRecord read(String text) throws IOException {
        return RecordJson.read(ID, Path.of("machine.json"), text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aMachineKeepsTheFormItWasMadeWith() throws IOException {
        MachineRecord made = new MachineRecord(ID, SPEC, Desired.STOPPED, Optional.empty(), 7);
        MachineRecord later = made.withSpec(SPEC).withDesired(Desired.RUNNING).withVmm(FULL.vmm().orElseThrow());
        assertTrue(text(later).contains("\"canonicalForm\" : 7"));
        assertEquals(later, read(text(later)));
        assertEquals(CanonicalForm.CURRENT.version(), MachineRecord.created(ID, SPEC).canonicalForm());
    }

    @Test
    void aRecordWithoutAFormHasTheFirst() throws IOException {
        assertFalse(text(FULL).contains("canonicalForm"));
        assertEquals(CanonicalForm.FIRST, read(text(FULL)).canonicalForm());
    }

    /** Those of format 1, whatever the default will be. */
    @Test
    void sharesThatAreLeftOutAre1024() throws IOException {
        assertFalse(text(FULL).contains("shares"));
        assertEquals(1024, read(text(FULL)).spec().resources().placement().shares());
    }
}
