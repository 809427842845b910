package dev.provision.hypervisor.qemu.isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The user that a VMM of root runs as: a number without a name, its group of the same number.
 *
 * @param id
 *            see {@link dev.provision.hypervisor.store.VmmUserIds}
 * @param deviceGroup
 *            the group that may open /dev/kvm, when it takes one
 * @param bindsLowPorts
 *            it forwards a port of the host that only root may bind (ip(7), {@code ip_unprivileged_port_start})
 */
public record VmmUser(int id, OptionalInt deviceGroup, boolean bindsLowPorts) {

    /**
     * The words of setpriv(1) that, before a program's own, have it run as this user: without capabilities, also none to be
     * had from files, and without a way back.
     */
    public List<String> prefix() {
        String kept = bindsLowPorts ? "-all,+net_bind_service" : "-all";
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid=" + id, "--regid=" + id,
                deviceGroup.isPresent() ? "--groups=" + deviceGroup.getAsInt() : "--clear-groups",
                "--no-new-privs", "--bounding-set=" + kept, "--inh-caps=" + kept));
        if (bindsLowPorts) {
            words.add("--ambient-caps=" + kept);
        }
        return List.copyOf(words);
    }
}
