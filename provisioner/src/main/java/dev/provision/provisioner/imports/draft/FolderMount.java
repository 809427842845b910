package dev.provision.provisioner.imports.draft;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.fleet.GuestFolders;
import dev.provision.schema.fleet.Volume;
import dev.provision.schema.units.QuantityFormatException;

/** A folder of the host that containers and machines of other systems mount. */
public final class FolderMount {

    private static final Pattern EXTENSION = Pattern.compile("[^/]\\.([A-Za-z0-9]{1,10})$");

    /** What to do about a mount that would hide what a guest needs. */
    public static final String ELSEWHERE = "mount it at a folder of its own, such as /srv";

    private FolderMount() {}

    /** Why nothing can be mounted there, as far as that is known: a clause; empty when something can. */
    public static Optional<String> hidden(Template target) {
        return target.withDefaults()
                .map(path -> path.replaceAll("/+", "/").replaceFirst("(?<=.)/$", ""))
                .filter(GuestFolders::isVital)
                .map(path -> "it would hide " + path + ", which the guest itself needs");
    }

    /** Gives the machine the volume, or says why it cannot have it. */
    public static void convert(Template folder, Template target, boolean readOnly, Span place, MachineDraft machine) {
        Optional<String> hidden = hidden(target);
        if (hidden.isPresent()) {
            machine.remarks().lost(place, "the mount of " + Remarks.quoted(folder.text()), hidden.get(), ELSEWHERE);
            return;
        }
        Template volume = Template.join(folder, Template.of(":"), target, Template.of(readOnly ? ":ro" : ""));
        try {
            Volume parsed = Volume
                    .parse(volume.withDefaults().orElse("./folder:" + target.withDefaults().orElse("/target")));
            if (target.withDefaults().isPresent() && !machine.takeMount(parsed.target())) {
                machine.remarks()
                        .lost(place, "the mount of " + Remarks.quoted(folder.text()),
                                "something is mounted at " + parsed.target() + " already");
                return;
            }
        } catch (QuantityFormatException e) {
            machine.remarks()
                    .lost(place, "the mount of " + Remarks.quoted(folder.text()), e.getMessage() + ": " + e.fix());
            return;
        }
        if (looksLikeFile(folder.likely(), target.likely())) {
            machine.remarks()
                    .weaker(place, Remarks.quoted(folder.text()) + " must be a folder",
                            "machines mount folders, and this looks like a file");
        }
        machine.volume(volume);
    }

    /** Both have the same extension, as in {@code ./nginx.conf:/etc/nginx/nginx.conf}; {@code .d} is one of folders. */
    private static boolean looksLikeFile(String folder, String target) {
        Matcher here = EXTENSION.matcher(folder);
        Matcher there = EXTENSION.matcher(target);
        return here.find() && there.find() && here.group(1).equals(there.group(1)) && !here.group(1).equals("d");
    }
}
