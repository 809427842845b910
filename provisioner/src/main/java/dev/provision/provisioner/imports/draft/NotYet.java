package dev.provision.provisioner.imports.draft;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.schema.diagnostics.Span;

/**
 * What a manifest says that no driver gives machines yet. It stays in the manifest, which means the same as the imported
 * file; but whoever imports shall not learn from {@code plan} that it is refused. To be shortened as the drivers learn.
 */
public final class NotYet {

    private static final int MOST_NAMES = 5;

    private NotYet() {}

    /** To be called once all machines are known. */
    public static void remark(Span file, List<MachineDraft> machines, Remarks remarks) {
        List<MachineDraft> refused = machines.stream()
                .filter(machine -> !Replicas.areNone(machine) && !wishes(machine).isEmpty())
                .toList();
        if (refused.isEmpty()) {
            return;
        }
        String keys = refused.stream()
                .flatMap(machine -> wishes(machine).stream())
                .distinct()
                .sorted()
                .map(key -> "`" + key + "`")
                .collect(Collectors.joining(", "));
        String names = refused.stream()
                .limit(MOST_NAMES)
                .map(machine -> "`" + machine.name() + "`")
                .collect(Collectors.joining(", "))
                + (refused.size() > MOST_NAMES ? " and " + (refused.size() - MOST_NAMES) + " more" : "");
        remarks.notYet(file, "plan and apply refuse the manifest for now",
                "this version cannot give machines " + keys + " yet; asked for by " + names,
                "take these keys out where the machines can do without them");
    }

    private static List<String> wishes(MachineDraft machine) {
        return Stream.of("gpu").filter(machine::hasResource).toList();
    }
}
