package dev.provision.hypervisor.host.kvm;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;

import dev.provision.hypervisor.host.kvm.KvmVerdict.Cause;
import dev.provision.hypervisor.host.kvm.KvmVerdict.Untested;
import dev.provision.hypervisor.host.kvm.KvmVerdict.Unusable;
import dev.provision.hypervisor.host.kvm.KvmVerdict.Usable;

/** The text form of a verdict in the cache file: a properties file of format {@value #FORMAT}. Pure. */
final class KvmVerdictText {

    private static final String FORMAT = "1";

    private KvmVerdictText() {}

    static String format(KvmVerdict verdict, String identity) {
        var text = new Properties();
        text.setProperty("format", FORMAT);
        text.setProperty("identity", identity);
        switch (verdict) {
            case Usable usable -> {
                text.setProperty("verdict", "usable");
                text.setProperty("loopNanos", Long.toString(usable.loop().toNanos()));
                put(text, usable.limits());
            }
            case Untested untested -> {
                text.setProperty("verdict", "untested");
                text.setProperty("reason", untested.reason());
                put(text, untested.limits());
            }
            case Unusable unusable -> {
                text.setProperty("verdict", "unusable");
                text.setProperty("cause", unusable.cause().name());
                text.setProperty("reason", unusable.reason());
                text.setProperty("remedy", unusable.remedy());
            }
        }
        return written(text);
    }

    /** Empty if the text is of another format, for another KVM, or damaged in any way. */
    static Optional<KvmVerdict> parse(String text, String identity) {
        try {
            var values = new Properties();
            values.load(new StringReader(text));
            if (!value(values, "format").equals(FORMAT) || !value(values, "identity").equals(identity)) {
                return Optional.empty();
            }
            return switch (value(values, "verdict")) {
                case "usable" -> Optional.of(new Usable(Duration.ofNanos(number(values, "loopNanos")), limits(values)));
                case "untested" -> Optional.of(new Untested(value(values, "reason"), limits(values)));
                case "unusable" -> Optional.of(new Unusable(Cause.valueOf(value(values, "cause")),
                        value(values, "reason"), value(values, "remedy")));
                default -> Optional.empty();
            };
        } catch (IOException | IllegalArgumentException damaged) { // a bad number or cause is one, too
            return Optional.empty();
        }
    }

    private static void put(Properties text, KvmLimits limits) {
        text.setProperty("recommendedVcpus", Integer.toString(limits.recommendedVcpus()));
        text.setProperty("maxVcpus", Integer.toString(limits.maxVcpus()));
        text.setProperty("tscKhz", Long.toString(limits.tscKhz().orElse(0)));
        text.setProperty("addressBits", Integer.toString(limits.addressBits().orElse(0)));
    }

    private static KvmLimits limits(Properties values) {
        var tscKhz = number(values, "tscKhz");
        var addressBits = (int) number(values, "addressBits");
        return new KvmLimits((int) number(values, "recommendedVcpus"), (int) number(values, "maxVcpus"),
                tscKhz > 0 ? OptionalLong.of(tscKhz) : OptionalLong.empty(),
                addressBits > 0 ? OptionalInt.of(addressBits) : OptionalInt.empty());
    }

    private static long number(Properties values, String name) {
        return Long.parseLong(value(values, name));
    }

    private static String value(Properties values, String name) {
        return values.getProperty(name, "");
    }

    private static String written(Properties text) {
        var writer = new StringWriter();
        try {
            text.store(writer, null);
        } catch (IOException impossible) {
            throw new AssertionError("writing to memory", impossible);
        }
        return writer.toString();
    }
}
