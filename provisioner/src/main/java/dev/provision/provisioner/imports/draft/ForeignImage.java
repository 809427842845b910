package dev.provision.provisioner.imports.draft;

import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.schema.diagnostics.Span;

/** An image of another system, which no machine boots. */
public final class ForeignImage {

    private ForeignImage() {}

    /** Says that it stays behind. */
    public static void remark(String reference, Span place, MachineDraft machine) {
        machine.remarks()
                .lost(place, "the image " + Remarks.quoted(reference),
                        "machines boot the built-in guest image, which has few programs; there are no other ones yet",
                        "let `run.command` be a program that the built-in image has, such as those of busybox");
    }
}
