package dev.provision.schema.manifest;

import java.util.List;

import jakarta.validation.constraints.Pattern;

import dev.provision.schema.binding.FromList;
import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.units.QuantityFormatException;

/** A command and its arguments, at least one word. */
public record Command(List<String> words) {
    static final String NOT_BLANK = "[^\\x00]*[^\\x00 \\t\\r\\n][^\\x00]*";
    static final String NO_NUL = "[^\\x00]*";

    public Command {
        words = List.copyOf(words);
    }

    @FromScalar(value = "a shell command", pattern = NOT_BLANK)
    static Command shell(String text) throws QuantityFormatException {
        if (text.isBlank()) {
            throw new QuantityFormatException("the command is empty",
                    "write what the machine shall run, or leave `run` out");
        }
        return exec(List.of("/bin/sh", "-c", text));
    }

    @FromList(value = "a list of arguments", atLeast = 1, first = NOT_BLANK)
    static Command exec(List<@Pattern(regexp = NO_NUL, message = "must not contain a NUL character") String> words)
            throws QuantityFormatException {
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
