package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.HostShortage;
import dev.provision.hypervisor.store.FolderOwner;
import dev.provision.hypervisor.store.MovedStoreException;
import dev.provision.hypervisor.store.RecordException;
import dev.provision.hypervisor.store.SocketPathTooLongException;

/** Errors of files and processes as errors of the operation they stopped. */
final class StoreFailure {
    private StoreFailure() {}

    /**
     * The operation on {@code subject} (a machine or a fleet) cannot be done.
     */
    static DriverException of(Object subject, IOException e) {
        return HostShortage.isOfProcess(e) ? DriverException.passing(subject + ": " + what(e), fix(e), e)
                : new DriverException(subject + ": " + what(e), fix(e), e);
    }

    private static String what(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "no access to " + denied.getFile();
            case NoSuchFileException missing when missing.getReason() == null -> missing.getFile() + " is not there";
            case FileAlreadyExistsException other -> other.getFile() + " is in the way";
            case NotDirectoryException other -> other.getFile() + " is in the way: a folder is needed there";
            case FileSystemException other when other.getReason() == null ->
                other.getFile() + ": " + other.getClass().getSimpleName();
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String fix(IOException e) {
        return switch (e) {
            case MovedStoreException moved -> moved.fix();
            case SocketPathTooLongException tooLong -> "set a shorter runtime directory";
            case RecordException broken -> switch (broken.problem()) {
                case UNKNOWN_FORMAT -> "use the version of provision that wrote it, or a newer one";
                case MALFORMED -> "restore the file, or destroy the machine and apply again (its storage is kept)";
                case UNREADABLE -> "make the file readable for this user";
            };
            case AccessDeniedException denied -> FolderOwner.stranger(Path.of(String.valueOf(denied.getFile())))
                    .map(owner -> "run as user " + owner
                            + ", to whom it belongs, or name a folder of your own in PROVISION_STATE_DIR")
                    .orElse("make it accessible for this user");
            default -> HostShortage.of(e)
                    .map(HostShortage::fix)
                    .orElse("check the machine store's file system: space, permissions, health");
        };
    }
}
