package dev.provision.provisioner.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One line of a journal.
 *
 * @param run
 *            tells the lines of one command from those of others
 * @param event
 *            which kind it is, as {@code -o json} names it; maybe one that this version does not know
 * @param machine
 *            absent of what is not about one machine
 * @param json
 *            the whole line
 */
public record JournalEntry(Instant at, String run, String event, Optional<String> machine, JsonNode json) {

    /** The text of that name, empty where there is none. */
    public String text(String name) {
        return json.path(name).asText("");
    }

    /** The texts of the list of that name, none where there is none. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        json.path(name).forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
