package dev.provision.provisioner.views;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.provision.provisioner.events.Outcome;

/**
 * What one command did to one fleet, as a CI system counts it.
 *
 * @param begun
 *            when the command came to this fleet
 */
public record JunitSuite(String fleet, Instant begun, Duration took, List<Case> cases) {

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

    long count(Class<? extends Outcome> kind) {
        return cases.stream().map(Case::outcome).filter(kind::isInstance).count();
    }
}
