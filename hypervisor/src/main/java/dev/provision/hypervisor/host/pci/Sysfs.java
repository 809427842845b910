package dev.provision.hypervisor.host.pci;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Attributes and links of sysfs; what is not there, or does not answer, is empty. */
final class Sysfs {

    private Sysfs() {}

    static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
        } catch (IOException absent) {
            return Optional.empty(); // carrier of an interface that is down says EINVAL
        }
    }

    /** A number, {@code -1} being the kernel's word for none. */
    static OptionalInt number(Path file) {
        Optional<String> text = text(file).filter(word -> word.matches("[0-9]{1,9}"));
        return text.isPresent() ? OptionalInt.of(Integer.parseInt(text.get())) : OptionalInt.empty();
    }

    /** The last name of where a link leads: a driver's name, a group's number. */
    static Optional<String> linked(Path link) {
        try {
            return Optional.ofNullable(Files.readSymbolicLink(link).getFileName()).map(Path::toString);
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    /** Names in a directory, sorted; none when it is none. */
    static List<String> names(Path directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
        } catch (IOException | DirectoryIteratorException absent) {
            return List.of();
        }
        names.sort(null);
        return names;
    }

    /** The directory itself that a path of links leads to. */
    static Optional<Path> real(Path path) {
        try {
            return Optional.of(path.toRealPath());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
