package dev.provision.provisioner.views;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Step;
import dev.provision.schema.fleet.MachineSpec;

/** A plan for people. */
public final class PlanText {

    /** Of the machines that one note is about. */
    private static final int MOST_NAMES = 5;

    private final PrintWriter out;
    private final Palette palette;

    public PlanText(PrintWriter out, Palette palette) {
        this.out = out;
        this.palette = palette;
    }

    /** Prints header, changes and the summary line. */
    public void print(Plan plan) {
        out.println(palette.bold("fleet " + palette.text(plan.fleet())));
        List<MachineChange> actions = plan.actions();
        boolean empty = plan.changes().isEmpty();
        if (actions.isEmpty() ? !empty : actions.stream().anyMatch(change -> change.wanted().isPresent())) {
            header(plan);
        }
        out.println();
        List<MachineChange> shown = plan.changes().stream().filter(PlanText::isShown).toList();
        int width = shown.stream().mapToInt(change -> palette.text(change.machine()).length()).max().orElse(0);
        shown.forEach(change -> print(change, width));
        if (!shown.isEmpty()) {
            out.println();
        }
        notes(plan);
        new BootPlanText(out, palette).print(plan.schedule());
        out.println(summary(plan));
        out.flush();
    }

    /** Also a machine that nothing happens to, where it is not what was last applied. */
    private static boolean isShown(MachineChange change) {
        return change.disruption() != Disruption.KEEP || !change.fields().isEmpty();
    }

    /** What is the same for many machines is said once. */
    private void notes(Plan plan) {
        SequencedMap<String, List<String>> machines = new LinkedHashMap<>();
        plan.changes()
                .forEach(change -> change.notes()
                        .forEach(note -> machines.computeIfAbsent(note, _ -> new ArrayList<>()).add(change.machine())));
        machines.forEach((note, names) -> {
            String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
            String more = names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "";
            out.println("note: " + palette.text(first + more + ": " + note));
        });
        if (!machines.isEmpty()) {
            out.println();
        }
    }

    /** What new VMMs would run on and may take; a plan that only takes machines away needs neither. */
    private void header(Plan plan) {
        out.println("  accelerator: " + plan.accelerator().accelerator().name().toLowerCase(Locale.ROOT) + ": "
                + palette.text(plan.accelerator().reason()));
        out.println("  resource pool: " + palette.text(plan.pool().toString()));
    }

    private void print(MachineChange change, int width) {
        String name = Palette.pad(palette.text(change.machine()), width);
        String word = palette.of(change.disruption(), "%-8s".formatted(change.disruption().word()));
        String symbol = palette.symbol(change.disruption()) + " ".repeat(3 - symbolWidth(change.disruption()));
        out.println(("  " + symbol + " " + name + "  " + word + "  " + palette.text(detail(change))).stripTrailing());
        change.fields().forEach(this::print);
        change.bootsOn()
                .filter(hardware -> !hardware.usual())
                .ifPresent(hardware -> out.println("        boots on " + palette.text(hardware.machineType() + ": "
                        + hardware.reason())));
    }

    private int symbolWidth(Disruption disruption) {
        return (palette.unicode() ? disruption.symbol() : disruption.ascii()).length();
    }

