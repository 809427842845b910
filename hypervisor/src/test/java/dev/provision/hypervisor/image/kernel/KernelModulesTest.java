package dev.provision.hypervisor.image.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

import dev.provision.hypervisor.image.build.ImageBuildException;
import dev.provision.hypervisor.image.cpio.InitramfsEntry;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.RegularFile;
import dev.provision.hypervisor.image.elf.SyntheticElf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class KernelModulesTest {
    private static final String FOLDER = "usr/lib/modules/6.1/kernel/";

    private static byte[] module(String modinfo) {
        return SyntheticElf.withSection(".modinfo", modinfo.replace(' ', '\0').getBytes(UTF_8));
    }

    private static byte[] xz(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new XZOutputStream(bytes, new LZMA2Options())) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static KernelModules sample() throws IOException {
        Map<String, InitramfsEntry> files = new LinkedHashMap<>();
        files.put(FOLDER + "ring.ko", new RegularFile(0644, module("license=GPL depends= ")));
        files.put(FOLDER + "core-bus.ko.xz", new RegularFile(0644, xz(module("depends=ring "))));
        files.put(FOLDER + "net.ko", new RegularFile(0644, module("depends=core-bus,ring alias=virtio:d1v* ")));
        files.put(FOLDER + "other.ko", new RegularFile(0644, module("depends=gone ")));
        return new KernelModules(files);
    }

    @Test
    void dependenciesComeFirst() throws IOException, ImageBuildException {
        KernelModules modules = sample();
        modules.choose("net", "");
        assertEquals(List.of("ring", "core_bus", "net"),
                modules.inLoadOrder().stream().map(KernelModule::name).toList());
        assertEquals("/%1$sring.ko:\n/%1$score-bus.ko: /%1$sring.ko\n/%1$snet.ko: /%1$score-bus.ko /%1$sring.ko\n"
                .formatted(FOLDER), new String(modules.modulesDep(), UTF_8));
        assertEquals("alias virtio:d1v* net\n", new String(modules.modulesAlias(), UTF_8));
    }

    @Test
    void builtInModulesNeedNoFile() throws IOException, ImageBuildException {
        KernelModules modules = sample();
        modules.choose("rtc-cmos", "kernel/fs/ext4/ext4.ko\nkernel/drivers/rtc/rtc-cmos.ko\n");
        assertEquals(List.of(), List.copyOf(modules.inLoadOrder()));
    }

    @Test
    void aMissingDependencyIsAnError() throws IOException {
        KernelModules modules = sample();
        ImageBuildException e = assertThrows(ImageBuildException.class, () -> modules.choose("other", ""));
        assertEquals("the kernel has no module gone", e.what());
    }
}
