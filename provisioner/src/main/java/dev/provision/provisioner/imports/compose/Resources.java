package dev.provision.provisioner.imports.compose;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;

import dev.provision.provisioner.imports.compose.Quantities.Amount;
import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.draft.Value;
import dev.provision.provisioner.imports.draft.Value.Block;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.QuantityFormatException;

/** CPUs and memory of a service: its own keys, and those of {@code deploy.resources}, which go before them. */
final class Resources {

    private static final ByteSize LEAST_MEMORY = ByteSize.ofMib(128);
    private static final ByteSize MOST_MEMORY = ByteSize.ofGib(16 << 10);
    private static final ByteSize DEFAULT_MEMORY = ByteSize.ofMib(512);
    private static final Cpus DEFAULT_CPUS = Cpus.of(1);
    /** Docker's range of {@code cpu_shares}. */
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;
    private static final BigDecimal MOST_MILLIS = BigDecimal.valueOf(2_000_000_000);
    private static final String PROCESSES = "a machine has a kernel of its own, which bounds its processes";

    private final Keys service;
    private final MachineDraft machine;
    private final Remarks remarks;

    private Resources(Keys service, MachineDraft machine) {
        this.service = service;
        this.machine = machine;
        this.remarks = machine.remarks();
    }

    static void convert(Keys service, Optional<Keys> deploy, MachineDraft machine) {
        Optional<Keys> resources = deploy.flatMap(keys -> keys.below("resources"));
        Optional<Keys> limits = resources.flatMap(keys -> keys.below("limits"));
        Optional<Keys> reservations = resources.flatMap(keys -> keys.below("reservations"));
        Resources conversion = new Resources(service, machine);
        conversion.cpus(limits, reservations);
        conversion.memory(limits, reservations);
        Gpus.convert(service, reservations, machine);
        limits.ifPresent(keys -> keys.finish(Map.of("pids", PROCESSES)));
        reservations.ifPresent(
                keys -> keys.finish(Map.of("generic_resources", "resources of a swarm are no concern of one host")));
        resources.ifPresent(keys -> keys.finish(Map.of()));
    }

    private void cpus(Optional<Keys> limits, Optional<Keys> reservations) {
        Optional<Amount<Cpus>> own = Quantities.cpus(service, "cpus");
        Optional<Amount<Cpus>> counted = Quantities.cpus(service, "cpu_count");
        Optional<Amount<Cpus>> quota = quota();
        Optional<Amount<Cpus>> deployed = limits.flatMap(keys -> Quantities.cpus(keys, "cpus"));
        Optional<Amount<Cpus>> limit = Quantities.first(deployed, own, service, "cpus")
                .or(() -> quota)
                .or(() -> counted);
        Optional<Amount<Cpus>> request = reservations.flatMap(keys -> Quantities.cpus(keys, "cpus"));
        range("cpus", request, limit, Quantities.amount(DEFAULT_CPUS));
        service.text("cpuset").ifPresent(this::cpuset);
        Quantities.whole(service, "cpu_shares", 0, MOST_SHARES)
                .filter(shares -> shares.known().filter(number -> number < LEAST_SHARES).isEmpty())
                .ifPresent(shares -> machine.resource("shares", shares.value()));
    }

    private void cpuset(Template cpus) {
        try {
            if (cpus.withDefaults().isPresent()) {
                CpuSet.parse(cpus.withDefaults().get());
            }
            service.texts().demand(cpus);
            machine.resource("cpuset", Value.text(cpus));
        } catch (QuantityFormatException e) {
            service.lose("cpuset", String.valueOf(e.getMessage()));
        }
    }

