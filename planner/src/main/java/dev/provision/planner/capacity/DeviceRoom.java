package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.planner.capacity.DeviceAssignment.Taker;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.MachineSpec;

/** How many more machines can be given devices of the host beside those that will run. */
final class DeviceRoom {

    private final Collection<Claim> claims;
    private final ObservedFleet observed;
    private final DeviceInventory inventory;
    private final DriverDeclaration driver;

    DeviceRoom(Collection<Claim> claims, ObservedFleet observed, DeviceInventory inventory, DriverDeclaration driver) {
        this.claims = List.copyOf(claims);
        this.observed = observed;
        this.inventory = inventory;
        this.driver = driver;
    }

    /** As many of these as get all that they ask for; each takes one device at least. */
    long more(MachineSpec spec) {
        List<Taker> takers = new ArrayList<>(claims.stream()
                .filter(claim -> claim.spec().resources().takesDevices())
                .map(this::taker)
                .toList());
        int more = 0;
        while (more < inventory.devices().size()) {
            MachineSpec next = spec.named(spec.name() + "/" + more);
            takers.add(new Taker(new Claim(next, Optional.empty()), List.of(), false));
            Problems problems = new Problems();
            DeviceAssignment.of(takers, Map.of(), inventory, driver, problems);
            if (problems.hasErrors()) {
                return more;
            }
            more++;
        }
        return more;
    }

    private Taker taker(Claim claim) {
        Optional<ObservedMachine> there = Optional.ofNullable(observed.machines().get(claim.name()));
        return new Taker(claim, there.map(ObservedMachine::devices).orElse(List.of()),
                there.map(ObservedMachine::state).filter(MachineState.Running.class::isInstance).isPresent());
    }
}
