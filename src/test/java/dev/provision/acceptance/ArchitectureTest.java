package dev.provision.acceptance;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** One direction of dependency, a pure planner, no dumping grounds: what the folder tree promises. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {

    private JavaClasses classes = new ClassFileImporter().importPackages();

    @BeforeAll
    void importClasses() {
        classes = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.provision.schema", "dev.provision.planner", "dev.provision.hypervisor",
                        "dev.provision.provisioner");
    }

    @Test
    void modulesDependInOneDirection() {
        layeredArchitecture().consideringOnlyDependenciesInLayers()
                .layer("schema")
                .definedBy("dev.provision.schema..")
                .layer("planner")
                .definedBy("dev.provision.planner..")
                .layer("hypervisor")
                .definedBy("dev.provision.hypervisor..")
                .layer("provisioner")
                .definedBy("dev.provision.provisioner..")
                .whereLayer("provisioner")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("hypervisor")
                .mayOnlyBeAccessedByLayers("provisioner")
                .whereLayer("planner")
                .mayOnlyBeAccessedByLayers("hypervisor", "provisioner")
                .whereLayer("schema")
                .mayOnlyBeAccessedByLayers("planner", "hypervisor", "provisioner")
                .check(classes);
    }

    @Test
    void hypervisorUsesOnlyValueTypesOfThePlanner() {
        noClasses().that()
                .resideInAPackage("dev.provision.hypervisor..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.provision.planner.plan..", "dev.provision.planner.diff..",
                        "dev.provision.planner.capacity..")
                .check(classes);
    }

    @Test
    void plannerIsPure() {
        noClasses().that()
                .resideInAPackage("dev.provision.planner..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.lang.foreign..",
                        "java.util.concurrent..", "com.sun.jna..", "com.fasterxml..")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(classes);
    }

    @Test
    void executorKnowsNoView() {
        noClasses().that()
                .resideInAPackage("dev.provision.provisioner.convergence..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.provision.provisioner.views..", "dev.provision.provisioner.cli..",
                        "dev.provision.hypervisor.qemu..")
                .check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        for (String module : new String[]{"planner", "hypervisor", "provisioner"}) {
            slices().matching("dev.provision." + module + ".(*)..").should().beFreeOfCycles().check(classes);
        }
        // Packages within packages too: host.kvm and host.process, image and image.deb.
        slices().matching("dev.provision.hypervisor.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void noDumpingGrounds() {
        classes().should()
                .resideOutsideOfPackages("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..misc..")
                .check(classes);
    }

    @Test
    void onlyMainEndsTheProcess() {
        noClasses().that()
                .doNotHaveFullyQualifiedName("dev.provision.provisioner.cli.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(classes);
    }
}
