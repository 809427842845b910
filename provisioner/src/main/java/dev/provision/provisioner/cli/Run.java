package dev.provision.provisioner.cli;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.host.HostProbe;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.convergence.Executor;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.views.EventJson;
import dev.provision.provisioner.views.EventText;
import dev.provision.provisioner.views.LiveEvents;
import dev.provision.schema.units.ByteSize;

/** Executes a plan in the foreground: progress on the way, ledger at the end, also after Ctrl-C. */
final class Run {

    private static final long LEDGER_SECONDS = 20;

    private final Driver driver;
    private final Output output;
    private final Consumer<Event> timekeeper;

    Run(Driver driver, Output output, Consumer<Event> timekeeper) {
        this.driver = driver;
        this.output = output;
        this.timekeeper = timekeeper;
    }

    ExitCode execute(Plan plan) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread onInterrupt = interrupter(Thread.currentThread(), ended);
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            Ledger ledger = Executor.execute(driver, plan, Run::availableMemory, timekeeper.andThen(view()));
            boolean interrupted = Thread.interrupted();
            return interrupted ? ExitCode.INTERRUPTED : ledger.isClean() ? ExitCode.OK : ExitCode.FAILED;
        } finally {
            ended.countDown();
            forget(onInterrupt);
        }
    }

    /** Where it cannot be told, nothing is held back: the plan has proved that there was enough. */
    private static ByteSize availableMemory() {
        try {
            return HostProbe.ofThisHost().facts().memory().available();
        } catch (IOException e) {
            return new ByteSize(Long.MAX_VALUE);
        }
    }

    private Consumer<Event> view() {
        if (output.isJson()) {
            return new EventJson(output.out());
        }
        return Output.isTerminal() ? LiveEvents.onTerminal(output.out(), output.palette())
                : new EventText(output.out(), output.palette());
    }

    /** The JVM ends when its hooks have: this one lets the run stop and print its ledger first. */
    private static Thread interrupter(Thread runner, CountDownLatch ended) {
        return new Thread(() -> {
            runner.interrupt();
            try {
                if (!ended.await(LEDGER_SECONDS, TimeUnit.SECONDS)) {
                    System.err.println("the run did not stop in time; `provision plan` tells what is there");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down already: the hook is running.
        }
    }
}
