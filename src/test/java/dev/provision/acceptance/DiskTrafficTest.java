package dev.provision.acceptance;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What all disks of a machine may do a second, measured in the guest. */
class DiskTrafficTest {

    /** Time since boot, in hundredths of a second. */
    private static final String NOW = "$(cut -d ' ' -f 1 /proc/uptime | tr -d .)";

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);

    @BeforeEach
    void open() {
        provision = new Provision(folder);
    }

    @AfterEach
    void endVmms() {
        provision.close();
    }

    private void apply(String io) {
        provision.write("machines.yaml", """
                version: 1
                fleet: traffic
                machines:
                  a: { resources: { memory: 128MiB, storage: 64MiB, disks: { wal: 64MiB }%s } }
                """.formatted(io));
        provision.run("apply", "--yes").exits(0);
    }

    /** Seconds that a command in the guest takes. */
    private double seconds(String command) {
        String times = provision.exec("a", "sh", "-c",
                "echo 3 > /proc/sys/vm/drop_caches; sync; from=" + NOW + "; " + command + "; echo $((" + NOW
                        + " - from))");
        return Integer.parseInt(times.lines().reduce((first, second) -> second).orElse("")) / 100.0;
    }

    /** More where the host keeps the guest waiting, so the best of three counts; when it is as good as this, the first. */
    private double best(String command, double good) {
        double best = seconds(command);
        for (int attempt = 2; attempt <= 3 && best > good; attempt++) {
            best = Math.min(best, seconds(command));
        }
        return best;
    }

    /** Never less; on a host that is never idle more, but not by as much as half the limit would take. */
    private double assertTakesFiveSeconds(String command) {
        double best = best(command, 5.5);
        assertTrue(best >= 4.5 && best < 9, best + " s");
        return best;
    }

    @Test
    void bandwidthAndOperationsAreHeldToTheirLimitsAndChangedLive() {
        apply(", io: { bandwidth: 4MiB }");
        long pid = provision.pid("a");
        // Both disks together have 4 MiB/s: 20 MiB take five seconds, whoever reads them.
        String both = "dd if=/dev/disk-a of=/dev/null bs=64k count=160 2>/dev/null"
                + " & dd if=/dev/disk-b of=/dev/null bs=64k count=160 2>/dev/null; wait";
        provision.exec("a", "sh", "-c", "for disk in /sys/block/vd*; do case $(cat $disk/serial) in"
                + " storage) ln -s ${disk##*/} /dev/disk-a ;; disk-wal) ln -s ${disk##*/} /dev/disk-b ;; esac;"
                + " echo 0 > $disk/queue/read_ahead_kb; done");
        double bandwidth = assertTakesFiveSeconds(both);

        apply(", io: { iops: 200 }");
        assertEquals(pid, provision.pid("a"));
        // Without reading ahead, a read of 4 KiB is one operation.
        assertTakesFiveSeconds("dd if=/dev/disk-b of=/dev/null bs=4k count=1000 2>/dev/null");

        apply("");
        assertEquals(pid, provision.pid("a"));
        double unlimited = best(both, bandwidth / 2);
        assertTrue(unlimited < bandwidth / 2, () -> "no limit is left, and it takes " + unlimited + " s");
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
    }
}
