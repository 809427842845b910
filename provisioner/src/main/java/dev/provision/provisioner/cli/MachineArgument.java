package dev.provision.provisioner.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.schema.diagnostics.Suggestion;

/** Finds machines by name: {@code NAME} where it is unique on this host, {@code FLEET/NAME} or {@code --fleet} where not. */
final class MachineArgument {

    @Option(names = "--fleet", paramLabel = "FLEET", description = "the machine's fleet, where its name alone is ambiguous")
    private @Nullable String fleet;

    MachineId find(MachineStore store, String name) throws IOException {
        int slash = name.indexOf('/');
        String machine = name.substring(slash + 1);
        Optional<String> wantedFleet = slash > 0 ? Optional.of(name.substring(0, slash)) : Optional.ofNullable(fleet);
        List<MachineId> all = all(store);
        List<MachineId> matches = all.stream()
                .filter(id -> id.name().equals(machine))
                .filter(id -> wantedFleet.isEmpty() || wantedFleet.get().equals(id.fleet()))
                .toList();
        if (matches.size() == 1) {
            return matches.getFirst();
        }
        if (matches.isEmpty()) {
            List<String> known = all.stream().map(MachineId::name).toList();
            throw new CommandFailedException(ExitCode.USAGE, "there is no machine `" + name + "` on this host",
                    Suggestion.text(machine, known,
                            known.isEmpty() ? "create some: provision apply" : "see provision status"));
        }
        throw new CommandFailedException(ExitCode.USAGE, "several fleets have a machine `" + name + "`",
                "say which: " + String.join(", ", matches.stream().map(MachineId::toString).toList()));
    }

    private static List<MachineId> all(MachineStore store) throws IOException {
        List<MachineId> ids = new ArrayList<>();
        for (String fleet : store.fleets()) {
            store.machines(fleet).forEach(name -> ids.add(new MachineId(fleet, name)));
        }
        return ids;
    }
}
