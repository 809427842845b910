package dev.provision.hypervisor.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.provision.schema.fleet.FleetLink;
import dev.provision.schema.fleet.Segment;

/** A machine's places on networks as JSON: its address, and who else its guest was last told of. */
final class LinkJson {

    private LinkJson() {}

    static ArrayNode write(List<FleetLink> links) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (FleetLink link : links) {
            ObjectNode object = array.addObject().put("network", link.network());
            link.address().ifPresent(address -> object.put("address", address));
            link.bridge().ifPresent(bridge -> object.put("bridge", bridge));
            link.segment().ifPresent(segment -> {
                object.put("subnet", segment.subnet());
                ObjectNode members = object.putObject("members");
                segment.members().forEach(members::put);
            });
        }
        return array;
    }

    static List<FleetLink> read(List<JsonFields> array) throws MalformedJsonException {
        List<FleetLink> links = new ArrayList<>();
        for (JsonFields object : array) {
            Optional<String> subnet = object.optionalText("subnet");
            Optional<Segment> segment = subnet.isEmpty() ? Optional.empty()
                    : Optional.of(new Segment(subnet.get(), object.map("members")));
            links.add(new FleetLink(object.text("network"), object.optionalText("address"),
                    object.optionalText("bridge"), segment));
            object.requireNoOthers();
        }
        return links;
    }
}
