package dev.provision.provisioner.views.graph;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.views.PlanText;
import dev.provision.schema.diagnostics.Diagnostic;

/** A plan as one page that needs nothing else: no script, no font, no other file. */
final class Page {

    private final Plan plan;
    private final Markup page = new Markup();

    private Page(Plan plan) {
        this.plan = plan;
    }

    static String of(Plan plan) {
        return new Page(plan).write();
    }

    private String write() {
        page.verbatim("<!DOCTYPE html>\n").open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml");
        head();
        page.open("body");
        page.leaf("h1", Graph.title(plan));
        page.leaf("p", PlanText.summary(plan));
        page.leaf("p", "accelerator: " + plan.accelerator().accelerator().name().toLowerCase(Locale.ROOT) + ": "
                + plan.accelerator().reason(), "class", "quiet");
        page.leaf("p", "resource pool: " + plan.pool(), "class", "quiet");
        String without = Graph.withoutSchedule(plan);
        if (!without.isEmpty()) {
            page.leaf("p", without);
        }
        problems();
        if (Timeline.isThere(plan)) {
            figure("Timeline", Timeline.of(plan));
        }
        if (!plan.changes().isEmpty()) {
            figure("Dependencies", Dependencies.of(plan));
        }
        changes();
        unchanged();
        return page.close().close().toString();
    }

    /** The policy makes sure that the page loads and runs nothing, whatever stands in it. */
    private void head() {
        page.open("head").empty("meta", "charset", "utf-8");
        page.empty("meta", "http-equiv", "Content-Security-Policy", "content",
                "default-src 'none'; style-src 'unsafe-inline'");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.leaf("title", Graph.title(plan));
        page.verbatim("<style>\n" + Theme.page() + Theme.pictures() + "</style>\n").close();
    }

    private void figure(String heading, Figure figure) {
        page.leaf("h2", heading).open("div", "class", "scroll");
        figure.within(page).close();
    }

    private void problems() {
        if (plan.problems().isEmpty()) {
            return;
        }
        page.leaf("h2", "Problems");
        for (Diagnostic problem : plan.problems()) {
            String severity = problem.severity().name().toLowerCase(Locale.ROOT);
            page.open("div", "class", "problem " + severity);
            page.leaf("p", severity + " " + problem.code().id() + ": " + problem.what(), "class", "strong");
            problem.span()
                    .ifPresent(span -> page.leaf("p", "at " + span.source().name() + ":" + span.line() + ":"
                            + span.column(), "class", "quiet"));
            if (!problem.why().isEmpty()) {
                page.leaf("p", "why: " + problem.why());
            }
            if (!problem.fix().isEmpty()) {
                page.leaf("p", "fix: " + problem.fix());
            }
            page.close();
        }
    }

    private void changes() {
        List<MachineChange> shown = plan.changes()
                .stream()
                .filter(change -> change.disruption() != Disruption.KEEP || !change.fields().isEmpty())
                .toList();
        if (shown.isEmpty()) {
            return;
        }
        page.leaf("h2", "Changes").open("table").open("thead").open("tr");
        Stream.of("Class", "Machine", "What and why").forEach(heading -> page.leaf("th", heading));
        page.close().close().open("tbody");
        shown.forEach(this::change);
        page.close().close();
    }

    private void change(MachineChange change) {
        page.open("tr");
        page.leaf("td", (change.disruption().symbol() + " " + change.disruption().word()).strip(), "class",
                "fate " + change.disruption().word());
        page.open("td").leaf("code", change.machine()).close().open("td");
        String detail = PlanText.detail(change);
        if (!detail.isEmpty()) {
            page.leaf("p", detail);
        }
        if (!change.fields().isEmpty() || !change.notes().isEmpty() || change.bootsOn().isPresent()) {
            page.open("ul");
            change.fields().forEach(this::field);
            change.bootsOn()
                    .ifPresent(hardware -> page.leaf("li",
                            "boots on " + hardware.machineType() + ": " + hardware.reason()));
            change.notes().forEach(note -> page.leaf("li", "note: " + note));
            page.close();
        }
        page.close().close();
    }

    private void field(FieldChange field) {
        page.leaf("li", PlanText.detail(field));
    }

    /** Folded away: a browser opens it without a script. */
    private void unchanged() {
        List<MachineChange> kept = plan.changes()
                .stream()
                .filter(change -> change.disruption() == Disruption.KEEP && change.fields().isEmpty())
                .toList();
        if (kept.isEmpty()) {
            return;
        }
        page.leaf("h2", "Unchanged").open("details").leaf("summary", Integer.toString(kept.size()));
        page.leaf("p", kept.stream().map(MachineChange::machine).collect(Collectors.joining(", ")));
        kept.stream()
                .filter(change -> !change.reason().isEmpty() || !change.notes().isEmpty())
                .forEach(change -> page.leaf("p", change.machine() + ": "
                        + Stream.concat(Stream.of(change.reason()), change.notes().stream())
                                .filter(text -> !text.isEmpty())
                                .collect(Collectors.joining("; "))));
        page.close();
    }
}
