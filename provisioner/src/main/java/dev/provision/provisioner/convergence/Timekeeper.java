package dev.provision.provisioner.convergence;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.provision.hypervisor.store.BootTimes;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Step;
import dev.provision.planner.schedule.Sample;
import dev.provision.planner.schedule.Sample.Kind;
import dev.provision.provisioner.events.Event;

/** Writes down how long boots and jobs take, so that the next plan can say when the fleet will be up. */
public final class Timekeeper implements Consumer<Event> {

    private final BootTimes times;
    private final String fleet;
    private final Accelerator accelerator;
    private final Set<String> whole;
    private final Map<String, Long> upSince = new HashMap<>();

    /**
     * For the execution of one plan. Of a VMM that runs already only the rest of its boot would be seen.
     *
     * @param accelerator
     *            that machines boot with
     */
    public Timekeeper(BootTimes times, Plan plan, Accelerator accelerator) {
        this.times = times;
        this.fleet = plan.fleet();
        this.accelerator = accelerator;
        this.whole = plan.actions()
                .stream()
                .filter(change -> !change.running() || !(change.steps().getFirst() instanceof Step.Start))
                .map(MachineChange::machine)
                .collect(Collectors.toSet());
    }

    @Override
    public void accept(Event event) {
        if (event instanceof Event.StepDone done && done.step() instanceof Step.Start) {
            upSince.put(done.machine(), System.nanoTime());
            if (whole.contains(done.machine())) {
                write(done.machine(), Kind.BOOT, done.took());
            }
        } else if (event instanceof Event.JobEnded job && upSince.containsKey(job.machine())) {
            long since = upSince.getOrDefault(job.machine(), 0L);
            write(job.machine(), Kind.RUN, Duration.ofNanos(System.nanoTime() - since));
        }
    }

    private void write(String machine, Kind kind, Duration took) {
        try {
            times.add(new Sample(fleet, machine, accelerator, kind, took));
        } catch (IOException e) {
            // The next plan estimates less well: no reason to disturb a run.
        }
    }
}
