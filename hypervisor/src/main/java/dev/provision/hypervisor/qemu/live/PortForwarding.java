package dev.provision.hypervisor.qemu.live;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.channel.UntrustedText;
import dev.provision.hypervisor.qemu.commandline.NetworkCards;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.schema.fleet.PortForward;

/**
 * Port forwards of a running machine. QEMU changes them by its human monitor only ({@code hostfwd_add},
 * {@code hostfwd_remove}), which reports errors as text.
 */
public final class PortForwarding {
    private static final Duration COMMAND = Duration.ofSeconds(5);

    /** A line of {@code info usernet}: {@code TCP[HOST_FORWARD]  12  127.0.0.1 8080  10.0.2.15 80  0 0}. */
    private static final Pattern FORWARD = Pattern
            .compile("(TCP|UDP)\\[HOST_FORWARD\\]\\s+\\d+\\s+(\\S+)\\s+(\\d+)\\s+\\S+\\s+(\\d+)\\s");

    private PortForwarding() {}

    /** Removes first: a forward may move from one guest port to another. Does not repeat what is done. */
    public static void change(Vm vm, List<PortForward> remove, List<PortForward> add)
            throws DriverException, InterruptedException {
        try {
            Set<PortForward> present = present(vm.monitor().human("info usernet", Deadline.in(COMMAND)));
            for (PortForward port : remove) {
                if (present.contains(port)) {
                    remove(vm, port);
                }
            }
            for (PortForward port : add) {
                if (!present.contains(port) || remove.contains(port)) {
                    add(vm, port);
                }
            }
        } catch (QmpException e) {
            throw new DriverException(vm.id() + ": its port forwards cannot be changed: " + e.getMessage(),
                    "see whether it still runs, then apply again", e);
        }
    }

    static Set<PortForward> present(String usernet) {
        Set<PortForward> ports = new HashSet<>();
        Matcher matcher = FORWARD.matcher(usernet);
        while (matcher.find()) {
            String address = matcher.group(2).equals("*") ? "0.0.0.0" : matcher.group(2);
            ports.add(new PortForward(address, Integer.parseInt(matcher.group(3)), Integer.parseInt(matcher.group(4)),
                    PortForward.Protocol.valueOf(matcher.group(1).toUpperCase(Locale.ROOT))));
        }
        return ports;
    }

    private static void remove(Vm vm, PortForward port) throws DriverException, QmpException, InterruptedException {
        String rule = port.protocol() + ":" + port.hostAddress() + ":" + port.hostPort();
        String answer = vm.monitor()
                .human("hostfwd_remove " + NetworkCards.FORWARDING + " " + rule,
                        Deadline.in(COMMAND));
        if (!answer.endsWith("removed")) {
            throw new DriverException(vm.id() + ": the port forward " + port + " cannot be removed (QEMU: "
                    + UntrustedText.line(answer)
                    + ")", "restart the machine");
        }
    }

    private static void add(Vm vm, PortForward port) throws DriverException, QmpException, InterruptedException {
        String answer = vm.monitor()
                .human("hostfwd_add " + NetworkCards.FORWARDING + " "
                        + NetworkCards.hostForward(port), Deadline.in(COMMAND));
        if (!answer.isEmpty()) {
            throw new DriverException(vm.id() + ": the host address " + port.hostAddress() + ":" + port.hostPort()
                    + " cannot be forwarded: something else listens there, it is not this host's, or it is one that only "
                    + "root may bind and the machine was booted without such (QEMU: "
                    + UntrustedText.line(answer)
                    + ")", "free that port, restart the machine, or change `ports` of the machine");
        }
    }
}
