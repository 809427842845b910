package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class StoreFailureTest {

    /** What the JDK says of most of them is the path and nothing else. */
    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new NoSuchFileException("/s/records"), "/s/records is not there"),
                arguments(new FileAlreadyExistsException("/s/lock"), "/s/lock is in the way"),
                arguments(new NotDirectoryException("/s"), "/s is in the way: a folder is needed there"),
                arguments(new DirectoryNotEmptyException("/s"), "/s: DirectoryNotEmptyException"),
                arguments(new FileSystemException("/s", null, "Input/output error"), "/s: Input/output error"),
                arguments(new IOException("Stale file handle"), "Stale file handle"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void saysWhatHappenedAndWhere(IOException failure, String text) {
        assertEquals("lab/a: " + text, StoreFailure.of("lab/a", failure).getMessage());
    }
}
