package dev.provision.hypervisor.host.procfs;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads what Linux writes about CPUs. Pure functions over the text of files in /proc and /sys (proc(5)). */
public final class ProcCpu {

    private static final Pattern PHYSICAL_BITS = Pattern.compile("(\\d+) bits physical.*");

    private ProcCpu() {}

    /** Number of CPUs in a list such as {@code 0-3,8,10-11}; 0 for an empty list. */
    public static int count(String cpuList) {
        return Arrays.stream(cpuList.strip().split(",", -1))
                .filter(part -> !part.isBlank())
                .mapToInt(ProcCpu::rangeSize)
                .sum();
    }

    private static int rangeSize(String range) {
        var dash = range.indexOf('-');
        return dash < 0 ? 1
                : Integer.parseInt(range.substring(dash + 1)) - Integer.parseInt(range.substring(0, dash)) + 1;
    }

    /** CPUs this process may run on, from /proc/self/status; empty if the line is missing. */
    public static OptionalInt allowed(String status) {
        return field(status, "Cpus_allowed_list").map(list -> OptionalInt.of(count(list))).orElse(OptionalInt.empty());
    }

    /** Numbers of the CPUs this process may run on, {@code 0-3,8}; empty if the line is missing. */
    public static Optional<String> allowedList(String status) {
        return field(status, "Cpus_allowed_list").map(String::strip);
    }

    /** Vendor from /proc/cpuinfo; arm64 gives a number, which is passed on as it is. */
    public static String maker(String cpuinfo) {
        return field(cpuinfo, "vendor_id").or(() -> field(cpuinfo, "CPU implementer")).orElse("");
    }

    /** Model name from /proc/cpuinfo. */
    public static String model(String cpuinfo) {
        return field(cpuinfo, "model name").or(() -> field(cpuinfo, "CPU part")).orElse("");
    }

    /** Physical address bits from the line {@code address sizes : 48 bits physical, 48 bits virtual}. */
    public static OptionalInt addressBits(String cpuinfo) {
        var bits = field(cpuinfo, "address sizes").map(PHYSICAL_BITS::matcher).filter(match -> match.matches());
        return bits.isPresent() ? OptionalInt.of(Integer.parseInt(bits.get().group(1))) : OptionalInt.empty();
    }

    /**
     * TSC frequency in kHz. On x86 the kernel sets loops_per_jiffy from the TSC frequency (arch/x86/kernel/tsc.c,
     * lpj_fine), and prints lpj · HZ / 500,000 as bogomips: two per MHz. Only CPUs with a constant TSC qualify.
     */
    public static OptionalLong tscKhz(String cpuinfo) {
        var constant = field(cpuinfo, "flags").filter(flags -> (" " + flags + " ").contains(" constant_tsc "));
        var bogomips = field(cpuinfo, "bogomips");
        return constant.isPresent() && bogomips.isPresent()
                ? OptionalLong.of(Math.round(Double.parseDouble(bogomips.get()) * 500))
                : OptionalLong.empty();
    }

    /** The value of the first line {@code name : value}; blanks around the colon do not matter. */
    public static Optional<String> field(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .filter(line -> line.substring(name.length()).stripLeading().startsWith(":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }
}
