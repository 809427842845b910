package dev.provision.provisioner.imports.compose;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.provisioner.imports.source.Texts;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.PortForward.Protocol;
import dev.provision.schema.units.QuantityFormatException;

/** Published ports. Without an address Compose listens on all of them, a manifest on the loopback address only. */
final class Ports {

    private static final String EVERYWHERE = "0.0.0.0";
    /** More of them are a mistake, or nothing that one would want to see in a file. */
    private static final int MOST_IN_RANGE = 100;
    private static final int MOST = 1000;
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

    /** Both ends included. */
    private record Range(int first, int last) {
        int length() {
            return last - first + 1;
        }
    }

    private final Texts texts;
    private final MachineDraft machine;
    private final Remarks remarks;

    private Ports(Texts texts, MachineDraft machine) {
        this.texts = texts;
        this.machine = machine;
        this.remarks = machine.remarks();
    }

    static void convert(Keys service, MachineDraft machine) {
        Ports ports = new Ports(service.texts(), machine);
        for (Node item : service.nodes("ports")) {
            switch (item) {
                case Scalar text -> ports.shortSyntax(service.texts().read(text, machine.remarks()), text.span());
                case Mapping mapping -> ports.longSyntax(service.item("ports", mapping));
                case Node.Sequence list ->
                    machine.remarks().lost(list.span(), "this port", "it takes a text or a mapping, not a list");
            }
        }
    }

    /** {@code [[IP:]HOST:]GUEST[/PROTOCOL]}. */
    private void shortSyntax(Template text, Span place) {
        List<Template> halves = text.split('/', 2);
        Optional<Protocol> protocol = halves.size() == 1 ? Optional.of(Protocol.TCP)
                : protocol(halves.getLast(), place);
        List<Template> pieces = halves.getFirst().split(':', 0);
        if (protocol.isEmpty()) {
            return;
        }
        switch (pieces.size()) {
            case 1 -> chosenByChance(place);
            case 2 -> publish(Template.of(EVERYWHERE), pieces.get(0), pieces.get(1), protocol.get(), place);
            case 3 -> publish(pieces.get(0), pieces.get(1), pieces.get(2), protocol.get(), place);
            default -> onlyIpv4(text, place);
        }
    }

    private void longSyntax(Keys port) {
        Optional<Template> target = port.text("target");
        Optional<Template> published = port.text("published").filter(text -> !text.isEmpty());
        Optional<Template> address = port.text("host_ip");
        Optional<Protocol> protocol = port.text("protocol")
                .map(text -> protocol(text, port.place("protocol")))
                .orElse(Optional.of(Protocol.TCP));
        port.text("mode");
        port.finish(Map.of("name", "ports have no names in a manifest", "app_protocol",
                "provision forwards bytes, whatever they mean"));
        if (target.isEmpty()) {
            remarks.lost(port.span(), "this port", "it has no `target`");
        } else if (published.isEmpty()) {
            chosenByChance(port.span());
        } else if (address.filter(text -> text.likely().contains(":")).isPresent()) {
            onlyIpv4(address.get(), port.place("host_ip"));
        } else if (protocol.isPresent()) {
            publish(address.filter(text -> !text.isEmpty()).orElse(Template.of(EVERYWHERE)), published.get(),
                    target.get(), protocol.get(), port.span());
        }
    }

    private Optional<Protocol> protocol(Template text, Span place) {
        return switch (text.literal().orElse("")) {
            case "tcp" -> Optional.of(Protocol.TCP);
            case "udp" -> Optional.of(Protocol.UDP);
            default -> {
                remarks.lost(place, "a port of protocol " + Remarks.quoted(text.text()),
                        "provision forwards tcp and udp");
                yield Optional.empty();
            }
        };
    }

    private void chosenByChance(Span place) {
        remarks.lost(place, "a port whose number on the host is left to chance",
                "a manifest names both ports, so that it means the same each time");
    }

    private void onlyIpv4(Template text, Span place) {
        remarks.lost(place, "the port " + Remarks.quoted(text.text()), "provision listens on IPv4 addresses");
    }

    private void publish(Template address, Template host, Template guest, Protocol protocol, Span place) {
        Optional<String> literalAddress = address.literal();
        Optional<String> hosts = host.literal();
        Optional<String> guests = guest.literal();
        if (literalAddress.isEmpty() || hosts.isEmpty() || guests.isEmpty()) {
            Template colon = Template.of(":");
            Template port = Template.join(address, colon, host, colon, guest,
                    Template.of(protocol == Protocol.UDP ? "/udp" : ""));
            texts.demand(port);
            leftToVariables(port, place);
            return;
        }
        if (machine.ports().size() >= MOST) {
            remarks.lost(place, "this port", "the machine has " + MOST + " others already");
            return;
        }
        Optional<Range> from = range(hosts.get());
        Optional<Range> to = range(guests.get());
        if (from.isEmpty() || to.isEmpty()) {
            remarks.lost(place, "this port", Remarks.quoted(from.isEmpty() ? hosts.get() : guests.get())
                    + " is neither a port nor a range of ports");
        } else if (from.get().length() != to.get().length() || from.get().length() > MOST_IN_RANGE) {
            remarks.lost(place, "the range of ports " + Remarks.quoted(hosts.get()),
                    "a manifest names each port, and these are " + (from.get().length() > MOST_IN_RANGE
                            ? "more than " + MOST_IN_RANGE
                            : "not as many as those of the guest"));
        } else {
            for (int i = 0; i < from.get().length(); i++) {
                forward(literalAddress.get(), from.get().first() + i, to.get().first() + i, protocol, place);
            }
        }
    }

    private void leftToVariables(Template port, Span place) {
        try {
            if (port.withDefaults().isPresent()) {
                PortForward.parse(port.withDefaults().get());
            }
            machine.port(port);
        } catch (QuantityFormatException e) {
            remarks.lost(place, "the port " + Remarks.quoted(port.text()), String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Range> range(String text) {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        return first <= last ? Optional.of(new Range(first, last)) : Optional.empty();
    }

    private void forward(String address, int host, int guest, Protocol protocol, Span place) {
        String text = address + ":" + host + ":" + guest + (protocol == Protocol.UDP ? "/udp" : "");
        try {
            if (!machine.port(PortForward.parse(text))) {
                remarks.note(place, "the port " + Remarks.quoted(text) + " is published twice", "once is enough");
            }
        } catch (QuantityFormatException e) {
            remarks.lost(place, "the port " + Remarks.quoted(text), String.valueOf(e.getMessage()));
        }
    }
}
