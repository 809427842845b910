package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.HostShortage;
import dev.provision.hypervisor.store.FolderOwner;
import dev.provision.provisioner.views.Json;
import dev.provision.provisioner.views.Printable;
import dev.provision.schema.diagnostics.Suggestion;

/** Says why a command failed: to people on standard error, to programs that asked for JSON on standard output too. */
final class CommandErrors implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private static final String FOLDERS = "see provision doctor; PROVISION_STATE_DIR, PROVISION_RUNTIME_DIR and PROVISION_CACHE_DIR name other folders";

    /** Why a command has failed, and what to do about it; that may be empty. */
    record Explanation(ExitCode code, String message, String fix) {}

    @Override
    public int handleExecutionException(Exception exception, CommandLine commandLine, ParseResult parsed) {
        if (System.getenv("PROVISION_DEBUG") != null) {
            exception.printStackTrace(commandLine.getErr());
        }
        return tell(commandLine, explain(exception, commandLine.getCommandName()),
                List.copyOf(parsed.originalArgs()), "");
    }

    static Explanation explain(Exception exception, String command) {
        boolean exec = command.equals("exec");
        String message = String.valueOf(exception.getMessage());
        return switch (exception) {
            case CommandFailedException e -> new Explanation(e.exitCode(), message, e.fix());
            case DriverException e -> new Explanation(exec ? ExitCode.EXEC : ExitCode.FAILED, message, e.fix());
            case InterruptedException _ -> new Explanation(ExitCode.INTERRUPTED, "interrupted", "");
            case UncheckedIOException e -> explain(Objects.requireNonNull(e.getCause()));
            case IOException e -> explain(e);
            default -> bug(exception);
        };
    }

    private static Explanation explain(IOException exception) {
        String path = exception instanceof FileSystemException e && e.getFile() != null ? e.getFile() : "a file";
        return switch (exception) {
            case AccessDeniedException _ ->
                new Explanation(ExitCode.HOST, path + FolderOwner.stranger(Path.of(path))
                        .map(owner -> " is in a folder of user " + owner + " and")
                        .orElse("") + " may not be read or written by you", FOLDERS);
            case NotDirectoryException _,FileAlreadyExistsException _ ->
                new Explanation(ExitCode.HOST, path + " is in the way: a folder is needed there", FOLDERS);
            case NoSuchFileException _ ->
                new Explanation(ExitCode.HOST, path + " is not there and cannot be made", FOLDERS);
            case FileSystemException e -> new Explanation(ExitCode.HOST,
                    path + ": " + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason()),
                    HostShortage.of(e).map(HostShortage::fix).orElse(FOLDERS));
            default -> new Explanation(ExitCode.HOST, String.valueOf(exception.getMessage()),
                    HostShortage.of(exception).map(HostShortage::fix).orElse("check permissions and free space"));
        };
    }

    /** What we did not foresee is our mistake: said in one line, with its trace only for those who ask. */
    private static Explanation bug(Exception exception) {
        StackTraceElement[] trace = exception.getStackTrace();
        String place = trace.length == 0 ? "" : " at " + trace[0];
        return new Explanation(ExitCode.FAILED, "this is a bug in provision: " + exception + place,
                "report it with the output of PROVISION_DEBUG=1 and the same command");
    }

    @Override
    public int handleParseException(ParameterException exception, String[] args) {
        CommandLine commandLine = exception.getCommandLine();
        String name = commandLine.getCommandSpec().qualifiedName();
        String fix = exception instanceof UnmatchedArgumentException unmatched
                ? suggestion(unmatched.getUnmatched(), commandLine)
                : "";
        String message = exception instanceof UnmatchedArgumentException unmatched ? unmatched(unmatched, commandLine)
                : String.valueOf(exception.getMessage());
        String usage = commandLine.getHelp().synopsis(0).stripTrailing();
        return tell(commandLine, new Explanation(ExitCode.USAGE, message, fix),
                List.of(args), "\nUsage: " + usage + "\nMore: " + name + " --help\n");
    }

    /** Where commands are expected, what is none is called so. */
    private static String unmatched(UnmatchedArgumentException exception, CommandLine commandLine) {
        String word = exception.getUnmatched().isEmpty() ? "" : exception.getUnmatched().getFirst();
        return word.isEmpty() || word.startsWith("-") || commandLine.getSubcommands().isEmpty()
                ? String.valueOf(exception.getMessage())
                : "there is no command `" + commandLine.getCommandSpec().qualifiedName() + " " + word + "`";
    }

    private static String suggestion(List<String> unmatched, CommandLine commandLine) {
        String word = unmatched.isEmpty() ? "" : unmatched.getFirst();
        return Suggestion.text(word,
                word.startsWith("-") ? commandLine.getCommandSpec().optionsMap().keySet()
                        : commandLine.getSubcommands().keySet(),
                word.startsWith("-") || commandLine.getSubcommands().isEmpty() ? ""
                        : "see the commands: " + commandLine.getCommandSpec().qualifiedName() + " --help");
    }

    private static int tell(CommandLine commandLine, Explanation explanation, List<String> args, String more) {
        PrintWriter err = commandLine.getErr();
        err.println("error: " + Printable.lines(explanation.message()));
        if (!explanation.fix().isEmpty()) {
            err.println("  = fix: " + Printable.lines(explanation.fix()));
        }
        err.print(more);
        err.flush();
        int code = explanation.code().number();
        if (Output.isJson(commandLine.getCommandSpec(), args)) {
            boolean lines = Output.printsLines(commandLine.getCommandSpec());
            Map<String, Object> error = lines ? Json.failed(code, explanation.message(), explanation.fix())
                    : Json.error(code, explanation.message(), explanation.fix());
            commandLine.getOut().println(lines ? Json.line(error) : Json.pretty(error));
            commandLine.getOut().flush();
        }
        return code;
    }
}
