package dev.provision.provisioner.imports;

import java.util.List;

import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Severity;

/**
 * A manifest made from another system's file.
 *
 * @param manifest
 *            its text, with every remark as a comment
 * @param machines
 *            how many entries it has under {@code machines}, at least 1
 * @param remarks
 *            warnings: what is not carried over; notes: what is said in another way
 */
public record Imported(String manifest, int machines, List<Diagnostic> remarks) {
    public Imported {
        remarks = List.copyOf(remarks);
    }

    /** How many things are not carried over. */
    public long losses() {
        return remarks.stream().filter(remark -> remark.severity() == Severity.WARNING).count();
    }
}
