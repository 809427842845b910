package dev.provision.provisioner.views;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.provision.planner.capacity.Headroom.Bound;
import dev.provision.planner.capacity.Headroom.Fit;
import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.Share;

/**
 * How many more machines fit, for people and programs.
 *
 * @param fleet
 *            empty when there is no manifest
 * @param fleetFits
 *            what the manifest wants already fits; {@code plan} says why not
 * @param left
 *            what the fleet leaves of the pool
 */
public record CapacityView(String fleet, boolean fleetFits, ResourcePool pool, Share left, List<Fit> fits) {

    public CapacityView {
        fits = List.copyOf(fits);
    }

    /** As text, a line for each kind of machine. */
    public void print(PrintWriter out, Palette palette) {
        out.println(palette.bold(fleet.isEmpty() ? "no fleet" : "fleet " + palette.text(fleet)));
        out.println("  resource pool: " + palette.text(pool.toString()));
        out.println("  left: " + left);
        out.println();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("KIND", "MORE", "BOUND BY", "TAKES EACH", "VMM"));
        fits.forEach(fit -> rows.add(row(fit).stream().map(palette::text).toList()));
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int index = column;
                int width = rows.stream().mapToInt(other -> other.get(index).length()).max().orElse(0);
                line.append(Palette.pad(row.get(column), width)).append("  ");
            }
            String text = line.toString().stripTrailing();
            out.println(row.equals(rows.getFirst()) ? palette.bold(text) : text);
        }
        fits.stream()
                .filter(fit -> !fit.why().isEmpty())
                .forEach(fit -> out.println(palette.text(fit.name() + ": " + fit.why())));
        if (!fleetFits) {
            out.println("The fleet itself does not fit: provision plan says why.");
        }
        if (fits.stream().anyMatch(fit -> fit.spec().isJob() && fit.more() > 0)) {
            out.println("Of batch jobs so many run at once; more of them queue.");
        }
        out.flush();
    }

    private static List<String> row(Fit fit) {
        return List.of(fit.name(), Long.toString(fit.more()), fit.bound().words(), fit.share().toString(),
                "about " + fit.overhead().mib() + " MiB");
    }

    /** As a document; {@code limits} says how many fit by each bound alone. */
    public Map<String, Object> json() {
        return Json.object("format", Json.FORMAT, "fleet", fleet.isEmpty() ? null : fleet, "fleetFits",
                fleetFits, "pool",
                amounts(pool.size(), "origin", pool.origin()), "left", amounts(left, "origin", null), "kinds",
                fits.stream().map(CapacityView::json).toList());
    }

    private static Map<String, Object> json(Fit fit) {
        Map<String, Object> limits = new LinkedHashMap<>();
        for (Bound bound : Bound.values()) {
            Long limit = fit.limits().get(bound);
            if (limit != null) {
                limits.put(word(bound), limit);
            }
        }
        return Json.object("name", fit.name(), "more", fit.more(), "bound", word(fit.bound()), "limits", limits,
                "share", amounts(fit.share(), "origin", null), "vmmMiB", fit.overhead().mib(), "job",
                fit.spec().isJob(), "why", fit.why().isEmpty() ? null : fit.why());
    }

    /** {@code hostMemory}, as other keys are written. */
    private static String word(Bound bound) {
        String[] words = bound.name().toLowerCase(Locale.ROOT).split("_", -1);
        StringBuilder word = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            word.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
        }
        return word.toString();
    }

    private static Map<String, Object> amounts(Share share, String key, @Nullable String value) {
        return Json.object("cpus", share.cpus().toString(), "memoryMiB", share.memory().mib(), key, value);
    }
}
