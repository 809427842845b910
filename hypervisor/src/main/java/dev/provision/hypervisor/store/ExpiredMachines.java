package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Which machines have gone because their time was over: what a watch must remember when it is started again. A note that cannot
 * be read is none: the machine is made again, which is what its manifest says.
 */
public final class ExpiredMachines {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int FORMAT = 1;
    private static final String SUFFIX = ".json";

    private final StoreLayout layout;

    public ExpiredMachines(StoreLayout layout) {
        this.layout = layout;
    }

    /** Those of a fleet, by name. */
    public SortedMap<String, ExpiredMachine> of(String fleet) throws IOException {
        SortedMap<String, ExpiredMachine> all = new TreeMap<>();
        for (Path file : files(fleet)) {
            String name = String.valueOf(file.getFileName());
            String machine = name.substring(0, name.length() - SUFFIX.length());
            read(machine, file).ifPresent(expired -> all.put(machine, expired));
        }
        return all;
    }

    private List<Path> files(String fleet) throws IOException {
        try (Stream<Path> files = Files.list(layout.expiredDir(fleet))) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches("[a-z0-9][^.]*\\.json")).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static Optional<ExpiredMachine> read(String machine, Path file) throws IOException {
        try {
            JsonFields json = new JsonFields("", MAPPER.readTree(Files.readAllBytes(file)));
            return json.number("format") != FORMAT ? Optional.empty()
                    : Optional.of(new ExpiredMachine(SpecJson.read(machine, json.object("written")),
                            Instant.parse(json.text("at"))));
        } catch (NoSuchFileException | JsonProcessingException | MalformedJsonException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** From now on it is known that this machine's time is over; to be called before it is destroyed. */
    public void note(String fleet, ExpiredMachine expired) throws IOException {
        PrivateFiles.makeDirectories(layout.expiredDir(fleet));
        ObjectNode json = MAPPER.createObjectNode();
        json.put("format", FORMAT);
        json.put("at", expired.at().truncatedTo(ChronoUnit.MILLIS).toString());
        json.set("written", SpecJson.write(expired.written()));
        PrivateFiles.replace(file(fleet, expired.written().name()),
                MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    /** A new life begins, or nobody wants the machine any more. */
    public void forget(String fleet, String machine) throws IOException {
        Files.deleteIfExists(file(fleet, machine));
    }

    private Path file(String fleet, String machine) {
        return layout.expiredDir(fleet).resolve(machine + SUFFIX);
    }
}
