package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Step;
import dev.provision.planner.schedule.Estimates;
import dev.provision.planner.schedule.Schedule;
import dev.provision.planner.schedule.Scheduler;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.fleet.ReadyCheck;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.fleet.RestartPolicy;
import dev.provision.schema.fleet.Workload;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/** Plans for tests, machine by machine. A machine has 1 CPU; its memory is what competes for the pool. */
public final class Plans {

    private Plans() {}

    /** The same machine, ready when something listens on its port 80. */
    static MachineSpec probed(MachineSpec spec) {
        return spec.with(new ReadyCheck(new Probe.Tcp(80), spec.ready().timeout()));
    }

    public static MachineSpec service(String name, int mib, Map<String, Condition> dependsOn) {
        return spec(name, mib, List.of("serve"), RestartPolicy.ALWAYS, dependsOn);
    }

    public static MachineSpec job(String name, int mib, Map<String, Condition> dependsOn) {
        return spec(name, mib, List.of("work"), RestartPolicy.NEVER, dependsOn);
    }

    private static MachineSpec spec(String name, int mib, List<String> command, RestartPolicy restart,
            Map<String, Condition> dependsOn) {
        Resources resources = Resources.of(CpuRange.exactly(Cpus.of(1)), MemoryRange.exactly(ByteSize.ofMib(mib)),
                ByteSize.ofMib(16));
        return MachineSpec
                .of(name, "builtin", resources, new Workload(command, restart, new TreeMap<>()),
                        new ReadyCheck(new Probe.Agent(), Duration.ofSeconds(60)))
                .waitingFor(new TreeMap<>(dependsOn));
    }

    public static MachineChange creation(MachineSpec spec) {
        return change(spec, Disruption.CREATE, false, new Step.Create(spec), new Step.Start(spec));
    }

    static MachineChange restart(MachineSpec spec) {
        return change(spec, Disruption.RESTART, true, new Step.Stop(), new Step.SaveSpec(spec), new Step.Start(spec));
    }

    /** It has had another size so far. */
    static MachineChange restart(MachineSpec spec, int fromMib) {
        MachineChange change = restart(spec);
        MachineSpec before = spec.with(spec.resources().with(MemoryRange.exactly(ByteSize.ofMib(fromMib))));
        return new MachineChange(spec.name(), change.disruption(), "", List.of(), change.steps(), change.wanted(), true,
                Optional.of(before));
    }

    static MachineChange live(MachineSpec spec) {
        return change(spec, Disruption.LIVE, true, new Step.SaveSpec(spec));
    }

    /** It has had another size so far. */
    static MachineChange live(MachineSpec spec, int fromMib) {
        MachineChange change = live(spec);
        MachineSpec before = spec.with(spec.resources().with(MemoryRange.exactly(ByteSize.ofMib(fromMib))));
        return new MachineChange(spec.name(), change.disruption(), "", List.of(), change.steps(), change.wanted(), true,
                Optional.of(before));
    }

    public static MachineChange running(MachineSpec spec) {
        return change(spec, Disruption.KEEP, true);
    }

    /** Its VMM runs, and its guest still boots. */
    static MachineChange unready(MachineSpec spec) {
        return change(spec, Disruption.START, true, new Step.Start(spec));
    }

    public static MachineChange completed(MachineSpec spec) {
        return change(spec, Disruption.KEEP, false);
    }

    /** Its job is over, its VMM runs on. */
    static MachineChange over(MachineSpec spec) {
        MachineChange change = change(spec, Disruption.STOP, true, new Step.Stop());
        return new MachineChange(spec.name(), change.disruption(), "", List.of(new FieldChange("state", "running",
                "ended", Disruption.STOP, "its job is over", "")), change.steps(), change.wanted(), true,
                change.applied());
    }

    public static MachineChange destroy(String name) {
        return new MachineChange(name, Disruption.DESTROY, "not in the manifest", List.of(),
                List.of(new Step.Stop(), new Step.Remove(false)), Optional.empty(), true, Optional.empty());
    }

    private static MachineChange change(MachineSpec spec, Disruption disruption, boolean running, Step... steps) {
        return new MachineChange(spec.name(), disruption, "", List.of(), List.of(steps), Optional.of(spec), running,
                running ? Optional.of(spec) : Optional.empty());
    }

    public static Plan plan(int poolMib, MachineChange... changes) {
        return plan(poolMib, 1000, List.of(changes));
    }

    public static Plan plan(int poolMib, int boots, List<MachineChange> changes) {
        ResourcePool pool = new ResourcePool(new Share(Cpus.of(100_000), ByteSize.ofMib(poolMib)), boots, "fixed");
        Plan unscheduled = new Plan("lab", new AcceleratorChoice(Accelerator.TCG, "for a test"), pool, changes,
                Schedule.EMPTY, List.of());
        Schedule schedule = Scheduler.of(changes.stream().map(change -> change.demand(pool)).toList(), pool.size(),
                boots, Estimates.ASSUMED, unscheduled.portGivers());
        return new Plan("lab", unscheduled.accelerator(), pool, changes, schedule, List.of());
    }
}