    /** What is to be said of a machine besides its fields: {@code 1 CPU, 256 MiB memory}; may be empty. */
    public static String detail(MachineChange change) {
        String size = change.disruption() == Disruption.CREATE ? change.wanted().map(PlanText::size).orElse("") : "";
        boolean keepsStorage = change.steps().contains(new Step.Remove(false));
        String storage = change.disruption() == Disruption.DESTROY
                ? keepsStorage ? "storage is kept, if it has any" : "storage goes too"
                : "";
        return Stream.of(size, change.reason(), storage)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    /** {@code 2 CPUs, 1 GiB memory, storage 2 GiB}. */
    static String size(MachineSpec spec) {
        List<String> parts = new ArrayList<>();
        parts.add(Share.text(spec.resources().cpus().limit()));
        parts.add(spec.resources().memory().limit() + " memory");
        spec.resources().overlay().ifPresent(size -> parts.add("overlay " + size));
        spec.resources().storage().ifPresent(size -> parts.add("storage " + size));
        spec.resources().disks().forEach((name, disk) -> parts.add("disk " + name + " " + disk.size()));
        if (!spec.network().enabled()) {
            parts.add("no network");
        }
        if (spec.isJob()) {
            parts.add("batch job");
        }
        return String.join(", ", parts);
    }

    private void print(FieldChange field) {
        String why = why(field);
        out.println("        " + palette.text(difference(field)) + ": "
                + palette.of(field.disruption(), field.disruption().word())
                + (why.isEmpty() ? "" : " (" + palette.text(why) + ")"));
    }

    /** {@code memory.limit 2 GiB → 6 GiB: restart (why; what would be milder)}, without colours. */
    public static String detail(FieldChange field) {
        String why = why(field);
        return difference(field) + ": " + field.disruption().word() + (why.isEmpty() ? "" : " (" + why + ")");
    }

    private static String difference(FieldChange field) {
        return field.path() + " " + field.before() + drift(field) + " → " + field.after();
    }

    private static String why(FieldChange field) {
        return Stream.of(field.reason(), field.milder())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    /** {@code (really 300 MiB: changed outside of provision)}. */
    private static String drift(FieldChange field) {
        String how = field.isThereAlready() ? " already"
                : ": changed outside of provision";
        return field.found().map(found -> " (really " + found + how + ")").orElse("");
    }

    /** The last line of every plan. */
    public static String summary(Plan plan) {
        int outside = (int) plan.changes().stream().filter(MachineChange::isOutOfScope).count();
        if (plan.refreshOnly()) {
            return refreshed(plan, outside);
        }
        if (plan.actions().isEmpty()) {
            return plan.changes().isEmpty() ? "Nothing to do: there are no machines."
                    : "Nothing to do: " + kept(plan, outside);
        }
        String parts = Stream.of(part(plan, Disruption.CREATE, "to create"), part(plan, Disruption.START, "to start"),
                part(plan, Disruption.LIVE, "to change live"), part(plan, Disruption.STOP, "to stop"),
                part(plan, Disruption.RESTART, "to restart"),
                part(plan, Disruption.RECREATE, "to recreate"), part(plan, Disruption.DESTROY, "to destroy"))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return "Plan: " + parts + "; " + plan.count(Disruption.KEEP) + " unchanged"
                + (outside == 0 ? "." : ", of which " + outside + " out of scope.");
    }

    /** Of records alone: whether a machine is as the manifest wants it has not been looked at. */
    private static String refreshed(Plan plan, int outside) {
        long recorded = plan.changes().stream().filter(change -> change.applied().isPresent()).count();
        long changed = plan.actions().size();
        long right = recorded - changed - outside;
        String parts = Stream.of(changed == 0 ? "" : records(changed) + " to change",
                right == 0 ? ""
                        : records(right) + (right == 1 ? " says" : " say")
                                + " what is really there (memory, vCPUs, disks)",
                outside == 0 ? "" : outside + " out of scope")
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
        return (changed == 0 ? "Nothing to do: " : "Plan: ")
                + (recorded == 0 ? "there are no records of machines." : parts + "; the manifest is not compared.");
    }

    private static String records(long count) {
        return count == 1 ? "1 record" : count + " records";
    }

    private static String kept(Plan plan, int outside) {
        int drifted = (int) plan.changes().stream().filter(PlanText::isShown).count();
        int wanted = plan.changes().size() - drifted - outside;
        return Stream.of(drifted == 0 ? "" : count(drifted) + " not as applied and left alone",
                outside == 0 ? "" : count(outside) + " out of scope",
                drifted + outside > 0 ? wanted + " as wanted" : count(wanted) + " as wanted")
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; ")) + ".";
    }

    private static String part(Plan plan, Disruption disruption, String verb) {
        long count = plan.count(disruption);
        return count == 0 ? "" : count + " " + verb;
    }

    private static String count(int machines) {
        return machines == 1 ? "1 machine is" : machines + " machines are";
    }
}