    /** So many microseconds of CPU time in each period, which is 100 ms unless told otherwise; -1 is no limit. */
    private Optional<Amount<Cpus>> quota() {
        long period = service.whole("cpu_period", 1, Long.MAX_VALUE).orElse(100_000L);
        Optional<Long> quota = service.literal("cpu_quota").filter(text -> !text.equals("-1")).isEmpty()
                ? Optional.empty()
                : service.whole("cpu_quota", 1, Long.MAX_VALUE);
        return quota.map(micros -> BigDecimal.valueOf(micros)
                .movePointRight(3)
                .divide(BigDecimal.valueOf(period), 0, RoundingMode.CEILING)
                .min(MOST_MILLIS)).map(millis -> Quantities.amount(new Cpus(millis.intValueExact())));
    }

    private void memory(Optional<Keys> limits, Optional<Keys> reservations) {
        Optional<Amount<ByteSize>> written = Quantities.first(
                limits.flatMap(keys -> Quantities.size(keys, "memory")), Quantities.size(service, "mem_limit"), service,
                "mem_limit");
        Optional<Amount<ByteSize>> limit = written.map(this::withinBounds);
        Optional<Amount<ByteSize>> request = Quantities.first(
                reservations.flatMap(keys -> Quantities.size(keys, "memory")),
                Quantities.size(service, "mem_reservation"), service, "mem_reservation");
        range("memory", request, limit, Quantities.amount(DEFAULT_MEMORY));
        shm(limit);
        swap(written.flatMap(Amount::known));
    }

    private Amount<ByteSize> withinBounds(Amount<ByteSize> limit) {
        if (limit.exceeds(Quantities.amount(MOST_MEMORY))) {
            remarks.weaker(service.span(), "the memory limit is " + MOST_MEMORY, "no machine has more");
            return Quantities.amount(MOST_MEMORY);
        }
        if (Quantities.amount(LEAST_MEMORY).exceeds(limit)) {
            remarks.note(service.span(), "the memory limit is " + LEAST_MEMORY,
                    "a machine has a kernel of its own, which needs some of it");
            return Quantities.amount(LEAST_MEMORY);
        }
        return limit;
    }

    private void shm(Optional<Amount<ByteSize>> memory) {
        Quantities.size(service, "shm_size").ifPresent(size -> {
            if (size.exceeds(memory.orElse(Quantities.amount(DEFAULT_MEMORY)))) {
                remarks.weaker(service.place("shm_size"), "`shm_size` becomes half the machine's memory",
                        "/dev/shm lies in the machine's memory, which is smaller than this");
                machine.resource("shm", Value.word("auto"));
            } else {
                machine.resource("shm", size.value());
            }
        });
    }

    /** A request alone makes the limit that a machine has anyway, or the request where that is more. */
    private <T extends Comparable<T>> void range(String key, Optional<Amount<T>> request, Optional<Amount<T>> limit,
            Amount<T> otherwise) {
        if (request.isEmpty()) {
            limit.ifPresent(amount -> machine.resource(key, amount.value()));
            return;
        }
        Amount<T> most = limit.orElse(request.get().exceeds(otherwise) ? request.get() : otherwise);
        if (request.get().exceeds(most)) {
            remarks.lost(service.span(), "the reservation of " + key, "it exceeds the limit");
            machine.resource(key, most.value());
        } else {
            machine.resource(key, new Block().put("request", request.get().value()).put("limit", most.value()));
        }
    }

    /** {@code memswap_limit} is memory and swap together: as much as the memory alone means no swap. */
    private void swap(Optional<ByteSize> memory) {
        Optional<String> both = service.literal("memswap_limit").filter(text -> !text.equals("0"));
        Optional<String> swappiness = service.literal("mem_swappiness");
        boolean none = memory.isPresent() && both.flatMap(Quantities::bytes).equals(memory);
        if (none || swappiness.filter("0"::equals).isPresent()) {
            machine.resource("swap", Value.word(false));
            return;
        }
        String why = "a manifest only says whether there is swap";
        both.ifPresent(text -> service.lose("memswap_limit", why));
        swappiness.ifPresent(text -> service.lose("mem_swappiness", why));
    }
}
