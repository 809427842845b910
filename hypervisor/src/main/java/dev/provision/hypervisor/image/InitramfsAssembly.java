package dev.provision.hypervisor.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.hypervisor.image.build.ImageBuildException;
import dev.provision.hypervisor.image.cpio.Initramfs;
import dev.provision.hypervisor.image.cpio.InitramfsEntry;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.CharacterDevice;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.RegularFile;
import dev.provision.hypervisor.image.deb.MergedUsr;
import dev.provision.hypervisor.image.deb.PackagePool;
import dev.provision.hypervisor.image.elf.LibraryClosure;
import dev.provision.hypervisor.image.kernel.KernelModule;
import dev.provision.hypervisor.image.kernel.KernelModules;

/** Puts the built-in guest's file tree together. */
final class InitramfsAssembly {
    private static final List<String> FOLDERS = List.of("data", "dev", "etc", "mnt", "proc", "root", "run", "sys",
            "sysroot", "usr/lib", "usr/lib64", "var/log");
    private static final int CONSOLE_MAJOR = 5;
    private static final int CONSOLE_MINOR = 1;
    private static final int MEMORY_MAJOR = 1;
    private static final int NULL_MINOR = 3;

    private final PackagePool packages;
    private final Initramfs tree = new Initramfs();

    InitramfsAssembly(PackagePool packages) {
        this.packages = packages;
    }

    Initramfs assemble(SortedMap<String, InitramfsEntry> kernelPackage, String kernelRelease)
            throws ImageBuildException {
        addSkeleton();
        addPrograms();
        addModules(kernelPackage, kernelRelease);
        for (GuestFile file : GuestFile.all()) {
            tree.file(file.path(), file.permissions(), file.content());
        }
        return tree;
    }

    private void addSkeleton() {
        FOLDERS.forEach(folder -> tree.folder(folder, 0755));
        tree.folder("tmp", 01777);
        tree.folder("root", 0700);
        for (String alias : MergedUsr.ALIASES) {
            tree.link(alias, "usr/" + alias);
        }
        tree.link("usr/sbin", "bin");
        tree.link("etc/mtab", "../proc/mounts");
        tree.link("var/run", "../run");
        // The kernel opens /dev/console before /init can mount anything.
        tree.put("dev/console", new CharacterDevice(0600, CONSOLE_MAJOR, CONSOLE_MINOR));
        tree.put("dev/null", new CharacterDevice(0666, MEMORY_MAJOR, NULL_MINOR));
    }

    private void addPrograms() throws ImageBuildException {
        LibraryClosure libraries = new LibraryClosure(tree, packages);
        addApplets();
        for (Map.Entry<String, List<String>> origin : new TreeMap<>(BuiltinRecipe.PROGRAMS).entrySet()) {
            for (String program : origin.getValue()) {
                tree.put("usr/bin/" + program, programOf(origin.getKey(), program));
                libraries.addFor("usr/bin/" + program, origin.getKey());
            }
        }
    }

    private void addApplets() throws ImageBuildException {
        RegularFile busybox = programOf(BuiltinRecipe.BUSYBOX_PACKAGE, "busybox");
        try {
            for (String applet : BusyboxApplets.in(busybox.content())) {
                tree.link("usr/bin/" + applet, "busybox");
            }
        } catch (IOException e) {
            throw unexpectedPackage(BuiltinRecipe.BUSYBOX_PACKAGE, String.valueOf(e.getMessage()));
        }
    }

    private RegularFile programOf(String packageName, String program) throws ImageBuildException {
        SortedMap<String, InitramfsEntry> files = packages.read(packageName);
        for (String folder : List.of("usr/bin/", "usr/sbin/")) {
            if (files.get(folder + program) instanceof RegularFile file) {
                return file;
            }
        }
        throw unexpectedPackage(packageName, "it has no program " + program);
    }

    private void addModules(SortedMap<String, InitramfsEntry> kernelPackage, String release)
            throws ImageBuildException {
        String folder = "usr/lib/modules/" + release + "/";
        String builtin = kernelPackage.get(folder + "modules.builtin") instanceof RegularFile file
                ? new String(file.content(), StandardCharsets.UTF_8)
                : "";
        KernelModules modules = new KernelModules(kernelPackage);
        for (String name : BuiltinRecipe.BOOT_MODULES) {
            modules.choose(name, builtin);
        }
        List<String> bootOrder = new ArrayList<>();
        modules.inLoadOrder().forEach(module -> bootOrder.add("/" + module.path()));
        for (String name : BuiltinRecipe.SPARE_MODULES) {
            modules.choose(name, builtin);
        }
        for (KernelModule module : modules.inLoadOrder()) {
            tree.file(module.path(), 0644, module.content());
        }
        tree.file(folder + "modules.dep", 0644, modules.modulesDep());
        tree.file(folder + "modules.alias", 0644, modules.modulesAlias());
        String list = String.join("\n", bootOrder) + "\n";
        tree.file("usr/lib/provision/boot.modules", 0644, list.getBytes(StandardCharsets.UTF_8));
    }

    private static ImageBuildException unexpectedPackage(String packageName, String why) {
        return new ImageBuildException(
                "the package " + packageName + " is not as expected",
                why,
                "this host's distribution is not one the built-in guest can be made from; use Debian 12 or 13");
    }
}
