package dev.provision.provisioner.convergence;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.store.BootTimes;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Step;
import dev.provision.planner.schedule.Sample;
import dev.provision.provisioner.events.Event;
import dev.provision.schema.fleet.MachineSpec;

import static dev.provision.provisioner.convergence.Plans.creation;
import static dev.provision.provisioner.convergence.Plans.job;
import static dev.provision.provisioner.convergence.Plans.restart;
import static org.junit.jupiter.api.Assertions.assertEquals;

class TimekeeperTest {

    @TempDir
    Path dir;

    @Test
    void bootsAndJobsAreRememberedOtherStepsAreNot() {
        BootTimes times = new BootTimes(new StoreLayout(dir.resolve("state"), dir.resolve("run")));
        MachineSpec a = job("a", 1, Map.of());
        MachineSpec b = job("b", 1, Map.of());
        Plan plan = Plans.plan(100, creation(a), restart(b));
        Timekeeper keeper = new Timekeeper(times, plan, Accelerator.KVM);
        keeper.accept(new Event.StepDone("a", new Step.Create(a), Duration.ofSeconds(9)));
        keeper.accept(new Event.StepDone("a", new Step.Start(a), Duration.ofSeconds(2)));
        keeper.accept(new Event.StepDone("b", new Step.Start(b), Duration.ofSeconds(3)));
        keeper.accept(new Event.JobEnded("a", 0));
        keeper.accept(new Event.JobEnded("unseen", 0));
        List<Sample> samples = times.read();
        assertEquals(List.of("a", "b", "a"), samples.stream().map(Sample::machine).toList());
        assertEquals(List.of(Sample.Kind.BOOT, Sample.Kind.BOOT, Sample.Kind.RUN),
                samples.stream().map(Sample::kind).toList());
        assertEquals(Duration.ofSeconds(2), samples.getFirst().took());
    }

    @Test
    void restOfABootIsNoBoot() {
        BootTimes times = new BootTimes(new StoreLayout(dir.resolve("state"), dir.resolve("run")));
        MachineSpec a = job("a", 1, Map.of());
        Timekeeper keeper = new Timekeeper(times, Plans.plan(100, Plans.unready(a)), Accelerator.KVM);
        keeper.accept(new Event.StepDone("a", new Step.Start(a), Duration.ofMillis(1)));
        assertEquals(List.of(), times.read());
    }
}
