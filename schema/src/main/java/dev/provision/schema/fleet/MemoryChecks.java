package dev.provision.schema.fleet;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.units.ByteSize;

/** What memory in huge pages cannot be, and what a balloon that deflates by itself must be left. */
final class MemoryChecks {

    private final Origin origin;
    private final Problems problems;

    MemoryChecks(Origin origin, Problems problems) {
        this.origin = origin;
        this.problems = problems;
    }

    void check(MemoryRange memory) {
        memory.hugepages().ifPresent(pages -> {
            checkFixed(memory);
            pages.size().ifPresent(size -> checkWholePages(memory, size));
        });
        checkTakenBack(memory);
    }

    /** What gives memory back page by page would leave holes in huge ones, and a guest that asks for one again might get none. */
    private void checkFixed(MemoryRange memory) {
        ByteSize limit = memory.limit();
        if (!memory.request().equals(limit)) {
            conflict("request", "`memory.request` of " + memory.request() + " is not the limit of " + limit
                    + ", and the machine's memory is in huge pages", "remove it, or set it to " + limit.canonical());
        }
        if (!memory.max().equals(limit)) {
            conflict("max", "`memory.max` of " + memory.max() + " is not the limit of " + limit
                    + ", and the machine's memory is in huge pages", "remove it, or set it to " + limit.canonical());
        }
        if (memory.hotplug().orElse(false)) {
            conflict("hotplug", "`memory.hotplug` contradicts `memory.hugepages`", "remove one of them");
        }
        if (memory.deflateOnOom()) {
            conflict("deflateOnOom", "`memory.deflateOnOom` contradicts `memory.hugepages`", "remove one of them");
        }
    }

    private void conflict(String key, String what, String fix) {
        if (origin.isSound("resources", "memory", key) && origin.isSound("resources", "memory", "limit")) {
            report(Diagnostic.error(Code.CONFLICTING_KEYS, origin.at("resources", "memory", key), what)
                    .why("huge pages are all taken when the machine starts and none comes back before it stops")
                    .fix(fix));
        }
    }

    private void checkWholePages(MemoryRange memory, ByteSize page) {
        long over = memory.limit().bytes() % page.bytes();
        if (over == 0 || !origin.isSound("resources", "memory", "limit")) {
            return;
        }
        ByteSize above = new ByteSize(memory.limit().bytes() - over + page.bytes());
        report(Diagnostic
                .error(Code.CONFLICTING_KEYS, origin.at("resources", "memory", "hugepages"),
                        "huge pages of " + page + " cannot make up a limit of " + memory.limit())
                .why("the machine's memory is a whole number of pages")
                .fix("set the limit to a multiple of " + page.canonical() + ", such as " + above.canonical()));
    }

    private void checkTakenBack(MemoryRange memory) {
        if (memory.takesBack() && memory.hard().filter(hard -> hard.compareTo(memory.max()) < 0).isPresent()
                && origin.isSound("resources", "memory", "hard") && origin.isSound("resources", "memory", "max")) {
            report(Diagnostic
                    .error(Code.CONFLICTING_KEYS, origin.at("resources", "memory", "hard"),
                            "`memory.hard` of " + memory.hard().get() + " is less than the max of " + memory.max()
                                    + ", which the guest may take with `memory.deflateOnOom`")
                    .why("the machine would be killed for what its manifest allows")
                    .fix("set `memory.hard` to at least " + memory.max().canonical() + ", or leave one of them out"));
        }
    }

    private void report(Diagnostic problem) {
        problems.add(origin.blamed(problem));
    }
}
