package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import dev.provision.hypervisor.MachineId;

/**
 * Copies of the records of machines that run, beside their sockets: a record that is lost while its VMM runs is known from
 * there. Of no use but together with that VMM, so that who reads one proves first that it runs.
 */
final class RecordCopies {

    private final StoreLayout layout;

    RecordCopies(StoreLayout layout) {
        this.layout = layout;
    }

    /** Makes the copy of a record that was saved. What cannot be copied is no reason to stop: then there is none. */
    void follow(MachineRecord record) throws IOException {
        MachineId id = record.id();
        boolean runs = record.desired() == Desired.RUNNING && record.process().isPresent();
        if (!runs) {
            remove(id);
            return;
        }
        try {
            Path folder = layout.recordCopyDir(id);
            PrivateFiles.makeDirectories(folder);
            PrivateFiles.removeUnfinished(folder);
            PrivateFiles.replace(layout.recordCopy(id), RecordJson.write(record));
        } catch (IOException e) {
            remove(id); // an older one would say what is not so any more
        }
    }

    /** Empty also where it cannot be read, or is none that this version writes. */
    Optional<MachineRecord> find(MachineId id) {
        Path copy = layout.recordCopy(id);
        try {
            return Optional.of(RecordJson.read(id, copy, Files.readAllBytes(copy)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The folder of all copies stays: machines of this fleet and of others come and go in it at the same time. */
    void remove(MachineId id) throws IOException {
        PrivateFiles.removeTree(layout.recordCopyDir(id));
    }
}
