package dev.provision.hypervisor.qemu.commandline;

import java.util.ArrayList;
import java.util.List;

/** Arguments of QEMU, in the order in which they are added. */
final class Arguments {

    private final List<String> argv = new ArrayList<>();

    /** An option and what it is set to. */
    void add(String option, Object value) {
        argv.add(option);
        argv.add(value.toString());
    }

    void addAll(List<String> more) {
        argv.addAll(more);
    }

    List<String> list() {
        return List.copyOf(argv);
    }
}
