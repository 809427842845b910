package dev.provision.provisioner.cli;

import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.convergence.JobEnds;

/** What machines must have reached when the command ends. */
final class WaitOption {

    /** The values. */
    enum Until {
        READY, COMPLETED
    }

    @Option(names = "--wait", paramLabel = "UNTIL", converter = UntilConverter.class, defaultValue = "ready", description = "ready, or completed: until every batch job has ended too; one that failed is a failure then, also one that failed earlier and is not run again (default: ready)")
    private Until until = Until.READY;

    /** In words as they are typed: an enum's own names are in capitals. */
    static final class UntilConverter implements ITypeConverter<Until> {

        @Override
        public Until convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "ready" -> Until.READY;
                case "completed" -> Until.COMPLETED;
                default -> throw new TypeConversionException("'" + text + "' is none of ready, completed");
            };
        }
    }

    boolean isForCompletion() {
        return until == Until.COMPLETED;
    }

    /**
     * The jobs of a plan whose ends are waited for.
     *
     * @param asked
     *            whether the command is about the machine of this name
     */
    Set<String> jobs(Plan plan, Predicate<String> asked) {
        return isForCompletion() ? JobEnds.in(plan, asked) : Set.of();
    }
}
