package dev.provision.provisioner.imports.draft;

import java.util.List;

import dev.provision.provisioner.imports.source.Template;

/** What a manifest demands of the words of a command. */
public final class Words {

    /** For messages: why words that are no command are none. */
    public static final String RULE = "its first word is empty, or it holds a NUL character";

    private Words() {}

    /** At least one word, the first not blank, none with a NUL character. */
    public static boolean areCommand(List<Template> words) {
        return !words.isEmpty() && words.getFirst().literal().filter(String::isBlank).isEmpty()
                && words.stream().noneMatch(word -> word.text().indexOf(0) >= 0);
    }
}
