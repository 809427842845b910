package dev.provision.provisioner.imports.draft;

import java.util.ArrayList;
import java.util.List;

import dev.provision.provisioner.imports.draft.Value.Block;
import dev.provision.provisioner.imports.draft.Value.Text;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.schema.ManifestReader;

/**
 * A manifest while it is put together.
 *
 * @param origin
 *            what it was made from, for its first line
 * @param remarks
 *            those on the whole file
 */
public record ManifestDraft(String origin, String fleet, Block variables, List<MachineDraft> machines, Block networks,
        Remarks remarks) {

    public ManifestDraft {
        machines = List.copyOf(machines);
    }

    /** The text of the manifest, its keys in the order of the canonical form. */
    public String text() {
        List<String> head = new ArrayList<>();
        head.add("Imported from " + origin + ".");
        head.addAll(remarks.lines());
        Block entries = new Block();
        machines.forEach(machine -> entries.put(machine.name(), machine.block(), machine.remarks().lines()));
        return new DraftWriter().comments(head)
                .entry("version", Value.word(ManifestReader.VERSION))
                .entry("fleet", new Text(fleet))
                .entry("variables", variables)
                .entry("networks", networks)
                .entry("machines", entries)
                .text();
    }
}
