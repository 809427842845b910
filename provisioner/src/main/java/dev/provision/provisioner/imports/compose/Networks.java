package dev.provision.provisioner.imports.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.draft.Replicas;
import dev.provision.provisioner.imports.draft.Value;
import dev.provision.provisioner.imports.draft.Value.Block;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Keys.Located;
import dev.provision.provisioner.imports.source.LabelNames;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;

/** Networks of the file, and which machines are on them. Services that name none are together on {@code default}. */
final class Networks {

    private static final String DEFAULT = "default";
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String SUBNET = OCTET + "(\\." + OCTET + "){3}/([89]|1[0-9]|2[0-9])";
    private static final String DRIVER = "networks of a manifest are all of one kind";
    private static final String ADDRESS = "provision gives the machines their addresses";
    private static final Map<String, String> KEYS = Map.of("driver_opts", DRIVER, "attachable",
            DRIVER, "enable_ipv4", DRIVER, "enable_ipv6", "networks of a manifest are IPv4", "external",
            "a network of a manifest belongs to its fleet", "internal",
            "whether machines reach the outside is not a matter of their networks", "name",
            "networks are called by their key", "labels", "networks have no labels");
    private static final Map<String, String> MEMBER_KEYS = Map.of("aliases", "machines are called by their own names",
            "ipv4_address", ADDRESS, "ipv6_address", ADDRESS, "link_local_ips", ADDRESS, "mac_address", ADDRESS,
            "interface_name", "the guest names its interfaces", "driver_opts", DRIVER, "gw_priority", DRIVER,
            "priority", DRIVER);

    /** A network, and its subnet where the file says one. */
    private record Network(String label, Optional<String> subnet) {}

    private final Remarks remarks;
    private final LabelNames labels;
    private final Map<String, Network> networks = new LinkedHashMap<>();
    private final List<MachineDraft> onDefault = new ArrayList<>();

    Networks(Optional<Keys> declared, Remarks remarks) {
        this.remarks = remarks;
        this.labels = new LabelNames(declared.map(keys -> keys.mapping().entries().keySet()).orElse(Set.of()));
        declared.ifPresent(this::declare);
    }

    private void declare(Keys declared) {
        for (Entry entry : declared.all()) {
            String name = entry.key().text();
            Optional<String> subnet = declared.below(name).flatMap(Networks::declaredSubnet);
            add(name, entry.key().span(), subnet);
        }
    }

    private Network add(String name, Span place, Optional<String> subnet) {
        Network network = new Network(labels.give(name, "network", place, remarks), subnet);
        networks.put(name, network);
        return network;
    }

    private static Optional<String> declaredSubnet(Keys network) {
        Optional<String> subnet = network.below("ipam").flatMap(ipam -> {
            List<Node> ranges = ipam.nodes("config");
            ipam.finish(Map.of("driver", ADDRESS, "options", ADDRESS));
            return ranges.stream().flatMap(range -> subnet(range, network).stream()).findFirst();
        });
        network.loseUnless("driver", Set.of("bridge", "default"), DRIVER);
        network.finish(KEYS);
        return subnet;
    }

    private static Optional<String> subnet(Node range, Keys network) {
        if (!(range instanceof Mapping mapping)) {
            network.remarks().lost(range.span(), "this range of addresses", "it takes a mapping, not " + range.kind());
            return Optional.empty();
        }
        Keys keys = network.item("ipam.config", mapping);
        Optional<String> text = keys.literal("subnet");
        Optional<String> subnet = text.filter(cidr -> cidr.matches(SUBNET));
        if (text.isPresent() && subnet.isEmpty()) {
            keys.remarks()
                    .lost(keys.place("subnet"), "the subnet " + Remarks.quoted(text.get()),
                            "networks of a manifest have IPv4 subnets such as 10.77.0.0/24, from /8 to /29");
        }
        keys.finish(Map.of("gateway", ADDRESS, "ip_range", ADDRESS, "aux_addresses", ADDRESS));
        return subnet;
    }

    /** Puts a machine on the networks that its service names. */
    void convert(Keys service, MachineDraft machine) {
        Optional<String> mode = service.literal("network_mode");
        Optional<Node> named = service.node("networks");
        if (mode.isPresent()) {
            mode(mode.get(), service.place("network_mode"), machine);
        } else if (named.orElse(null) instanceof Mapping) {
            service.below("networks").ifPresent(keys -> keys.all().forEach(entry -> {
                join(entry.key().text(), entry.key().span(), machine);
                keys.below(entry.key().text()).ifPresent(member -> member.finish(MEMBER_KEYS));
            }));
        } else if (named.isPresent()) {
            service.texts("networks").forEach(item -> join(item, machine));
        } else {
            onDefault.add(machine);
        }
    }

    private static void mode(String mode, Span place, MachineDraft machine) {
        switch (mode) {
            case "none" -> {
                machine.withoutNetwork();
                if (machine.removePorts()) {
                    machine.remarks()
                            .lost(place, "that its ports are published", "nothing reaches a machine without a network");
                }
            }
            case "bridge" -> machine.remarks()
                    .note(place, "the machine is on no network with others", "as containers are on Docker's bridge");
            default -> machine.remarks()
                    .lost(place, "the network mode " + Remarks.quoted(mode),
                            "a machine has network interfaces of its own");
        }
    }

    private void join(Located item, MachineDraft machine) {
        Optional<String> name = item.text().literal();
        if (name.isEmpty()) {
            machine.remarks()
                    .lost(item.span(), "the network " + Remarks.quoted(item.text().text()),
                            "the name of a network is no variable");
        }
        name.ifPresent(text -> join(text, item.span(), machine));
    }

    private void join(String name, Span place, MachineDraft machine) {
        Network known = networks.get(name);
        machine.network((known == null ? add(name, place, Optional.empty()) : known).label());
    }

    /** The networks of the manifest, once all machines are known. One machine alone needs no network to itself. */
    Block settle() {
        boolean inCompany = onDefault.size() > 1 || onDefault.stream().anyMatch(Replicas::areSeveral);
        if (inCompany || networks.containsKey(DEFAULT)) {
            onDefault.forEach(machine -> join(DEFAULT, machine.span(), machine));
        }
        Block block = new Block();
        networks.values().forEach(network -> {
            Block entry = new Block();
            network.subnet().ifPresent(subnet -> entry.put("subnet", new Value.Text(subnet)));
            block.put(network.label(), entry);
        });
        return block;
    }
}
