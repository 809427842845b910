package dev.provision.hypervisor.qemu.commandline;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.provision.hypervisor.MachineId;
import dev.provision.schema.fleet.Disk;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Volume;

/** The settings files of the guest contract (docs/guest-contract.md), as text. */
public final class GuestSettings {
    /** QEMU's user network (slirp) is the same in each machine: its guest, router and name server. */
    private static final String ADDRESS = "10.0.2.15/24";
    private static final String GATEWAY = "10.0.2.2";
    private static final String DNS = "10.0.2.3";

    /** One file each. */
    public enum File {
        IDENTITY("identity"), ENV("env"), BOOT("boot");

        private final String word;

        File(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        /** The fw_cfg name; {@code opt/} is where names of users belong. */
        String guestName() {
            return "opt/provision/" + word;
        }
    }

    private GuestSettings() {}

    /**
     * What the guest reads.
     *
     * @param attempts
     *            how often the machine's command has been started so far
     */
    public static String text(File file, MachineId id, MachineSpec spec, Instant now, int attempts) {
        return switch (file) {
            case IDENTITY -> identity(id, spec);
            case ENV -> assignments(spec.workload().env());
            case BOOT -> boot(spec, now, attempts);
        };
    }

    private static String identity(MachineId id, MachineSpec spec) {
        SortedMap<String, String> values = new TreeMap<>(Map.of("CONTRACT", "1", "HOSTNAME", id.name(), "MACHINE_ID",
                id.uuid().toString().replace("-", "")));
        Map.of("ADDRESS", ADDRESS, "GATEWAY", GATEWAY, "DNS", DNS, "MAC", id.mac())
                .forEach((name, value) -> values.put(name, spec.network().enabled() ? value : ""));
        if (!spec.network().fleetNetworks().isEmpty()) {
            values.put("NETWORKS", GuestNetworks.devices(id, spec));
            values.put("HOSTS", GuestNetworks.hosts(id, spec));
        }
        return assignments(values);
    }

    private static String boot(MachineSpec spec, Instant now, int attempts) {
        String run = spec.workload().command().stream().map(GuestSettings::quote).collect(Collectors.joining(" "));
        SortedMap<String, String> values = sorted(Map.of("CPUS",
                Integer.toString(spec.resources().cpus().limit().vcpus()), "SHM_MIB",
                Long.toString(spec.resources().shm().mib()), "RUN", run, "RESTART", spec.workload().restart().word(),
                "EPOCH",
                Long.toString(now.getEpochSecond()), "DISKS", disks(spec.resources().disks()), "VOLUMES",
                volumes(spec.volumes()), "ATTEMPTS", Integer.toString(attempts)));
        spec.workload()
                .deadline()
                .ifPresent(deadline -> values.put("DEADLINE", Long.toString(deadline.plusMillis(999).toSeconds())));
        return assignments(values);
    }

    /** By this the guest finds the volume at that place of the spec. */
    static String volumeTag(int number) {
        return "volume-" + number;
    }

    /** Three words each, quoted: tag, {@code ro} or {@code rw}, folder; a folder before those inside of it. */
    private static String volumes(List<Volume> volumes) {
        return IntStream.range(0, volumes.size())
                .boxed()
                .sorted(Comparator.comparing(number -> volumes.get(number).target()))
                .map(number -> volumeTag(number) + (volumes.get(number).readOnly() ? " ro " : " rw ")
                        + quote(volumes.get(number).target()))
                .collect(Collectors.joining(" "));
    }

    /** {@code NAME:FOLDER}, separated by blanks; a folder before those inside of it. */
    private static String disks(SortedMap<String, Disk> disks) {
        return disks.entrySet()
                .stream()
                .sorted(Comparator.comparing(disk -> disk.getValue().mount()))
                .map(disk -> disk.getKey() + ":" + disk.getValue().mount())
                .collect(Collectors.joining(" "));
    }

    private static SortedMap<String, String> sorted(Map<String, String> values) {
        return new TreeMap<>(values);
    }

    private static String assignments(SortedMap<String, String> values) {
        return values.entrySet()
                .stream()
                .map(entry -> entry.getKey() + "=" + quote(entry.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    /** A POSIX shell word that means exactly {@code value} (XCU 2.2.2): nothing is special in single quotes but one. */
    static String quote(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}
