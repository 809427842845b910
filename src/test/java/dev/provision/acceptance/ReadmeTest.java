package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.provisioner.cli.ExitCode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the README says is so. */
class ReadmeTest {

    private static final Path ROOT = Path.of("../..");

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    @Test
    void exitCodesAreThoseOfTheProgram() throws IOException {
        List<String> written = readme().lines().filter(line -> line.matches("\\| \\d+ \\|.*")).toList();
        assertEquals(Arrays.stream(ExitCode.values())
                .map(code -> "| " + code.number() + " | " + code.meaning() + " |")
                .toList(), written);
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> targets = Pattern.compile("\\]\\(([^)#:]+)\\)")
                .matcher(readme())
                .results()
                .map(match -> match.group(1))
                .toList();
        assertTrue(targets.size() > 5);
        assertEquals(List.of(), targets.stream().filter(target -> Files.notExists(ROOT.resolve(target))).toList());
    }

    @Test
    void itsManifestIsValid(@TempDir Path folder) throws IOException {
        String yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(readme())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        try (Provision provision = new Provision(folder)) {
            provision.write("machines.yaml", yaml);
            provision.run("validate").exits(0);
        }
    }

    @Test
    void theTwoCommandsComeFirst() throws IOException {
        String firstBlock = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(readme())
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        assertTrue(firstBlock.startsWith("./provision apply machines.yaml.example --yes"), firstBlock);
        assertTrue(firstBlock.contains("\n./verify"), firstBlock);
        assertTrue(Files.isExecutable(ROOT.resolve("provision")) && Files.isExecutable(ROOT.resolve("verify")));
    }
}
