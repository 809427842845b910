package dev.provision.hypervisor.image;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BuiltinRecipeTest {

    private static GuestImage imageOf(String recipe) {
        return new GuestImage("builtin", Path.of("kernel"), Path.of("initrd"), "d", recipe, "6.1", 1);
    }

    @Test
    void anImageIsCurrentWhenItsRecipeIsOurs() {
        assertTrue(BuiltinRecipe.digest().matches("[0-9a-f]{64}"));
        assertTrue(BuiltinRecipe.isCurrent(imageOf(BuiltinRecipe.digest())));
        assertFalse(BuiltinRecipe.isCurrent(imageOf("0".repeat(64))));
    }

    @Test
    void theListNamesEveryGuestFile() throws IOException, URISyntaxException {
        URL list = Objects.requireNonNull(BuiltinRecipe.class.getResource("guest/files.list"));
        Path folder = Objects.requireNonNull(Path.of(list.toURI()).getParent());
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> present = files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(path -> !path.equals("files.list"))
                    .sorted()
                    .toList();
            assertEquals(present, GuestFile.all().stream().map(GuestFile::path).toList());
        }
    }

    @Test
    void scriptsAreExecutableAndSayTheirShell() {
        for (GuestFile file : GuestFile.all()) {
            boolean script = file.content()[0] == '#' && file.content()[1] == '!';
            assertEquals(script ? 0755 : 0644, file.permissions(), file.path());
        }
    }
}
