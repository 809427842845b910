package dev.provision.planner.capacity;

import java.util.List;
import java.util.stream.Collectors;

import dev.provision.planner.host.HugePagePools;
import dev.provision.planner.host.HugePagePools.Pool;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;

/**
 * Are there huge pages for all machines that start? A VMM takes all of its guest's when it starts and fails without them.
 * Nothing is said of a host that knows none: there {@link EngineSupport} refuses.
 */
final class HugePagesCheck {

    private static final String PLACE = "hugepages";

    private final HugePageDemand demand;
    private final Problems problems;

    private HugePagesCheck(HugePageDemand demand, Problems problems) {
        this.demand = demand;
        this.problems = problems;
    }

    static void run(HugePageDemand demand, Problems problems) {
        HugePagePools pools = demand.pools();
        if (pools.isEmpty()) {
            return;
        }
        HugePagesCheck check = new HugePagesCheck(demand, problems);
        PoolDemand.byEntry(demand.starting()).values().stream().map(List::getFirst).forEach(check::possible);
        pools.pools().stream().filter(pool -> demand.missing(pool) > 0).forEach(check::lacking);
    }

    /** Does the host know such pages, and do whole ones make up the machine? */
    private void possible(Claim claim) {
        demand.poolOf(claim.spec()).ifPresentOrElse(pool -> {
            var memory = claim.spec().resources().memory().max();
            if (memory.bytes() % pool.page().bytes() != 0) {
                problems.add(claim
                        .error(Code.HUGE_PAGES_SHORT, "huge pages of this host's default size, " + pool.page()
                                + ", cannot make up the " + memory + " of `" + claim.entry() + "`", "resources",
                                "memory", PLACE)
                        .why("the machine's memory is a whole number of pages")
                        .fix("set the limit to a multiple of " + pool.page().canonical() + ", or name a smaller size"));
            }
        }, () -> problems.add(claim
                .error(Code.HUGE_PAGES_SHORT, "`" + claim.entry() + "` asks for huge pages ("
                        + claim.spec().resources().memory().hugepages().map(Object::toString).orElse("")
                        + "), of a size that this host does not have", "resources", "memory", PLACE)
                .why("its processor and kernel have huge pages of " + sizes())
                .fix("ask for one of these sizes")));
    }

    private String sizes() {
        return demand.pools()
                .pools()
                .stream()
                .map(pool -> pool.page().toString())
                .collect(Collectors.joining(" and "));
    }

    private void lacking(Pool pool) {
        List<Claim> starting = demand.starting(pool);
        long needed = starting.stream().mapToLong(claim -> demand.taken(claim, pool)).sum();
        long missing = demand.missing(pool);
        Diagnostic problem = Diagnostic.error(Code.HUGE_PAGES_SHORT,
                "the machines that start need " + needed + " huge pages of " + pool.page() + ", and this host has "
                        + pool.free() + " free of " + pool.total() + ": " + missing + " are missing");
        for (List<Claim> entry : PoolDemand.byEntry(starting).values()) {
            Claim first = entry.getFirst();
            problem = first.written().isEmpty() ? problem
                    : problem.related(first.written().get().origin().at("resources", "memory", PLACE),
                            "`" + first.entry() + "` takes " + pool.pages(first.spec().resources().memory().max())
                                    + (entry.size() == 1 ? "" : ", " + entry.size() + " times"));
        }
        problems.add(problem
                .why("a VMM takes all huge pages of its guest when it starts, or does not start")
                .fix("have an administrator set them aside (`" + command(pool, pool.total() + missing)
                        + "`; memory that is in pieces gives fewer), stop other machines, or remove `hugepages`"));
    }

    /** What sets the number of pages; it takes effect at once. */
    private String command(Pool pool, long pages) {
        return demand.pools().standard().filter(pool.page()::equals).isPresent() ? "sysctl vm.nr_hugepages=" + pages
                : "echo " + pages + " > /sys/kernel/mm/hugepages/hugepages-" + pool.page().bytes() / 1024
                        + "kB/nr_hugepages";
    }
}
