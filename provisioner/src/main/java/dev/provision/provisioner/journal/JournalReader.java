package dev.provision.provisioner.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Reads journals of this and of earlier versions. A line that was cut short or damaged is passed over, and counted. */
public final class JournalReader {

    /**
     * What a journal holds.
     *
     * @param unreadable
     *            how many lines are none
     */
    public record Contents(List<JournalEntry> entries, int unreadable) {
        public Contents {
            entries = List.copyOf(entries);
        }
    }

    /** A journal is put aside after megabytes: again and again in a row it is somebody else who moves files. */
    private static final int ATTEMPTS = 5;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JournalReader() {}

    /** The journal after the one that was put aside before it, oldest line first; empty when there is none. */
    public static Contents read(Path path, Path before) throws IOException {
        for (int attempt = 1;; attempt++) {
            Object file = JournalTail.identity(path);
            Contents contents = readBoth(path, before);
            // Put aside in between, what was in it would be missing.
            if (Objects.equals(file, JournalTail.identity(path)) || attempt == ATTEMPTS) {
                return contents;
            }
        }
    }

    private static Contents readBoth(Path path, Path before) throws IOException {
        Contents older = read(before);
        Contents newer = read(path);
        List<JournalEntry> entries = new ArrayList<>(older.entries());
        entries.addAll(newer.entries());
        return new Contents(entries, older.unreadable() + newer.unreadable());
    }

    /** One file; empty when it is not there. */
    public static Contents read(Path file) throws IOException {
        try {
            return parse(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return new Contents(List.of(), 0);
        }
    }

    /** Lines, as bytes: a damaged file need not be UTF-8. */
    static Contents parse(byte[] text) {
        List<JournalEntry> entries = new ArrayList<>();
        List<String> lines = new String(text, StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
        lines.forEach(line -> entry(line).ifPresent(entries::add));
        return new Contents(entries, lines.size() - entries.size());
    }

    /** One line, without its end; empty when it is none of a journal. */
    private static Optional<JournalEntry> entry(String line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            if (!json.path("at").isTextual() || !json.path("event").isTextual()) {
                return Optional.empty();
            }
            return Optional.of(new JournalEntry(Instant.parse(json.path("at").asText()), json.path("run").asText(""),
                    json.path("event").asText(), Optional.ofNullable(json.get("machine")).map(JsonNode::asText),
                    json));
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
