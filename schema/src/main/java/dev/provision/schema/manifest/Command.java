package dev.provision.schema.manifest;

import java.util.List;

import dev.provision.schema.binding.FromList;
import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.units.QuantityFormatException;

/** A command and its arguments, at least one word. */
public record Command(List<String> words) {
    public Command {
        words = List.copyOf(words);
    }

    @FromScalar("a shell command")
    static Command shell(String text) throws QuantityFormatException {
        if (text.isBlank()) {
            throw new QuantityFormatException("the command is empty",
                    "write what the machine shall run, or leave `run` out");
        }
        return exec(List.of("/bin/sh", "-c", text));
    }

    @FromList("a list of arguments")
    static Command exec(List<String> words) throws QuantityFormatException {
        if (words.isEmpty() || words.getFirst().isBlank()) {
            throw new QuantityFormatException("the command is empty", "name the program to run first");
        }
        if (words.stream().anyMatch(word -> word.indexOf(0) >= 0)) {
            throw new QuantityFormatException("the command contains a NUL character",
                    "remove it: no argument can hold one");
        }
        return new Command(words);
    }
}
