package dev.provision.provisioner.views;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.diagnostics.Diagnostic;

/**
 * What one command did to one fleet, as a CI system counts it.
 *
 * @param begun
 *            when the command came to this fleet
 * @param trouble
 *            what kept the command from its work, or from all of it
 */
public record JunitSuite(String fleet, Instant begun, Duration took, List<Case> cases, Optional<Trouble> trouble) {

    /**
     * An error, or a CI would show a command that did nothing as one that had nothing to do.
     *
     * @param name
     *            what did not come about: {@code plan}, {@code apply}
     * @param fix
     *            what to do about it, may be empty
     */
    public record Trouble(String name, String what, String fix) {

        /** The errors of a manifest or a plan in one; {@code lead} says what is wrong. */
        public static Trouble of(String name, String lead, List<Diagnostic> problems) {
            List<Diagnostic> errors = problems.stream().filter(Diagnostic::isError).toList();
            return new Trouble(name, lead + ": " + errors.stream()
                    .map(problem -> problem.code().id() + " " + problem.what())
                    .collect(Collectors.joining("; ")),
                    errors.stream()
                            .map(Diagnostic::fix)
                            .filter(fix -> !fix.isEmpty())
                            .distinct()
                            .collect(Collectors.joining("; ")));
        }
    }

    /**
     * One machine.
     *
     * @param took
     *            until it was where it should be, waiting included; of a job that was waited for, until its end; zero where nothing was
     *            done
     * @param output
     *            the last lines that a job has printed
     */
    public record Case(String machine, Duration took, Outcome outcome, List<String> output) {
        public Case {
            output = List.copyOf(output);
        }
    }

    public JunitSuite {
        cases = List.copyOf(cases);
    }

    /** A command that came to no machine. */
    public static JunitSuite without(String fleet, Instant begun, Trouble trouble) {
        return new JunitSuite(fleet, begun, Duration.ZERO, List.of(), Optional.of(trouble));
    }

    int tests() {
        return cases.size() + (trouble.isPresent() ? 1 : 0);
    }

    long errors() {
        return count(Outcome.Unknown.class) + (trouble.isPresent() ? 1 : 0);
    }

    long count(Class<? extends Outcome> kind) {
        return cases.stream().map(Case::outcome).filter(kind::isInstance).count();
    }
}
