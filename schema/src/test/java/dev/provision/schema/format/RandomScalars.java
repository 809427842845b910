package dev.provision.schema.format;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Volume;
import dev.provision.schema.manifest.CpuEntry;
import dev.provision.schema.manifest.DiskEntry;
import dev.provision.schema.manifest.GpuEntry;
import dev.provision.schema.manifest.MemoryEntry;
import dev.provision.schema.manifest.ShmEntry;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/** Single values, right and wrong, as YAML may write them. */
final class RandomScalars {

    private static final List<String> SIZES = List.of("512m", "1g", "1024", "2048MiB", "1.5GiB", "4G", "500MB", "20",
            "${SIZE}", "lots", "-1", "0.5", "1GiB");
    private static final List<String> CPUS = List.of("2", "0.50", "500m", "1.0", "4000m", "${CPUS}", "many", "1e3");
    private static final List<String> GPUS = List.of("True", "false", "2", "a100", "a100-80gb:2", "T4:1", "none",
            "VirtIO",
            "any");
    private static final List<String> TEXTS = List.of("1g", "512m", "True", "echo hi", "a b  c", "http://x#y",
            "${T:-1g}",
            "8080/health", "auto", "64m", "0000:3B:00.0", "0-1,2", "on-failure", "ready", "30s", "90s", "1m90s", "it's",
            "say \"hi\"", "ä😀", "builtin", "~", "null");
    private static final Map<Type, List<String>> POOLS = Map.of(
            ByteSize.class, SIZES, MemoryEntry.class, SIZES, ShmEntry.class, SIZES, DiskEntry.class, SIZES,
            Cpus.class, CPUS, CpuEntry.class, CPUS,
            GpuEntry.class, GPUS, GpuModel.class, GPUS,
            PortForward.class, List.of("8080:80", "127.0.0.1:08080:80/tcp", "53:53/udp", "${P}:80", "99999:1"),
            Volume.class, List.of("./a:/b", "./a:/b//c/:rw", "/x:/y:ro", "${D}:/d", "nope"));

    private final Dice dice;

    RandomScalars(Dice dice) {
        this.dice = dice;
    }

    static boolean isText(Type type) {
        return !POOLS.containsKey(type);
    }

    /** In one line, fit for braces too. */
    String inLine(Type type) {
        String text = dice.any(POOLS.getOrDefault(type, TEXTS));
        boolean plain = text.matches("[A-Za-z0-9./~-]([A-Za-z0-9./: -]*[A-Za-z0-9./])?");
        return plain && !dice.chance(3) ? text : quoted(text);
    }

    String key(String name) {
        return dice.chance(10) ? "\"" + name + "\"" : dice.chance(12) ? "'" + name + "'" : name;
    }

    private String quoted(String text) {
        return dice.chance(2) ? "'" + text.replace("'", "''") + "'"
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Over several lines, the further ones behind this margin. */
    String inLines(String margin) {
        return dice.chance(2) ? "\"first  \n" + margin + "  second # no comment\n\n" + margin + "third\""
                : "first\n" + margin + "second\n" + margin + "  third";
    }

    /** With its header and its last line break. */
    String block(String margin) {
        StringBuilder text = new StringBuilder(dice.any(List.of("|", ">", "|-", ">-", "|+", ">+", "|", "|")));
        text.append(dice.chance(4) ? " " + dice.comment() : "").append('\n');
        for (int i = 0; i < 1 + dice.below(3); i++) {
            text.append(margin)
                    .append(dice.any(List.of("text", "# no comment", "key: value", "- dash", "tab\there")))
                    .append('\n');
            text.append(dice.chance(4) ? margin + "    deeper\n" : "")
                    .append(dice.chance(4) ? "\n" : "")
                    .append(dice.chance(9) ? margin + " \n" : "");
        }
        while (dice.chance(3)) {
            text.append(dice.chance(2) ? "\n" : " \n");
        }
        return text.toString();
    }
}
