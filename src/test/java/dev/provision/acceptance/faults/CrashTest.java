package dev.provision.acceptance.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.acceptance.HostPorts;
import dev.provision.acceptance.Provision;
import dev.provision.hypervisor.MachineId;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code kill -9} of the command, with all processes of its group, at the boundaries of its steps and at any other instant;
 * then one more apply, after which all is as the manifest wants it. {@code -Dfaults.runs=N} kills that many, {@code
 * -Dfaults.seed=N} decides when.
 */
class CrashTest {

    private static final int RUNS = Integer.getInteger("faults.runs", 8);
    private static final long SEED = Long.getLong("faults.seed", new Random().nextInt(1_000_000));

    /** On a host that boots a guest in a second, most are killed within it; the boundaries of steps are tried beside. */
    private static final int LONGEST_MILLIS = 1_000;

    @TempDir
    private Path folder = Path.of("");

    private int killed;

    @Test
    void oneMoreApplyConverges() throws Exception {
        Life life = new Life(HostPorts.tcp());
        String run = "none";
        try (Provision provision = new Provision(folder); Bystanders bystanders = new Bystanders()) {
            bystanders.pretend(new MachineId(Life.FLEET, "a"));
            Invariants invariants = new Invariants(provision, Life.FLEET);
            for (int number = 0; number < RUNS; number++) {
                provision.write("machines.yaml", life.manifest(number));
                Moment moment = Moment.of(number);
                run = number + ", " + Life.Stage.of(number) + ", killed " + moment;
                crash(provision, life.command(number), moment);
                if (Life.Stage.of(number) == Life.Stage.RESTART) {
                    bystanders.takePidOf(provision, new MachineId(Life.FLEET, "b"));
                }
                provision.run("apply", "--yes", "--allow=all").exits(0);
                invariants.hold(Life.machines(number));
                bystanders.assertUntouched();
                if (Life.Stage.of(number) == Life.Stage.DESTROY) {
                    new ServerSocket(life.hostPort(), 1, InetAddress.getLoopbackAddress()).close();
                }
            }
            provision.run("destroy", "--yes", "--storage").exits(0);
            bystanders.assertUntouched();
        } catch (AssertionError | Exception e) {
            throw new AssertionError("run " + run + "; again by: ./verify -pl src/test -am -Dtest=CrashTest "
                    + "-Dsurefire.failIfNoSpecifiedTests=false -Dfaults.runs=" + RUNS + " -Dfaults.seed=" + SEED, e);
        }
        assertTrue(killed > RUNS / 2, () -> "only " + killed + " of " + RUNS
                + " were killed before their end; -Dfaults.seed=" + SEED);
    }

    /**
     * When a command is killed.
     *
     * @param steps
     *            so many of its steps have been written down as begun
     * @param millis
     *            so long after that
     */
    private record Moment(int steps, int millis) {

        /**
         * Every other run at the boundary of a step, the next one of its stage each time, so that 40 runs have seen them all; the
         * others at any time since the command began to write.
         */
        static Moment of(int run) {
            Life.Stage stage = Life.Stage.of(run);
            int round = run / Life.Stage.values().length;
            Random random = new Random(SEED + run);
            return (run + SEED) % 2 == 0
                    ? new Moment(1 + (int) ((SEED + round / 2) % stage.steps()), 0)
                    : new Moment(0, random.nextInt(LONGEST_MILLIS));
        }

        @Override
        public String toString() {
            return steps == 0 ? millis + " ms after it took the journal" : "when step " + steps + " began";
        }
    }

    /** Returns when the command has ended, by us or before. */
    private void crash(Provision provision, List<String> command, Moment moment) throws Exception {
        Path journal = provision.state().resolve("fleets/" + Life.FLEET + "/journal.jsonl");
        long before = Files.exists(journal) ? Files.size(journal) : 0;
        Process process = provision.startBehind(List.of("setsid"), folder.resolve("o"), folder.resolve("e"),
                command.toArray(String[]::new));
        while (process.isAlive() && !hasCome(journal, before, moment)) {
            Thread.sleep(2);
        }
        boolean _ = process.waitFor(moment.millis(), TimeUnit.MILLISECONDS);
        if (process.isAlive()) {
            killed++;
            new ProcessBuilder("kill", "-9", "--", "-" + process.pid()).start().waitFor();
        }
        process.waitFor();
    }

    private static boolean hasCome(Path journal, long before, Moment moment) throws IOException {
        if (Files.notExists(journal) || Files.size(journal) <= before) {
            return false;
        }
        byte[] all = Files.readAllBytes(journal);
        String text = new String(all, (int) before, all.length - (int) before, StandardCharsets.UTF_8);
        return text.lines().filter(line -> line.contains("\"step-started\"")).count() >= moment.steps();
    }
}
