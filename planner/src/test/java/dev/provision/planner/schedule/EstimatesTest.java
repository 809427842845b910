package dev.provision.planner.schedule;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.schedule.Sample.Kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

class EstimatesTest {

    private static Sample sample(String fleet, String machine, Accelerator accelerator, Kind kind, int seconds) {
        return new Sample(fleet, machine, accelerator, kind, Duration.ofSeconds(seconds));
    }

    private static final List<Sample> SAMPLES = List.of(sample("lab", "a", Accelerator.KVM, Kind.BOOT, 9),
            sample("lab", "a", Accelerator.KVM, Kind.BOOT, 4), sample("other", "a", Accelerator.KVM, Kind.BOOT, 1),
            sample("lab", "a", Accelerator.TCG, Kind.BOOT, 100), sample("lab", "job", Accelerator.KVM, Kind.RUN, 60));

    @Test
    void machineThatWasTimedTakesItsOwnLastTimeOthersTheMedian() {
        Estimates estimates = Estimates.from(SAMPLES, "lab", Accelerator.KVM);
        assertEquals(Duration.ofSeconds(4), estimates.boot("a"));
        assertEquals(Duration.ofSeconds(4), estimates.boot("unknown"));
        assertEquals(Duration.ofSeconds(60), estimates.run("job"));
        assertEquals(Duration.ofSeconds(60), estimates.run("unknown"));
        assertEquals("3 boots on this host", estimates.basis());
        assertEquals(Duration.ofSeconds(1), Estimates.from(SAMPLES, "other", Accelerator.KVM).boot("a"));
    }

    @Test
    void timesUnderAnotherAcceleratorSayNothing() {
        Estimates estimates = Estimates.from(SAMPLES, "lab", Accelerator.TCG);
        assertEquals(Duration.ofSeconds(100), estimates.boot("b"));
        assertEquals(Estimates.ASSUMED.run(), estimates.run("job"));
        assertSame(Estimates.ASSUMED, Estimates.from(SAMPLES, "lab", Accelerator.HVF));
    }
}
