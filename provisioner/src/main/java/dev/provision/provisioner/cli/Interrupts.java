package dev.provision.provisioner.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jline.utils.Signals;

/**
 * What Ctrl-C and the like do while a run goes on: the first one has it finish what it has begun, the second one has it stop at
 * once, the third one ends this process. Where a signal is ignored, as SIGINT is in the background of a script, it stays ignored.
 */
final class Interrupts implements AutoCloseable {

    /** One word comes by several ways: a shell and the kernel both tell of a terminal that is closed. */
    private static final Duration BURST = Duration.ofMillis(500);

    private final Map<String, Object> before = new LinkedHashMap<>();
    private final List<Runnable> reactions;
    private final List<String> received = new ArrayList<>();
    private long last;

    private Interrupts(List<Runnable> reactions) {
        this.reactions = List.copyOf(reactions);
    }

    /** From now on until it is closed, each signal has the next of these reactions; the last one is had again. */
    static Interrupts reactingBy(Runnable... reactions) {
        return on(List.of("INT", "TERM", "HUP"), reactions);
    }

    /** The same for these signals alone. */
    static Interrupts on(List<String> signals, Runnable... reactions) {
        Interrupts interrupts = new Interrupts(List.of(reactions));
        for (String signal : signals) {
            Object handler = Signals.register(signal, () -> interrupts.receive(signal));
            if (handler != null) {
                interrupts.before.put(signal, handler);
            }
        }
        return interrupts;
    }

    private void receive(String signal) {
        int number;
        synchronized (this) {
            long now = System.nanoTime();
            boolean again = !received.isEmpty() && (signal.equals("HUP") || now - last < BURST.toNanos());
            last = now;
            if (again && reactions.size() > 1) {
                return;
            }
            number = received.size();
            received.add(signal);
        }
        reactions.get(Math.min(number, reactions.size() - 1)).run();
    }

    /** How the process ends when it was interrupted: by the first signal. */
    synchronized Optional<ExitCode> exitCode() {
        return received.stream().findFirst().map(signal -> switch (signal) {
            case "TERM" -> ExitCode.TERMINATED;
            case "HUP" -> ExitCode.HUNG_UP;
            default -> ExitCode.INTERRUPTED;
        });
    }

    @Override
    public void close() {
        before.forEach(Signals::unregister);
    }
}
