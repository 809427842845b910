package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.provision.hypervisor.image.BuiltinImageBuilder;
import dev.provision.hypervisor.image.BuiltinRecipe;
import dev.provision.hypervisor.image.GuestImage;
import dev.provision.hypervisor.image.ImageStore;
import dev.provision.hypervisor.image.build.BuildEvent;
import dev.provision.hypervisor.image.build.ImageBuildException;

/** {@code provision image …}: guest images. */
@Command(name = "image", mixinStandardHelpOptions = true, description = "Builds and lists guest images.", footerHeading = "%nExamples:%n", footer = {
    "  provision image build builtin", "  provision image list"})
final class ImageCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command: build or list?");
    }

    @Command(name = "build", mixinStandardHelpOptions = true, description = "Builds the built-in guest anew, from Debian packages.", footerHeading = "%nExamples:%n", footer = {
        "  provision image build builtin", "  provision image build builtin --output guest/builtin --if-needed"})
    int build(@Parameters(paramLabel = "NAME", description = "builtin") String name,
            @Option(names = "--output", paramLabel = "FOLDER", description = "where to; the image store unless told otherwise") @Nullable Path output,
            @Option(names = "--if-needed", description = "do nothing when an image of this recipe is there") boolean ifNeeded)
            throws IOException {
        if (!name.equals("builtin")) {
            throw new CommandFailedException(ExitCode.USAGE, "no recipe for an image `" + name + "`",
                    "build `builtin`");
        }
        Directories directories = Directories.ofEnvironment(System.getenv());
        ImageStore images = new ImageStore(directories.imageRoots());
        Path target = output == null ? images.writableFolder(name) : output;
        try {
            if (ifNeeded && isCurrent(target)) {
                return ExitCode.OK.number();
            }
            GuestImage image = BuiltinImageBuilder.build(directories.packages(), target, this::show);
            spec.commandLine()
                    .getOut()
                    .println("built " + image.name() + ", kernel " + image.kernelRelease() + ", digest "
                            + image.digest());
            return ExitCode.OK.number();
        } catch (ImageBuildException e) {
            throw new CommandFailedException(ExitCode.HOST, e.what() + ": " + e.why(), e.fix());
        }
    }

    private static boolean isCurrent(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath();
        ImageStore around = new ImageStore(List.of(absolute.resolveSibling(".").normalize()));
        return around.find(String.valueOf(absolute.getFileName())).filter(BuiltinRecipe::isCurrent).isPresent();
    }

    /** What takes time, in words. */
    private void show(BuildEvent event) {
        spec.commandLine().getErr().println(switch (event) {
            case BuildEvent.Resolving resolving -> "resolving " + String.join(", ", resolving.packageNames());
            case BuildEvent.RefreshingIndex refreshing -> "refreshing the package index";
            case BuildEvent.Downloading loading -> "downloading " + loading.packageName() + " " + loading.version()
                    + " (" + loading.bytes() / 1024 + " KiB)";
            case BuildEvent.Unpacking unpacking -> "unpacking " + unpacking.packageName() + " " + unpacking.version();
            case BuildEvent.ExtractingKernel extracting -> "extracting kernel " + extracting.kernelRelease();
            case BuildEvent.PackingInitramfs packing -> "packing " + packing.entries() + " files";
            case BuildEvent.Finished finished -> (finished.reused() ? "unchanged: " : "written: ") + finished.folder();
        });
        spec.commandLine().getErr().flush();
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the images that machines can boot.", footerHeading = "%nExamples:%n", footer = {
        "  provision image list"})
    int list() throws IOException {
        list(new ImageStore(Directories.ofEnvironment(System.getenv()).imageRoots()), spec.commandLine().getOut(),
                spec.commandLine().getErr());
        return ExitCode.OK.number();
    }

    /** Standard output stays empty when there is none: programs count its lines. */
    static void list(ImageStore images, PrintWriter out, PrintWriter err) throws IOException {
        if (images.names().isEmpty()) {
            err.println("there are no images yet; build one: provision image build builtin");
            err.flush();
        }
        for (String name : images.names()) {
            images.find(name)
                    .ifPresent(
                            image -> out.println(name + "  kernel " + image.kernelRelease() + "  " + image.digest()));
        }
        out.flush();
    }
}
