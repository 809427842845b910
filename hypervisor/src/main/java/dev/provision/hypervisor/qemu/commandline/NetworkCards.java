package dev.provision.hypervisor.qemu.commandline;

import java.util.List;

import dev.provision.hypervisor.qemu.bridges.Tap;
import dev.provision.schema.fleet.FleetLink;
import dev.provision.schema.fleet.PortForward;

/** A machine's network devices and what they are connected to, as arguments of QEMU. */
public final class NetworkCards {

    /** Id of the backend of the one that has forwards, by which they are changed later. */
    public static final String FORWARDING = "net0";

    private final CommandLineInput input;
    private final MachineType machine;
    private final Arguments argv = new Arguments();

    private NetworkCards(CommandLineInput input) {
        this.input = input;
        this.machine = input.machineType();
    }

    /** None at all for a machine without a network: what is not there needs no rule to keep it shut. */
    static List<String> of(CommandLineInput input) {
        NetworkCards cards = new NetworkCards(input);
        if (input.spec().network().enabled()) {
            cards.toTheHost();
        }
        cards.toFleetNetworks();
        return cards.argv.list();
    }

    private void toTheHost() {
        OptionValue backend = OptionValue.of("user").with("id", FORWARDING);
        input.spec().network().ports().forEach(port -> backend.with("hostfwd", hostForward(port)));
        argv.add("-netdev", backend);
        card(FORWARDING, input.id().mac());
    }

    private void card(String backend, String mac) {
        OptionValue card = OptionValue.of(machine.virtio("net")).with("netdev", backend).with("mac", mac);
        // No program to boot from the network with, which SeaBIOS would run.
        argv.add("-device", machine == MachineType.Q35 ? card.with("romfile", "") : card);
    }

    /**
     * One device for each network, told apart by its MAC. A tap on a bridge is handed over open. Else what is sent to the group on the loopback reaches every VMM that
     * has joined it there, its sender too, and never leaves the host.
     */
    private void toFleetNetworks() {
        List<FleetLink> links = input.spec().network().fleetNetworks();
        for (int number = 0; number < links.size(); number++) {
            String network = links.get(number).network();
            String backend = "fleet" + number;
            argv.add("-netdev", links.get(number).bridge().isPresent()
                    ? OptionValue.of("tap").with("id", backend).with("fd", Tap.descriptor(number))
                    : multicast(network, backend));
            card(backend, input.id().mac(network));
        }
    }

    private OptionValue multicast(String network, String backend) {
        MulticastGroup group = MulticastGroup.of(input.files().fleet(), network);
        return OptionValue.of("dgram")
                .with("id", backend)
                .with("remote.type", "inet")
                .with("remote.host", group.address())
                .with("remote.port", group.port())
                .with("local.type", "inet")
                .with("local.host", "127.0.0.1")
                .with("local.port", 0);
    }

    /** The rule of {@code hostfwd=} and of the monitor's {@code hostfwd_add}. */
    public static String hostForward(PortForward port) {
        return port.protocol() + ":" + port.hostAddress() + ":" + port.hostPort() + "-:" + port.guestPort();
    }
}
