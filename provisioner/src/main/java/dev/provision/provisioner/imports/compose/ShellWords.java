package dev.provision.provisioner.imports.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.provision.provisioner.imports.source.Template;
import dev.provision.provisioner.imports.source.Template.Literal;
import dev.provision.provisioner.imports.source.Template.Part;
import dev.provision.provisioner.imports.source.Template.Reference;

/** Takes a command line apart as Compose does: blanks, quotes and backslashes of a shell, and nothing else of it. */
final class ShellWords {

    private final List<Template> words = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    /** A word has begun, though it may be empty: {@code ''}. */
    private boolean inWord;
    private char quote;
    private boolean escaped;

    private ShellWords() {}

    /** The words; empty when a quote is not closed or nothing follows a backslash. */
    static Optional<List<Template>> split(Template line) {
        ShellWords split = new ShellWords();
        for (Part part : line.parts()) {
            switch (part) {
                case Literal text -> text.value().chars().forEach(character -> split.take((char) character));
                case Reference reference -> split.take(reference);
            }
        }
        if (split.quote != 0 || split.escaped) {
            return Optional.empty();
        }
        split.endWord();
        return Optional.of(List.copyOf(split.words));
    }

    private void take(char character) {
        if (escaped) {
            // Within double quotes a backslash stands for itself before most characters (POSIX shell, 2.2.3).
            if (quote == '"' && "$`\"\\\n".indexOf(character) < 0) {
                literal.append('\\');
            }
            literal.append(character);
            escaped = false;
        } else if (character == '\\' && quote != '\'') {
            escaped = true;
            inWord = true;
        } else if (quote != 0) {
            if (character == quote) {
                quote = 0;
            } else {
                literal.append(character);
            }
        } else if (character == '\'' || character == '"') {
            quote = character;
            inWord = true;
        } else if (Character.isWhitespace(character)) {
            endWord();
        } else {
            literal.append(character);
            inWord = true;
        }
    }

    private void take(Reference reference) {
        flush();
        parts.add(reference);
        inWord = true;
    }

    private void flush() {
        if (!literal.isEmpty()) {
            parts.add(new Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    private void endWord() {
        if (inWord) {
            flush();
            words.add(new Template(parts));
            parts.clear();
            inWord = false;
        }
    }
}
