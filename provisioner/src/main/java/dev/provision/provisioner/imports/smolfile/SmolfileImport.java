package dev.provision.provisioner.imports.smolfile;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import dev.provision.provisioner.imports.ImportRequest;
import dev.provision.provisioner.imports.Imported;
import dev.provision.provisioner.imports.draft.HostPath;
import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.draft.ManifestDraft;
import dev.provision.provisioner.imports.draft.PortClaims;
import dev.provision.provisioner.imports.draft.Value.Block;
import dev.provision.provisioner.imports.draft.Value.Text;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.LabelNames;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Size;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.provisioner.imports.source.Template.Otherwise;
import dev.provision.provisioner.imports.source.Template.Reference;
import dev.provision.provisioner.imports.source.TomlReader;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node.Mapping;

/** Turns a Smolfile, which describes one microVM of smolvm, into a manifest of one machine. */
public final class SmolfileImport {

    /** No Smolfile is larger. */
    public static final int MOST_BYTES = 1 << 18;

    /** What a Smolfile can say at its top, as of smolvm's {@code smolfile} crate in August 2026. */
    private static final Set<String> KEYS = Set.of("image", "entrypoint", "cmd", "env", "secrets", "workdir", "cpus",
            "memory", "net", "gpu", "gpu_vram", "rosetta", "cuda", "auto_graph", "docker_socket", "storage", "overlay",
            "ports", "volumes", "init", "artifact", "pack", "dev", "network", "fork", "health", "restart", "auth",
            "service");

    private final ImportRequest request;
    private final Mapping root;
    private final Remarks remarks;
    private final Block variables = new Block();

    private SmolfileImport(ImportRequest request, Mapping root, Problems problems) {
        this.request = request;
        this.root = root;
        this.remarks = Remarks.into(problems);
    }

    /** The manifest; absent exactly when {@code problems} has errors afterwards. All remarks are among them too. */
    public static Optional<Imported> convert(ImportRequest request, Problems problems) {
        return TomlReader.read(request.source(), problems)
                .filter(root -> Size.isBearable(root, problems))
                .filter(root -> isSmolfile(root, problems))
                .map(root -> new SmolfileImport(request, root, problems).imported(problems));
    }

    /** An empty one is one too: the machine that smolvm makes by default. */
    private static boolean isSmolfile(Mapping root, Problems problems) {
        boolean known = root.entries().isEmpty() || root.entries().keySet().stream().anyMatch(KEYS::contains);
        if (!known) {
            problems.add(Diagnostic.error(Code.MISSING_KEY, root.span(), "no key of a Smolfile is in this file")
                    .why("a Smolfile says `image`, `cpus`, `memory` and the like")
                    .fix("name a Smolfile"));
        }
        return known;
    }

    private Imported imported(Problems problems) {
        Span top = new Span(request.source(), 1, 1, 1);
        Remarks ofMachine = remarks.ofPart();
        MachineDraft machine = new MachineDraft(LabelNames.label(name(), "machine"), top, ofMachine);
        Keys file = new Keys(root, ofMachine, (scalar, unheard) -> Template.of(scalar.text()));
        new SmolfileMachine(file, machine, new HostPath(request.way(), place -> home())).convert();
        PortClaims.settle(List.of(machine));
        String fleet = request.fleet().orElse(LabelNames.label(request.folder(), "imported"));
        ManifestDraft manifest = new ManifestDraft("the Smolfile " + request.file(), fleet, variables,
                List.of(machine), new Block(), remarks);
        return new Imported(manifest.text(), 1, problems.sorted());
    }

    /** {@code node.smolfile} describes `node`; a file called just {@code Smolfile} what its folder is called. */
    private String name() {
        String stem = request.file().replaceFirst("\\.(smolfile|toml)$", "");
        return stem.toLowerCase(Locale.ROOT).equals("smolfile") ? request.folder() : stem;
    }

    private Template home() {
        variables.put("HOME", new Block().put("env", new Text("HOME")));
        return new Template(List.of(new Reference("HOME", Otherwise.EMPTY, "")));
    }
}
