package dev.provision.planner.capacity;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.host.ListeningPort.Holder;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.PortForward.Protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Who may have a host port: machine {@code a} of the fleet {@code lab} has pid 42. */
class PortCheckTest {

    private static final Optional<Holder> NGINX = Optional.of(new Holder(7, "nginx", Optional.empty()));

    private static ListeningPort held(String address, int port, Optional<Holder> holder) {
        return new ListeningPort(Protocol.TCP, address, port, holder);
    }

    private static HostCapacity host(List<ListeningPort> held) {
        return Specs.host(8, 16).capacity().with(held);
    }

    private static Optional<Holder> vmm(long pid, String machine) {
        return Optional.of(new Holder(pid, "qemu-system-x86", Optional.of(machine)));
    }

    private static List<String> check(String machines, ObservedFleet observed, ListeningPort... held) {
        Problems problems = new Problems();
        PortCheck.run(Claim.of(Specs.fleet("machines: {" + machines + "}")), Set.of(), observed, host(List.of(held)),
                problems);
        return problems.sorted().stream().map(PortCheckTest::text).toList();
    }

    private static String text(Diagnostic problem) {
        return problem.span().map(span -> span.column() + " ").orElse("") + problem.severity() + " " + problem.what();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1, true", "127.0.0.1, 0.0.0.0, true", "127.0.0.1, ::, true",
        "0.0.0.0, 127.0.0.1, true", "0.0.0.0, 192.168.1.2, true", "0.0.0.0, ::, true",
        "127.0.0.1, 127.0.0.2, false", "127.0.0.1, ::1, false", "0.0.0.0, ::1, false", "0.0.0.0, fe80::1, false"})
    void aWildcardTakesThePortOnEveryAddress(String forward, String listener, boolean taken) {
        PortForward port = new PortForward(forward, 80, 80, Protocol.TCP);
        assertEquals(taken, held(listener, 80, NGINX).isInTheWayOf(port));
        assertFalse(held(listener, 81, NGINX).isInTheWayOf(port), "another port");
        assertFalse(new ListeningPort(Protocol.UDP, listener, 80, NGINX).isInTheWayOf(port));
    }

    @Test
    void aPortOfAStrangerIsRefusedWhereItIsWritten() {
        String a = "a: {ports: ['81:81', '80:80']}";
        assertEquals(List.of(
                "33 ERROR host port 127.0.0.1:80/tcp is taken: nginx (pid 7) listens on 0.0.0.0:80/tcp"),
                check(a, Specs.observed(), held("0.0.0.0", 80, NGINX)));
        assertEquals(List.of("33 ERROR host port 127.0.0.1:80/tcp is taken: another process listens on [::]:80/tcp"),
                check(a, Specs.observed(), held("::", 80, Optional.empty())));
        assertEquals(List.of(
                "33 ERROR host port 127.0.0.1:80/tcp is taken: machine `shop/web` (pid 9) listens on 127.0.0.1:80/tcp"),
                check(a, Specs.observed(), held("127.0.0.1", 80, vmm(9, "shop/web"))));
    }

    @Test
    void whatTheMachineHasItselfIsNoMatter() {
        MachineSpec a = Specs.machine("ports: ['80:80']");
        ObservedFleet running = Specs.observed(Specs.observed(a, Specs.running(a)));
        String same = "a: {ports: ['80:81']}";
        assertEquals(List.of(), check(same, running, held("127.0.0.1", 80, vmm(42, "lab/a"))));
        assertEquals(List.of(),
                check(same, running, held("127.0.0.1", 80, Optional.of(new Holder(42, "q", Optional.empty())))));
        assertEquals(List.of(), check(same, running, held("127.0.0.1", 80, Optional.empty())), "by its spec");
        assertEquals(1, check(same, running, held("127.0.0.1", 80, NGINX)).size(), "the holder counts, not the spec");
        ObservedFleet stopped = Specs.observed(Specs.observed(a, new MachineState.Stopped()));
        assertEquals(1, check(same, stopped, held("127.0.0.1", 80, Optional.empty())).size(), "it holds nothing");
        ObservedFleet broken = Specs.observed(Specs.observed(a, new MachineState.Broken("no JSON")));
        assertEquals(List.of(), check(same, broken, held("127.0.0.1", 80, vmm(5, "lab/a"))), "its VMM runs");
    }

    @Test
    void aMachineThatGoesGivesItsPortBackAndOneThatStaysKeepsIt() {
        MachineSpec a = Specs.machine("ports: ['80:80']");
        ObservedFleet running = Specs.observed(Specs.observed(a, Specs.running(a)));
        ListeningPort held = held("127.0.0.1", 80, vmm(42, "lab/a"));
        assertEquals(List.of(), check("b: {ports: ['80:80']}", running, held), "destroyed before");
        assertEquals(List.of(), check("a: {}, b: {ports: ['80:80']}", running, held), "lets go of it first");
        Problems problems = new Problems();
        PortCheck.run(List.of(new Claim(a, Optional.empty()), new Claim(a.named("b"), Optional.empty())), Set.of(),
                running,
                host(List.of(held)), problems);
        assertEquals(List.of("ERROR host port 127.0.0.1:80/tcp is taken: `a` has it and keeps it"),
                problems.sorted().stream().map(PortCheckTest::text).toList());
    }

    /** A VMM without a record claims nothing that anybody knows of, and holds its ports nevertheless. */
    @Test
    void aMachineThatIsLeftAsItIsKeepsItsPort() {
        ObservedFleet orphan = Specs.observed(
                new ObservedMachine("a", new MachineState.Orphan(42), Optional.empty(), Optional.empty()));
        ListeningPort held = held("127.0.0.1", 80, vmm(42, "lab/a"));
        Fleet wanted = Specs.fleet("machines: {b: {ports: ['80:80']}}");
        Problems problems = new Problems();
        PortCheck.run(Claim.of(wanted), Set.of("a"), orphan, host(List.of(held)), problems);
        assertEquals(List.of("24 ERROR host port 127.0.0.1:80/tcp is taken: `a` has it and keeps it"),
                problems.sorted().stream().map(PortCheckTest::text).toList());
        assertEquals(List.of(), check("b: {ports: ['80:80']}", orphan, held), "it goes before");
        assertEquals(List.of(
                "31 WARNING host port 127.0.0.1:80/tcp moves from `a` to `b`, which may come first"),
                check("a: {}, b: {ports: ['80:80']}", orphan, held));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, false", "10.0.0.7, true", "0.0.0.0, true", "127.0.0.1, true", "127.1.2.3, true"})
    void anAddressMustBeOneOfThisHost(String address, boolean fine) {
        List<Claim> claims = Claim.of(Specs.fleet("machines: {a: {ports: ['%s:80:80']}}".formatted(address)));
        Problems problems = new Problems();
        PortCheck.run(claims, Set.of(), Specs.observed(), host(List.of()).withAddresses(Set.of("10.0.0.7")), problems);
        assertEquals(fine ? List.of()
                : List.of("24 ERROR host port 192.0.2.1:80/tcp is bound to an address that no network interface of this"
                        + " host has"),
                problems.sorted().stream().map(PortCheckTest::text).toList());
        Problems unknown = new Problems();
        PortCheck.run(claims, Set.of(), Specs.observed(), host(List.of()), unknown);
        assertEquals(List.of(), unknown.sorted(), "where the host's addresses are not known nothing is said");
    }

    /** A socket stays open when its address goes. */
    @Test
    void whoHasAPortOnAnAddressThatWentKeepsIt() {
        MachineSpec a = Specs.machine("ports: ['192.0.2.1:80:80']");
        ObservedFleet running = Specs.observed(Specs.observed(a, Specs.running(a)));
        HostCapacity host = host(List.of(held("192.0.2.1", 80, vmm(42, "lab/a")))).withAddresses(Set.of("10.0.0.7"));
        Problems problems = new Problems();
        PortCheck.run(List.of(new Claim(a, Optional.empty())), Set.of(), running, host, problems);
        PortCheck.run(List.of(new Claim(a, Optional.empty())), Set.of("a"), running,
                host(List.of()).withAddresses(Set.of("10.0.0.7")), problems);
        assertEquals(List.of(), problems.sorted());
    }
}
