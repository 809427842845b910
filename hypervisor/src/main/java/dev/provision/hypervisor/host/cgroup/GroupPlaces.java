package dev.provision.hypervisor.host.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.provision.hypervisor.host.cgroup.Cgroups.Membership;
import dev.provision.hypervisor.host.cgroup.Cgroups.Version;

/**
 * Where this process may make control groups. It only looks: nothing is made or written.
 *
 * <p>
 * With version 1 that is below this process's own group, whose limits go on to count. With version 2 a group that has
 * processes cannot have groups below it that are limited ("no internal processes"), so it is the nearest group above that
 * has the controllers on already, or can: what a service manager has delegated, or the root.
 */
public final class GroupPlaces {

    /** A directory that groups can be made in, and what they limit there. */
    record Place(Version version, Path parent, Set<Controller> controllers) {
        Place {
            controllers = Set.copyOf(controllers);
        }
    }

    private final Path root;

    /** Those of the host this process runs on. */
    public GroupPlaces() {
        this(Path.of("/"));
    }

    /** Those of a host whose /proc and /sys are below {@code root}. */
    GroupPlaces(Path root) {
        this.root = root;
    }

    /** What groups made here are limited by. */
    public Set<Controller> controllers() {
        Set<Controller> all = EnumSet.noneOf(Controller.class);
        places().forEach(place -> all.addAll(place.controllers()));
        return all;
    }

    /** At most one place for each controller; all of version 2 in one, because there a process is in one group only. */
    List<Place> places() {
        Map<Controller, Place> version1 = new LinkedHashMap<>();
        for (Controller controller : Controller.values()) {
            of(controller, Version.V1).flatMap(membership -> membership.directories().stream().findFirst())
                    .map(this::under)
                    .filter(Files::isWritable)
                    .ifPresent(own -> version1.put(controller, new Place(Version.V1, own, Set.of(controller))));
        }
        List<Place> places = new ArrayList<>(version1.values());
        unified(EnumSet.complementOf(copy(version1.keySet()))).ifPresent(places::add);
        return places;
    }

    private static EnumSet<Controller> copy(Set<Controller> some) {
        EnumSet<Controller> copy = EnumSet.noneOf(Controller.class);
        copy.addAll(some);
        return copy;
    }

    /** The nearest directory that has most of what is wanted; of two such, one where nothing must be switched on. */
    private Optional<Place> unified(Set<Controller> wanted) {
        Optional<Place> best = Optional.empty();
        boolean bestIsOn = false;
        List<String> ancestors = of(Controller.CPU, Version.V2).map(Membership::directories).orElse(List.of());
        for (String ancestor : ancestors) {
            Path directory = under(ancestor);
            Set<Controller> on = among(wanted, directory.resolve("cgroup.subtree_control"));
            Set<Controller> possible = canSwitchOn(directory) ? among(wanted, directory.resolve("cgroup.controllers"))
                    : on;
            boolean isOn = on.containsAll(possible);
            int most = best.map(place -> place.controllers().size()).orElse(0);
            if (isOurs(directory)
                    && (possible.size() > most || (possible.size() == most && most > 0 && isOn && !bestIsOn))) {
                best = Optional.of(new Place(Version.V2, directory, possible));
                bestIsOn = isOn;
            }
        }
        return best;
    }

    /** To move a process takes the right to write to the group that is above both of its places. */
    private static boolean isOurs(Path directory) {
        return Files.isWritable(directory) && Files.isWritable(directory.resolve("cgroup.procs"));
    }

    /** The root of all has no type; processes do not keep it from having limited groups below. */
    private static boolean canSwitchOn(Path directory) {
        boolean isRoot = !Files.exists(directory.resolve("cgroup.type"));
        return Files.isWritable(directory.resolve("cgroup.subtree_control"))
                && (isRoot || text(directory.resolve("cgroup.procs")).isBlank());
    }

    static Set<Controller> among(Set<Controller> wanted, Path list) {
        Set<String> names = new TreeSet<>(Arrays.asList(text(list).strip().split(" ", -1)));
        Set<Controller> found = EnumSet.noneOf(Controller.class);
        wanted.stream().filter(controller -> names.contains(controller.kernelName())).forEach(found::add);
        return found;
    }

    private Optional<Membership> of(Controller controller, Version version) {
        return Cgroups
                .memberships(controller.kernelName(), text(under("/proc/self/cgroup")),
                        text(under("/proc/self/mountinfo")))
                .stream()
                .filter(membership -> membership.version() == version)
                .findFirst();
    }

    private Path under(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    /** What is not there, or not for us to read, says nothing. */
    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8); // paths of others may be of any bytes
        } catch (IOException e) {
            return "";
        }
    }
}
