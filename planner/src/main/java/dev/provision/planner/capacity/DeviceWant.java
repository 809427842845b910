package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.HostDevice;
import dev.provision.schema.fleet.DeviceRequest;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.GpuRequest;
import dev.provision.schema.fleet.Resources;

/**
 * One device that a machine asks for.
 *
 * @param text
 *            what it asks for, for people: {@code 0000:3b:00.0}, {@code A100/3g.20gb}
 * @param path
 *            the key that asks
 * @param choice
 *            how much it leaves open
 * @param fits
 *            this would be one
 */
record DeviceWant(String text, List<String> path, Choice choice, Predicate<HostDevice> fits) {

    /** Whoever leaves less open chooses first: so nobody takes what only another one could have done with. */
    enum Choice {
        /** The one device at an address. */
        ADDRESS,
        /** Any of a make. */
        MAKE,
        /** Any GPU of a model, or any such partition. */
        MODEL,
        /** Any GPU. */
        ANY
    }

    DeviceWant {
        path = List.copyOf(path);
    }

    /**
     * All of a machine, in the order of its keys; none of what the driver cannot give anyway.
     *
     * @param names
     *            what names of devices stand for
     */
    static List<DeviceWant> of(Resources resources, Map<String, DeviceSelector> names, DriverCapabilities driver) {
        List<DeviceWant> wants = new ArrayList<>();
        if (driver.attaches(Attachment.GPU)) {
            resources.gpu().filter(gpu -> !gpu.isEmulated()).ifPresent(gpu -> {
                for (int i = 0; i < gpu.quantity(); i++) {
                    wants.add(of(gpu));
                }
            });
        }
        if (driver.attaches(Attachment.DEVICES)) {
            for (int i = 0; i < resources.devices().size(); i++) {
                DeviceRequest request = resources.devices().get(i);
                List<String> path = List.of("resources", "devices", "[" + i + "]");
                of(request.device(), path, names).ifPresent(want -> {
                    for (int each = 0; each < request.quantity(); each++) {
                        wants.add(want);
                    }
                });
            }
        }
        return wants;
    }

    /** How many devices of the host a machine asks for. */
    static int number(Resources resources) {
        return resources.devices().stream().mapToInt(DeviceRequest::quantity).sum()
                + resources.gpu().filter(gpu -> !gpu.isEmulated()).map(GpuRequest::quantity).orElse(0);
    }

    private static DeviceWant of(GpuRequest gpu) {
        Predicate<HostDevice> fits = device -> device.gpu() && device.partition().equals(gpu.partition())
                && (gpu.model().isEmpty() || device.model().equals(gpu.model()));
        String text = gpu.model()
                .map(model -> model + gpu.partition().map(part -> "/" + part).orElse(""))
                .orElse("a GPU of any model");
        return new DeviceWant(text, List.of("resources", "gpu"), gpu.model().isPresent() ? Choice.MODEL : Choice.ANY,
                fits);
    }

    /** None for a name that stands for nothing: the catalogue's check reports it. */
    private static Optional<DeviceWant> of(DeviceSelector device, List<String> path,
            Map<String, DeviceSelector> names) {
        return switch (device) {
            case DeviceSelector.PciAddress(String address) -> Optional.of(new DeviceWant(address, path, Choice.ADDRESS,
                    there -> there.address().text().equals(address)));
            case DeviceSelector.PciId(String id) -> Optional.of(new DeviceWant(id, path, Choice.MAKE,
                    there -> there.id().equals(id) && there.partition().isEmpty()));
            case DeviceSelector.Named(String name) -> Optional.ofNullable(names.get(name))
                    .flatMap(meant -> of(meant, path, Map.of()))
                    .map(want -> new DeviceWant(name + " (" + want.text() + ")", path, want.choice(), want.fits()));
        };
    }

    /** It says which device, and so also that this one may be taken from the host. */
    boolean isByAddress() {
        return choice == Choice.ADDRESS;
    }
}
