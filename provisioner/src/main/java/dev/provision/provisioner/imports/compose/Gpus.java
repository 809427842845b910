package dev.provision.provisioner.imports.compose;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.draft.Value;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Keys.Located;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;

/** GPUs: the key {@code gpus}, and devices of the capability {@code gpu} that {@code deploy} reserves. */
final class Gpus {

    private static final long MOST = 64;
    private static final String DRIVER = "a machine gets the device itself, its driver belongs to the guest";

    private final Keys service;
    private final MachineDraft machine;
    private final Remarks remarks;
    private long counted;
    private boolean all;

    private Gpus(Keys service, MachineDraft machine) {
        this.service = service;
        this.machine = machine;
        this.remarks = machine.remarks();
    }

    static void convert(Keys service, Optional<Keys> reservations, MachineDraft machine) {
        Gpus gpus = new Gpus(service, machine);
        gpus.own();
        reservations.ifPresent(keys -> keys.nodes("devices").forEach(gpus::reservation));
        gpus.write();
    }

    private void own() {
        Optional<Node> gpus = service.node("gpus");
        if (gpus.orElse(null) instanceof Scalar) {
            boolean everything = service.literal("gpus").filter("all"::equals).isPresent();
            if (!everything) {
                service.lose("gpus", "as a single value it takes `all`");
            }
            all |= everything;
        } else {
            service.nodes("gpus").forEach(this::gpu);
        }
    }

    private void reservation(Node item) {
        if (!(item instanceof Mapping mapping)) {
            remarks.lost(item.span(), "this device", "it takes a mapping, not " + item.kind());
            return;
        }
        List<String> capabilities = new Keys(mapping, Remarks.unheard(), service.texts()).texts("capabilities")
                .stream()
                .map(Located::text)
                .map(text -> text.literal().orElse(""))
                .toList();
        if (capabilities.stream().anyMatch(name -> name.equals("gpu") || name.startsWith("nvidia"))) {
            gpu(item);
        } else {
            remarks.lost(item.span(), "a device of the capabilities " + String.join(", ", capabilities),
                    "a manifest takes GPUs, and devices by their names in the host's catalogue");
        }
    }

    private void gpu(Node item) {
        if (!(item instanceof Mapping mapping)) {
            remarks.lost(item.span(), "this GPU", "it takes a mapping, not " + item.kind());
            return;
        }
        Keys keys = service.item("gpus", mapping);
        keys.texts("capabilities");
        keys.text("driver");
        List<Located> ids = keys.texts("device_ids");
        if (!ids.isEmpty()) {
            remarks.weaker(keys.place("device_ids"), "any " + ids.size() + " of the host's GPUs count as these",
                    "a manifest names GPUs by their model");
            counted += ids.size();
        } else if (keys.has("count") && keys.literal("count").filter("all"::equals).isEmpty()) {
            counted += keys.whole("count", 1, MOST).orElse(1L);
        } else {
            all = true;
        }
        keys.finish(Map.of("options", DRIVER));
    }

    private void write() {
        if (all) {
            remarks.weaker(service.span(), "all GPUs of the host become one", "a manifest says how many it takes");
            machine.resource("gpu", Value.word(1));
        } else if (counted > 0) {
            if (counted > MOST) {
                remarks.weaker(service.span(), "the machine takes " + MOST + " GPUs", "no machine takes more");
            }
            machine.resource("gpu", Value.word(Math.min(counted, MOST)));
        }
    }
}
