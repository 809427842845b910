package dev.provision.provisioner.views.graph;

import java.util.Arrays;
import java.util.stream.Collectors;

import dev.provision.planner.diff.Disruption;

/** Colours, by day and by night. What they say is always said in words too. */
final class Theme {

    /** A colour on a light and on a dark ground, each with a contrast of at least 3 to 1 (WCAG 2.2, 1.4.11). */
    record Colour(String onLight, String onDark) {}

    private Theme() {}

    /** The more it disturbs, the warmer, as on terminals. */
    static Colour of(Disruption disruption) {
        return switch (disruption) {
            case KEEP, STOP -> new Colour("#6e7781", "#8b949e");
            case LIVE -> new Colour("#0969da", "#4493f8");
            case START -> new Colour("#0f7b83", "#39c5cf");
            case CREATE -> new Colour("#1a7f37", "#3fb950");
            case RESTART -> new Colour("#9a6700", "#d29922");
            case RECREATE -> new Colour("#bc4c00", "#db6d28");
            case DESTROY -> new Colour("#cf222e", "#f85149");
        };
    }

    /** The style sheet of our pictures; fonts are whatever the reader has. Readers without media queries see the day. */
    static String pictures() {
        return day() + classes(false) + "@media (prefers-color-scheme: dark) {\n" + night() + classes(true) + "}\n";
    }

    private static String day() {
        return """
                text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 12px; fill: #1f2328 }
                .ground { fill: #ffffff }
                .heading { font-size: 17px; font-weight: 600 }
                .strong { font-weight: 600 }
                .small { font-size: 11px }
                .dim { fill: #59636e }
                .band { fill: #f3f5f7 }
                .grid { stroke: #d8dee4; stroke-width: 1; fill: none }
                .axis { stroke: #8c959f; stroke-width: 1; fill: none }
                .queue { stroke: #8c959f; stroke-width: 1; stroke-dasharray: 1 4; fill: none }
                .boot { fill: currentColor }
                .run { fill: currentColor; fill-opacity: 0.28 }
                .end { stroke: currentColor; stroke-width: 3; fill: none }
                .symbol { fill: currentColor; font-weight: 700 }
                .box { fill: currentColor; fill-opacity: 0.1; stroke: currentColor; stroke-width: 1.5 }
                .wait { stroke: #59636e; stroke-width: 1.2; fill: none }
                .started { stroke-dasharray: 2 3 }
                .completed { stroke-width: 2 }
                .head { fill: #59636e }
                .memory { color: #8250df }
                .cpus { color: #0550ae }
                .area { fill: currentColor; fill-opacity: 0.2 }
                .curve { stroke: currentColor; stroke-width: 1.8; fill: none }
                .pool { stroke: #cf222e; stroke-width: 1.4; stroke-dasharray: 6 3; fill: none }
                .limit { fill: #cf222e }
                """;
    }

    private static String night() {
        return """
                text { fill: #e6edf3 }
                .ground { fill: #0d1117 }
                .dim { fill: #9198a1 }
                .band { fill: #161b22 }
                .grid { stroke: #30363d }
                .axis, .queue { stroke: #6e7681 }
                .wait { stroke: #9198a1 }
                .head { fill: #9198a1 }
                .memory { color: #ab7df8 }
                .cpus { color: #58a6ff }
                .pool { stroke: #f85149 }
                .limit { fill: #f85149 }
                """;
    }

    private static String classes(boolean dark) {
        return Arrays.stream(Disruption.values())
                .map(disruption -> "." + disruption.word() + " { color: "
                        + (dark ? of(disruption).onDark() : of(disruption).onLight()) + " }\n")
                .collect(Collectors.joining());
    }

    /** What a page needs besides. */
    static String page() {
        return """
                :root { color-scheme: light dark }
                body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; color: #1f2328; background: #ffffff; max-width: 1160px; margin: 24px auto; padding: 0 16px }
                h1 { font-size: 22px; margin: 0 }
                h2 { font-size: 17px; margin: 28px 0 8px }
                p { margin: 4px 0 }
                .scroll { overflow-x: auto }
                svg { max-width: none; display: block }
                table { border-collapse: collapse; width: 100% }
                th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid #d8dee4; overflow-wrap: anywhere }
                th { font-weight: 600; white-space: nowrap }
                td ul { margin: 0; padding-left: 18px }
                code { font: 13px ui-monospace, "DejaVu Sans Mono", monospace }
                .fate { white-space: nowrap; font-weight: 600 }
                .quiet { color: #59636e }
                .problem { border-left: 4px solid #9a6700; padding: 2px 12px; margin: 10px 0; overflow-wrap: anywhere }
                .error { border-color: #cf222e }
                .note { border-color: #0969da }
                @media (prefers-color-scheme: dark) {
                body { color: #e6edf3; background: #0d1117 }
                th, td { border-color: #30363d }
                .quiet { color: #9198a1 }
                }
                """;
    }
}
