package dev.provision.provisioner.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.Permission;
import dev.provision.planner.plan.Scope;
import dev.provision.planner.plan.Selector;

/** What of the fleet may be changed, and how much. */
final class ScopeOptions {

    @Option(names = "--target", paramLabel = "SELECTOR", converter = SelectorConverter.class, description = "only these machines, and what they depend on where that is down: a machine, an entry of the manifest, LABEL=VALUE or LABEL!=VALUE; terms joined by commas must all hold; may be repeated")
    private List<Selector> targets = List.of();

    @Option(names = "--replace", paramLabel = "SELECTOR", converter = SelectorConverter.class, description = "make these machines anew though nothing asks for it: overlay discarded, storage kept; may be repeated")
    private List<Selector> replaced = List.of();

    @Option(names = "--prune", negatable = true, description = "--prune: machines that the manifest does not name may be destroyed without being asked for; --no-prune: they are left alone (default: they are destroyed when a person confirms it)")
    private @Nullable Boolean prune;

    @Option(names = "--allow", paramLabel = "CLASSES", converter = PermissionConverter.class, description = "refuse a plan that needs more than these: create, live, restart, recreate, destroy, joined by commas; or all, or none; what is down may come up in any case, and --yes is needed where nobody can be asked (default: create,live,restart; more after a person confirmed it)")
    private @Nullable Permission allowed;

    @Option(names = "--refresh-only", description = "change no machine: only let the records take what is really there, so that what drifted is no drift any more")
    private boolean refreshOnly;

    boolean isRefreshOnly() {
        if (refreshOnly && !replaced.isEmpty()) {
            throw new CommandFailedException(ExitCode.USAGE, "--replace changes machines, --refresh-only does not",
                    "use one of them");
        }
        return refreshOnly;
    }

    /** Machines are to be made anew though nothing asks for it. */
    boolean isReplacing() {
        return !replaced.isEmpty();
    }

    Scope scope() {
        return new Scope(targets, replaced, prune == null || prune);
    }

    /** What the person said is allowed, whoever confirms the rest. */
    Optional<Permission> explicit() {
        return Optional.ofNullable(allowed).map(this::pruning);
    }

    /** What is allowed when nobody is asked. */
    Permission withoutAsking() {
        return explicit().orElseGet(() -> pruning(Permission.DEFAULT));
    }

    private Permission pruning(Permission permission) {
        return Boolean.TRUE.equals(prune) ? permission.with(Disruption.DESTROY) : permission;
    }

    /** {@code live,restart}. */
    static final class PermissionConverter implements ITypeConverter<Permission> {

        @Override
        public Permission convert(String text) {
            if (text.equals("all")) {
                return Permission.ALL;
            }
            List<String> words = List.of(text.split(",", -1));
            if (words.size() > 1 && (words.contains("all") || words.contains("none"))) {
                throw new TypeConversionException("'all' and 'none' stand alone, and '" + text + "' names more");
            }
            if (words.contains(Disruption.START.word())) {
                throw new TypeConversionException("'start' need not be allowed: what is down may always come up");
            }
            Set<Disruption> allowed = EnumSet.noneOf(Disruption.class);
            for (String word : text.equals("none") ? List.<String>of() : words) {
                allowed.add(Permission.ALL.allowed()
                        .stream()
                        .filter(disruption -> disruption.word().equals(word.strip()))
                        .findFirst()
                        .orElseThrow(() -> new TypeConversionException("'" + word
                                + "' is none of create, live, restart, recreate, destroy, all, none")));
            }
            return new Permission(allowed);
        }
    }

    /** {@code web}, {@code tier=front,zone!=b}. */
    static final class SelectorConverter implements ITypeConverter<Selector> {

        @Override
        public Selector convert(String text) {
            try {
                return new Selector(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
