package dev.provision.provisioner.views;

import java.io.PrintWriter;

import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;

/** The end of every run: what was done, what was not, and why. */
final class LedgerText {

    private final PrintWriter out;
    private final Palette palette;
    private final String resume;

    LedgerText(PrintWriter out, Palette palette, String resume) {
        this.out = out;
        this.palette = palette;
        this.resume = resume;
    }

    void print(Ledger ledger) {
        out.println();
        ledger.outcomes().forEach(this::explain);
        String counts = ledger.count(Outcome.Done.class) + " done, " + ledger.count(Outcome.Failed.class) + " failed, "
                + ledger.count(Outcome.Skipped.class) + " skipped, " + ledger.count(Outcome.Unknown.class) + " unknown";
        out.println((ledger.isClean() ? palette.green(counts) : palette.red(counts)) + " in "
                + EventText.seconds(ledger.took()));
        if (!ledger.isClean() && !resume.isEmpty()) {
            out.println((ledger.needsAPerson() ? "Do what `fix` says, then go on from here: " : "Go on from here: ")
                    + palette.text(resume));
        }
    }

    private void explain(String machine, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done done -> {
            }
            case Outcome.Failed failed -> {
                out.println(palette.red("failed") + "  " + palette.bold(palette.text(machine)) + ": "
                        + palette.text(failed.what()));
                failed.console().forEach(line -> out.println("          | " + palette.text(line)));
                fix(failed.fix());
            }
            case Outcome.Skipped skipped -> {
                out.println(palette.yellow("skipped") + " " + palette.bold(palette.text(machine)) + ": "
                        + palette.text(skipped.reason()));
                fix(skipped.fix());
            }
            case Outcome.Unknown unknown ->
                out.println(palette.yellow("unknown") + " " + palette.bold(palette.text(machine))
                        + ": interrupted during " + palette.text(unknown.during()));
        }
    }

    private void fix(String fix) {
        if (!fix.isEmpty()) {
            out.println("          fix: " + palette.text(fix));
        }
    }
}
