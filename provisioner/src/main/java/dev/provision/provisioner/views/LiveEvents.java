package dev.provision.provisioner.views;

import java.io.IOError;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

import dev.provision.provisioner.events.Event;

/** A line a machine, redrawn while they converge: spinner, what it does, for how long. Ends with the ledger. */
public final class LiveEvents implements Consumer<Event> {

    private static final long FRAME_MILLIS = 100;

    private final PrintWriter out;
    private final Palette palette;
    private final String resume;
    private final Terminal terminal;
    private final Display display;
    private final LiveRows rows;
    private final ScheduledExecutorService frames = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private int number;
    private int drawn;
    private boolean ended;

    private LiveEvents(PrintWriter out, Palette palette, String resume, Terminal terminal) {
        this.out = out;
        this.palette = palette;
        this.resume = resume;
        this.terminal = terminal;
        this.display = new Display(terminal, false);
        this.rows = new LiveRows(palette);
    }

    /**
     * The live view, or one line an event where the terminal cannot be drawn on.
     *
     * @param resume
     *            what to type to go on after a run that has not done all
     */
    public static Consumer<Event> onTerminal(PrintWriter out, Palette palette, String resume) {
        try {
            // Not the library's signals: it would let Ctrl-C kill the process before the ledger is printed.
            Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).nativeSignals(false).build();
            if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
                terminal.close();
                return new EventText(out, palette, resume);
            }
            return new LiveEvents(out, palette, resume, terminal);
        } catch (IOException e) {
            return new EventText(out, palette, resume);
        }
    }

    @Override
    public synchronized void accept(Event event) {
        rows.accept(event, System.nanoTime());
        switch (event) {
            case Event.RunStarted _ -> {
                var _ = frames.scheduleAtFixedRate(this::draw, 0, FRAME_MILLIS, TimeUnit.MILLISECONDS);
            }
            case Event.RunEnded run -> end(run);
            case Event.Waiting _,Event.StepStarted _,Event.StepDone _,Event.Retrying _,Event.JobEnded _,Event.MachineEnded _,Event.Noticed _,Event.Settled _,Event.Degraded _ -> {
                // The next frame shows it.
            }
        }
    }

    private synchronized void draw() {
        if (!ended) {
            Size size = terminal.getSize();
            show(rows.frame(Math.max(1, size.getRows() - 1), number++, System.nanoTime()), size);
        }
    }

    /** Lines are cut to the terminal's width: one that wraps would move all that is drawn over it. */
    private void show(List<String> lines, Size size) {
        display.resize(size);
        if (!lines.isEmpty()) {
            drawn = lines.size();
        }
        display.update(
                lines.stream()
                        .map(line -> AttributedString.fromAnsi(line).columnSubSequence(0, size.getColumns() - 1))
                        .toList(),
                -1);
    }

    /** After Ctrl-C the terminal library's own shutdown hook may have closed the terminal: then it is done by hand. */
    private void erase() {
        try {
            show(List.of(), terminal.getSize());
            terminal.flush();
            terminal.close();
        } catch (IOException | RuntimeException | IOError e) {
            out.print("\r" + (drawn > 1 ? "\u001b[" + (drawn - 1) + "A" : "") + "\u001b[J");
        }
    }

    /** What was drawn gives way to lines that stay, also those that the terminal was too low for. */
    private void end(Event.RunEnded run) {
        ended = true;
        frames.shutdownNow();
        erase();
        rows.last(System.nanoTime()).forEach(out::println);
        new LedgerText(out, palette, resume).print(run.ledger());
        out.flush();
    }
}
