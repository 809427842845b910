package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.vm.AttemptLog;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.StoreLayout;

/** {@code provision logs NAME}: what the machine's command printed. */
@Command(name = "logs", mixinStandardHelpOptions = true, description = "Shows what a machine's command printed.", footerHeading = "%nExamples:%n", footer = {
    "  provision logs -f web-0", "  provision logs --console db",
    "  provision logs --previous report"})
final class LogsCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(200);

    @Parameters(index = "0", paramLabel = "NAME", description = "the machine")
    private String name = "";

    @Option(names = {"-f",
        "--follow"}, description = "go on as more is printed, until Ctrl-C or until the machine is destroyed")
    private boolean follow;

    @Option(names = "--console", description = "show the machine's console instead: kernel and init")
    private boolean console;

    @Option(names = "--attempt", paramLabel = "NUMBER", description = "only what this attempt of the command printed: they are counted from 1, over all boots")
    private @Nullable Integer attempt;

    @Option(names = "--previous", description = "only what the attempt before the last one printed")
    private boolean previous;

    @Mixin
    private MachineArgument machines = new MachineArgument();

    @Override
    public Integer call() throws Exception {
        Directories directories = Directories.ofEnvironment(System.getenv());
        StoreLayout layout = directories.layout();
        MachineId id = machines.find(new MachineStore(layout), name);
        MachineFiles files = layout.machine(id);
        if (attempt != null || previous) {
            one(files.runLog()).output().writeTo(System.out);
            System.out.flush();
            return ExitCode.OK.number();
        }
        copy(console ? files.consoleLog() : files.runLog(), files.record(), System.out);
        return ExitCode.OK.number();
    }

    private AttemptLog.Attempt one(Path log) throws IOException {
        if (follow || console || (attempt != null && previous)) {
            throw new CommandFailedException(ExitCode.USAGE,
                    "an attempt that is asked for by itself goes with neither --follow nor --console, and is one",
                    "use one of --attempt, --previous, --follow and --console");
        }
        List<AttemptLog.Attempt> all = AttemptLog.attempts(log);
        int number = attempt != null ? attempt : all.isEmpty() ? 0 : all.getLast().number() - 1;
        return all.stream()
                .filter(candidate -> candidate.number() == number)
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(ExitCode.USAGE,
                        "`" + name + "` has no output of " + (previous ? "an attempt before the last one"
                                : "attempt " + number),
                        all.isEmpty() ? "its command has not been started yet"
                                : "there is output of: " + all.stream()
                                        .map(candidate -> Integer.toString(candidate.number()))
                                        .collect(Collectors.joining(", "))));
    }

    /** Ends also when nobody reads any more, {@code | head}. */
    private void copy(Path log, Path record, PrintStream out) throws IOException, InterruptedException {
        long position = 0;
        OutputStream unmarked = AttemptLog.unmarked(out, _ -> {});
        do {
            position = copyFrom(log, position, unmarked);
            if (follow) {
                Thread.sleep(POLL);
            }
        } while (follow && Files.exists(record) && !out.checkError());
    }

    /** Returns where the next part begins; a log that has become shorter begins anew. */
    private static long copyFrom(Path log, long position, OutputStream out) throws IOException {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            long from = channel.size() < position ? 0 : position;
            channel.position(from);
            long copied = Channels.newInputStream(channel).transferTo(out);
            out.flush();
            return from + copied;
        } catch (NoSuchFileException e) {
            return 0; // not written yet, or its machine is gone
        }
    }
}
