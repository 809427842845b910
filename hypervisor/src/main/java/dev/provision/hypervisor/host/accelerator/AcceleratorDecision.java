package dev.provision.hypervisor.host.accelerator;

import java.util.List;
import java.util.OptionalInt;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;

/** The answer to an {@link AcceleratorRequest}. */
public sealed interface AcceleratorDecision {

    /** What was found on the way, a line each, for {@code provision doctor}. */
    List<String> details();

    /**
     * An accelerator that works.
     *
     * @param maxVcpus vCPUs per machine it allows; empty if it sets no limit of its own
     * @param addressBits guest physical address width it allows; empty if the CPU's own width decides
     */
    record Chosen(AcceleratorChoice choice, OptionalInt maxVcpus, OptionalInt addressBits, List<String> details)
            implements
                AcceleratorDecision {

        /** Copies the details. */
        public Chosen {
            details = List.copyOf(details);
        }
    }

    /** The one asked for does not work here; {@code reason} is a clause, {@code remedy} a sentence. */
    record Refused(Accelerator requested, String reason, String remedy, List<String> details)
            implements
                AcceleratorDecision {

        /** Copies the details. */
        public Refused {
            details = List.copyOf(details);
        }
    }
}
