package dev.provision.provisioner.convergence;

import java.util.Map;

import dev.provision.planner.plan.MachineChange;
import dev.provision.provisioner.events.Event;
import dev.provision.schema.fleet.Condition;

/** What other machines must have done before one may ask for its share of the pool. */
final class Prerequisites {

    private final RunContext context;
    private final MachineChange change;

    Prerequisites(RunContext context, MachineChange change) {
        this.context = context;
        this.change = change;
    }

    /** Nothing is to be waited for. */
    boolean areMet() {
        boolean dependencies = !change.boots() || change.dependsOn()
                .entrySet()
                .stream()
                .allMatch(needed -> context.milestonesOf(needed.getKey()).isReached(needed.getValue()));
        return dependencies
                && context.portsFrom(change.machine())
                        .stream()
                        .allMatch(giver -> context.milestonesOf(giver).hasLetGo());
    }

    void await() throws Milestones.UnreachableException, InterruptedException {
        if (change.boots()) {
            awaitDependencies();
        }
        for (String giver : context.portsFrom(change.machine())) {
            Milestones of = context.milestonesOf(giver);
            if (!of.hasLetGo()) {
                tell("for a host port of " + giver);
            }
            context.admission().awaiting(() -> !of.hasLetGo(), of::awaitLetGo);
        }
    }

    private void awaitDependencies() throws Milestones.UnreachableException, InterruptedException {
        for (Map.Entry<String, Condition> dependency : change.dependsOn().entrySet()) {
            Milestones of = context.milestonesOf(dependency.getKey());
            Condition condition = dependency.getValue();
            if (!of.isDecided(condition)) {
                tell("for " + dependency.getKey() + " to be " + condition);
            }
            context.admission().awaiting(() -> !of.isDecided(condition), () -> of.await(condition));
        }
    }

    private void tell(String what) {
        context.emit(new Event.Waiting(change.machine(), what));
    }
}
