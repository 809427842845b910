package dev.provision.planner.capacity;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.provision.planner.host.UnusableFolder;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Volume;

/**
 * Can the folders be had that machines are about to start with? Asked before anything is done: a restart that finds out
 * when the machine is down would leave it there.
 */
final class VolumeCheck {

    private VolumeCheck() {}

    /**
     * Reports those that cannot.
     *
     * @param left
     *            names of machines that stay as they are, and keep what they have
     */
    static void run(Collection<Claim> claims, Set<String> left, List<UnusableFolder> unusable, Problems problems) {
        if (unusable.isEmpty()) {
            return;
        }
        Map<String, UnusableFolder> folders = unusable.stream()
                .collect(Collectors.toMap(UnusableFolder::folder, Function.identity(), (first, second) -> first));
        claims.stream().filter(claim -> !left.contains(claim.name())).forEach(claim -> {
            List<Volume> volumes = claim.spec().volumes();
            for (int i = 0; i < volumes.size(); i++) {
                String item = "[" + i + "]";
                Optional.ofNullable(folders.get(volumes.get(i).source()))
                        .map(folder -> problem(claim, folder))
                        .ifPresent(problem -> problems.add(claim.placed(problem, "volumes", item)));
            }
        });
    }

    private static Diagnostic problem(Claim claim, UnusableFolder folder) {
        return Diagnostic
                .error(Code.NOT_SUPPORTED,
                        "`" + claim.entry() + "` asks for a volume that this host cannot give: " + folder.why())
                .why("the machine would not start")
                .fix(folder.fix());
    }
}
