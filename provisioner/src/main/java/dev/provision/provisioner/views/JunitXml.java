package dev.provision.provisioner.views;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

import dev.provision.provisioner.events.Outcome;

/**
 * JUnit XML as the schemas of Maven Surefire and of Jenkins' xUnit plugin (junit-10.xsd) take it. There is no standard: what is
 * written here is what both know.
 */
public final class JunitXml {

    private JunitXml() {}

    /** The whole document. */
    public static String text(List<JunitSuite> suites) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        Duration took = suites.stream().map(JunitSuite::took).reduce(Duration.ZERO, Duration::plus);
        xml.append("<testsuites name=\"provision\"").append(counts(suites)).append(time(took)).append(">\n");
        suites.forEach(suite -> append(suite, xml));
        return xml.append("</testsuites>\n").toString();
    }

    private static String counts(List<JunitSuite> suites) {
        return attribute("tests", Integer.toString(suites.stream().mapToInt(JunitSuite::tests).sum()))
                + attribute("failures", sum(suites, Outcome.Failed.class))
                + attribute("errors",
                        Long.toString(suites.stream().mapToLong(JunitSuite::errors).sum()));
    }

    private static String sum(List<JunitSuite> suites, Class<? extends Outcome> kind) {
        return Long.toString(suites.stream().mapToLong(suite -> suite.count(kind)).sum());
    }

    private static void append(JunitSuite suite, StringBuilder xml) {
        xml.append("  <testsuite")
                .append(attribute("name", suite.fleet()))
                .append(counts(List.of(suite)))
                .append(attribute("skipped", sum(List.of(suite), Outcome.Skipped.class)))
                .append(time(suite.took()))
                .append(attribute("timestamp", suite.begun().truncatedTo(ChronoUnit.SECONDS).toString()))
                .append(">\n");
        suite.trouble().ifPresent(trouble -> append(suite.fleet(), trouble, xml));
        suite.cases().forEach(machine -> append(suite.fleet(), machine, xml));
        xml.append("  </testsuite>\n");
    }

    private static void append(String fleet, JunitSuite.Trouble trouble, StringBuilder xml) {
        xml.append("    <testcase")
                .append(attribute("name", trouble.name()))
                .append(attribute("classname", fleet))
                .append(time(Duration.ZERO))
                .append(">\n")
                .append(verdict("error", "refused", trouble.what(), fix(trouble.fix())))
                .append("    </testcase>\n");
    }

    private static String fix(String fix) {
        return fix.isEmpty() ? "" : "fix: " + fix;
    }

    private static void append(String fleet, JunitSuite.Case machine, StringBuilder xml) {
        xml.append("    <testcase")
                .append(attribute("name", machine.machine()))
                .append(attribute("classname", fleet))
                .append(time(machine.took()));
        String inside = verdict(machine.outcome()) + output(machine.output());
        xml.append(inside.isEmpty() ? "/>\n" : ">\n" + inside + "    </testcase>\n");
    }

    private static String verdict(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _ -> "";
            case Outcome.Failed failed -> verdict("failure", "failed", failed.what(),
                    (failed.fix().isEmpty() ? "" : "fix: " + failed.fix() + "\n")
                            + String.join("\n", failed.console()));
            case Outcome.Skipped skipped ->
                verdict("skipped", "skipped", skipped.reason(), fix(skipped.fix()));
            case Outcome.Unknown unknown ->
                verdict("error", "unknown", "interrupted during " + unknown.during(), "");
        };
    }

    private static String verdict(String element, String type, String message, String more) {
        return "      <" + element + attribute("type", type) + attribute("message", message)
                + (more.isBlank() ? "/>\n" : ">" + escaped(more.stripTrailing()) + "</" + element + ">\n");
    }

    private static String output(List<String> lines) {
        return lines.isEmpty() ? ""
                : "      <system-out>" + escaped(String.join("\n", lines) + "\n") + "</system-out>\n";
    }

    private static String attribute(String name, String value) {
        return " " + name + "=\"" + escaped(value).replace("\n", "&#10;") + "\"";
    }

    /** Seconds, in every locale. */
    private static String time(Duration took) {
        return attribute("time", String.format(Locale.ROOT, "%.3f", took.toMillis() / 1000.0));
    }

    /** What XML 1.0 has no way to write is written as U+FFFD (its section 2.2, production Char). */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        Printable.lines(text).codePoints().forEach(character -> {
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isCharacter(character) ? character : 0xfffd);
            }
        });
        return escaped.toString();
    }

    private static boolean isCharacter(int character) {
        return character == '\n' || (character >= 0x20 && character < 0xd800)
                || (character >= 0xe000 && character < 0xfffe) || character > 0xffff;
    }
}
