package dev.provision.hypervisor.image.kernel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

import org.tukaani.xz.XZInputStream;

import dev.provision.hypervisor.image.build.ImageBuildException;
import dev.provision.hypervisor.image.cpio.InitramfsEntry;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.RegularFile;

/**
 * Chooses kernel modules with everything they depend on and writes modprobe's {@code modules.dep} and
 * {@code modules.alias} for them. Kernel packages come without these two: depmod makes them at installation.
 */
public final class KernelModules {
    private final Map<String, Map.Entry<String, byte[]>> available = new TreeMap<>();
    private final Map<String, KernelModule> chosen = new LinkedHashMap<>();

    /** @param packageFiles the files of the kernel's package, by path */
    public KernelModules(Map<String, InitramfsEntry> packageFiles) {
        for (Map.Entry<String, InitramfsEntry> file : packageFiles.entrySet()) {
            String path = file.getKey();
            if (file.getValue() instanceof RegularFile regular
                    && path.matches(".*/modules/.*\\.ko(\\.xz|\\.gz)?")) {
                available.put(KernelModule.nameOf(path), Map.entry(path, regular.content()));
            }
        }
    }

    /**
     * Chooses a module and its dependencies. A module the package does not have is taken to be built into the kernel
     * when {@code builtin} names it.
     *
     * @param builtin the content of the package's {@code modules.builtin}
     */
    public void choose(String name, String builtin) throws ImageBuildException {
        String wanted = KernelModule.canonical(name);
        if (chosen.containsKey(wanted)) {
            return;
        }
        Map.Entry<String, byte[]> file = available.get(wanted);
        if (file == null) {
            requireBuiltin(wanted, builtin);
            return;
        }
        KernelModule module = load(file);
        for (String dependency : module.dependencies()) {
            choose(dependency, builtin);
        }
        chosen.put(wanted, module);
    }

    /** The chosen modules, each after those it depends on. */
    public Collection<KernelModule> inLoadOrder() {
        return Collections.unmodifiableCollection(chosen.values());
    }

    /** {@code modules.dep} as modprobe reads it: absolute paths, dependencies in reverse load order, transitive. */
    public byte[] modulesDep() {
        StringBuilder text = new StringBuilder();
        for (KernelModule module : chosen.values()) {
            Map<String, KernelModule> before = new LinkedHashMap<>();
            collect(module, before);
            text.append('/').append(module.path()).append(':');
            before.values().stream().toList().reversed().forEach(d -> text.append(" /").append(d.path()));
            text.append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** {@code modules.alias} as modprobe reads it. */
    public byte[] modulesAlias() {
        StringBuilder text = new StringBuilder();
        for (KernelModule module : chosen.values()) {
            for (String alias : module.aliases()) {
                text.append("alias ").append(alias).append(' ').append(module.name()).append('\n');
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void collect(KernelModule module, Map<String, KernelModule> before) {
        for (String name : module.dependencies()) {
            KernelModule dependency = chosen.get(name);
            if (dependency != null) {
                collect(dependency, before);
                before.putIfAbsent(name, dependency);
            }
        }
    }

    private static void requireBuiltin(String name, String builtin) throws ImageBuildException {
        boolean present = builtin.lines().map(KernelModule::nameOf).anyMatch(name::equals);
        if (!present) {
            throw new ImageBuildException(
                    "the kernel has no module " + name,
                    "the kernel package neither brings it nor has it built in",
                    "this kernel is not one the built-in guest was made for; report it");
        }
    }

    private static KernelModule load(Map.Entry<String, byte[]> file) throws ImageBuildException {
        String path = file.getKey().replaceFirst("(\\.ko)\\.\\w+$", "$1");
        try {
            return KernelModule.parse(path, decompressed(file));
        } catch (IOException e) {
            throw new ImageBuildException(
                    "cannot read the kernel module /" + path,
                    String.valueOf(e.getMessage()),
                    "empty the package cache and build again",
                    e);
        }
    }

    private static byte[] decompressed(Map.Entry<String, byte[]> file) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(file.getValue());
        if (file.getKey().endsWith(".xz")) {
            return new XZInputStream(in).readAllBytes();
        } else if (file.getKey().endsWith(".gz")) {
            return new GZIPInputStream(in).readAllBytes();
        }
        return file.getValue();
    }
}
