package dev.provision.provisioner.plans;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.provision.hypervisor.store.JsonFields;
import dev.provision.hypervisor.store.MalformedJsonException;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.plan.Step;
import dev.provision.provisioner.convergence.StepNames;
import dev.provision.provisioner.views.Json;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;
import dev.provision.schema.units.QuantityFormatException;

/** Steps as objects: {@code step} says which, {@code text} says it to people. Specs are named by their place in the change. */
final class StepJson {

    private StepJson() {}

    static Map<String, Object> write(Step step, PlanJson.Specs specs) {
        Map<String, Object> object = switch (step) {
            case Step.Create create -> Json.object("step", "create", "spec", specs.index(create.spec()));
            case Step.Start start -> Json.object("step", "start", "spec", specs.index(start.spec()));
            case Step.Stop stop -> Json.object("step", "stop");
            case Step.ResizeMemory resize ->
                Json.object("step", "resize-memory", "from", resize.from().canonical(), "to",
                        resize.to().canonical());
            case Step.ResizeCpus resize -> Json.object("step", "resize-cpus", "from", resize.from(), "to", resize.to());
            case Step.Limit limit -> Json.object("step", "limit", "spec", specs.index(limit.spec()));
            case Step.ResizeShm resize -> Json.object("step", "resize-shm", "from", resize.from().canonical(), "to",
                    resize.to().canonical());
            case Step.ClosePorts close -> Json.object("step", "close-ports", "ports", texts(close.ports()));
            case Step.ForwardPorts forward -> Json.object("step", "forward-ports", "ports", texts(forward.ports()));
            case Step.ShareNames share -> Json.object("step", "share-names", "spec", specs.index(share.spec()));
            case Step.GrowDisks grow -> Json.object("step", "grow-disks", "spec", specs.index(grow.spec()));
            case Step.AssignDevices assign -> Json.object("step", "assign-devices", "devices",
                    assign.devices().stream().map(DeviceAddress::text).toList());
            case Step.DiscardOverlay discard -> Json.object("step", "discard-overlay");
            case Step.SaveSpec save -> Json.object("step", "save-spec", "spec", specs.index(save.spec()));
            case Step.Remove remove -> Json.object("step", "remove", "storage", remove.withStorage());
        };
        object.put("text", StepNames.of(step));
        return object;
    }

    private static List<String> texts(List<PortForward> ports) {
        return ports.stream().map(PortForward::toString).toList();
    }

    static Step read(JsonFields json, List<MachineSpec> specs) throws MalformedJsonException {
        json.skip("text");
        Step step = switch (json.text("step")) {
            case "create" -> new Step.Create(spec(json, specs));
            case "start" -> new Step.Start(spec(json, specs));
            case "stop" -> new Step.Stop();
            case "resize-memory" -> new Step.ResizeMemory(size(json, "from"), size(json, "to"));
            case "resize-cpus" -> new Step.ResizeCpus((int) json.number("from"), (int) json.number("to"));
            case "limit" -> new Step.Limit(spec(json, specs));
            case "resize-shm" -> new Step.ResizeShm(size(json, "from"), size(json, "to"));
            case "forward-ports" -> new Step.ForwardPorts(ports(json, "ports"));
            case "close-ports" -> new Step.ClosePorts(ports(json, "ports"));
            case "share-names" -> new Step.ShareNames(spec(json, specs));
            case "grow-disks" -> new Step.GrowDisks(spec(json, specs));
            case "assign-devices" -> new Step.AssignDevices(devices(json));
            case "discard-overlay" -> new Step.DiscardOverlay();
            case "save-spec" -> new Step.SaveSpec(spec(json, specs));
            case "remove" -> new Step.Remove(json.flagOr("storage", false));
            default -> throw json.wrong("step", "a step that this version of provision knows");
        };
        json.requireNoOthers();
        return step;
    }

    private static MachineSpec spec(JsonFields json, List<MachineSpec> specs) throws MalformedJsonException {
        return ChangeReader.spec(json, "spec", specs);
    }

    private static List<DeviceAddress> devices(JsonFields json) throws MalformedJsonException {
        List<DeviceAddress> devices = new ArrayList<>();
        for (String text : json.texts("devices")) {
            if (!DeviceAddress.isAddress(text)) {
                throw json.wrong("devices", "a list of addresses of devices");
            }
            devices.add(new DeviceAddress(text));
        }
        return devices;
    }

    private static List<PortForward> ports(JsonFields json, String name) throws MalformedJsonException {
        List<PortForward> ports = new ArrayList<>();
        for (String text : json.texts(name)) {
            try {
                ports.add(PortForward.parse(text));
            } catch (QuantityFormatException e) {
                throw json.wrong(name, "a list of port forwards");
            }
        }
        return ports;
    }

    static ByteSize size(JsonFields json, String name) throws MalformedJsonException {
        try {
            return ByteSize.parse(json.text(name), BareUnit.MIB);
        } catch (QuantityFormatException e) {
            throw json.wrong(name, "a size");
        }
    }
}
