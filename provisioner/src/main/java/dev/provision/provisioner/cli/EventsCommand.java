package dev.provision.provisioner.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.provisioner.journal.JournalEntry;
import dev.provision.provisioner.journal.JournalReader;
import dev.provision.provisioner.journal.JournalTail;
import dev.provision.provisioner.journal.JournalText;

/** {@code provision events}: what was done to fleets, and goes on being done. */
@Command(name = "events", mixinStandardHelpOptions = true, description = "Shows what commands did to the fleets of this host, by their journals.", footerHeading = "%nExamples:%n", footer = {
    "  provision events --fleet lab --tail 50", "  provision events -f -o json"})
final class EventsCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(200);

    @Option(names = "--fleet", paramLabel = "FLEET", description = "only this fleet")
    private @Nullable String fleet;

    @Option(names = {"-f", "--follow"}, description = "go on as more happens, until Ctrl-C")
    private boolean follow;

    @Option(names = "--tail", paramLabel = "N", converter = PoolOptions.AtLeastOne.class, description = "of what has happened, only the last N events (default: all)")
    private @Nullable Integer tail;

    @Mixin
    private Output output = new Output();

    private final Map<String, JournalTail> tails = new TreeMap<>();

    @Override
    public Integer call() throws Exception {
        StoreLayout layout = Directories.ofEnvironment(System.getenv()).layout();
        MachineStore store = new MachineStore(layout);
        JournalText text = new JournalText(output.palette(), ZoneId.systemDefault());
        List<JournalEntry> past = past(layout, fleets(store));
        show(tail == null ? past : past.subList(Math.max(0, past.size() - tail), past.size()), text);
        try {
            while (follow && !output.out().checkError()) {
                Thread.sleep(POLL);
                Collection<String> names = new TreeSet<>(fleets(store));
                names.addAll(tails.keySet()); // also those that are gone, and may come again
                show(news(layout, names), text);
            }
        } finally {
            for (JournalTail followed : tails.values()) {
                followed.close();
            }
        }
        return ExitCode.OK.number();
    }

    private Collection<String> fleets(MachineStore store) throws IOException {
        return fleet == null ? store.fleets() : List.of(fleet);
    }

    private List<JournalEntry> past(StoreLayout layout, Collection<String> fleets) throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        int unreadable = 0;
        for (String name : fleets) {
            JournalReader.Contents before = JournalReader.read(layout.journalBefore(name));
            JournalReader.Contents news = tailOf(layout, name).next();
            entries.addAll(before.entries());
            entries.addAll(news.entries());
            unreadable += before.unreadable() + news.unreadable();
        }
        if (unreadable > 0) {
            output.aside("note: " + unreadable + " lines are cut short or damaged, and passed over");
        }
        return ordered(entries);
    }

    private List<JournalEntry> news(StoreLayout layout, Collection<String> fleets) throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        for (String name : fleets) {
            entries.addAll(tailOf(layout, name).next().entries());
        }
        return ordered(entries);
    }

    private JournalTail tailOf(StoreLayout layout, String name) {
        return tails.computeIfAbsent(name, _ -> new JournalTail(layout.journal(name)));
    }

    /** Those of several fleets by time; those of one stay as they were written. */
    private static List<JournalEntry> ordered(List<JournalEntry> entries) {
        entries.sort(Comparator.comparing(JournalEntry::at));
        return entries;
    }

    private void show(List<JournalEntry> entries, JournalText text) {
        for (JournalEntry entry : entries) {
            output.out().println(output.isJson() ? entry.json() : text.line(entry));
        }
        output.out().flush();
    }
}
