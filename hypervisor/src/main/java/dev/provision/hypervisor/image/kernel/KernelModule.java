package dev.provision.hypervisor.image.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.provision.hypervisor.image.elf.ElfFile;

/**
 * A kernel module and what its {@code .modinfo} section says of it (NUL-separated {@code key=value}, see modinfo(8)).
 *
 * @param name as {@code lsmod} shows it: dashes are underscores
 * @param path in the initramfs
 * @param content the uncompressed .ko file
 * @param dependencies names of the modules that have to be loaded before
 * @param aliases patterns of what it drives, for modprobe
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record KernelModule(
        String name, String path, byte[] content, List<String> dependencies, List<String> aliases) {
    public KernelModule {
        dependencies = List.copyOf(dependencies);
        aliases = List.copyOf(aliases);
    }

    /** Modules are named with dashes or underscores at will; the kernel treats them as the same. */
    public static String canonical(String name) {
        return name.replace('-', '_');
    }

    static KernelModule parse(String path, byte[] content) throws IOException {
        byte[] section = ElfFile.of(content)
                .section(".modinfo")
                .orElseThrow(() -> new IOException("/" + path + " has no .modinfo: it is no kernel module"));
        List<String> dependencies = new ArrayList<>();
        List<String> aliases = new ArrayList<>();
        for (String line : new String(section, StandardCharsets.UTF_8).split("\0", -1)) {
            if (line.startsWith("depends=")) {
                addNames(line.substring("depends=".length()), dependencies);
            } else if (line.startsWith("alias=")) {
                aliases.add(line.substring("alias=".length()));
            }
        }
        return new KernelModule(nameOf(path), path, content, dependencies, aliases);
    }

    private static void addNames(String list, List<String> names) {
        for (String name : list.split(",", -1)) {
            if (!name.isEmpty()) {
                names.add(canonical(name));
            }
        }
    }

    static String nameOf(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        int suffix = file.indexOf(".ko");
        return canonical(suffix < 0 ? file : file.substring(0, suffix));
    }
}
