package dev.provision.schema.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Makes broken manifests from whole ones. The same seed makes the same manifest. */
final class Mutator {

    private static final int LONGEST = 200_000;

    /** Words that matter to YAML, to the manifest language or to the code that reads them. */
    private static final List<String> WORDS = List.of("&a ", "*a", "<<: *a", "<<", "? ", ": ", "- ", "{", "}", "[", "]",
            "|\n  x\n", ">-\n  x\n", "'", "\"", "\\", "#", "%YAML 1.1\n---\n", "---\n", "...\n", "!!binary ", "!!int ",
            "!<tag:x,y> ", "\t", "\r\n", "\u0085", "\u2028", "\uFEFF", "\u0000", "\uD83D\uDE00", "\uD83D", "${", "${A}",
            "${A:-",
            "${A:?", "$$", "null", "~", "true", "no", "on", "010", "12:30", "0x10", "1e9", ".inf", ".nan", "-1", "0",
            "99999999999999999999", "9223372036854775807", "1.5", "512MiB", "4G", "0.0000001", "-0", "[1, 2]", "[2, 1]",
            "[[[[", "{{{{", "a: b", "machines", "machines:\n", "defaults", "profiles", "extends", "profile",
            "resources",
            "cpus", "cpu", "memory", "memoryMb", "memory-reservation", "overlay", "disk", "disks", "storage", "shm",
            "auto",
            "gpu", "A100:2", "partition", "devices", "pci", "0000:3b:00.0", "cpuset", "0-8191", "shares", "ports",
            "0:0", "80:80", "networks", "network", "volumes", "./a:/b:ro", "env", "run", "command", "restart", "ready",
            "tcp", "http", "exec", "timeout", "1s", "dependsOn", "ready", "completed", "labels", "protect", "ttl",
            "ignoreChanges", "env.A", "count", "include", "variables", "host", "pool", "limits", "version", "fleet");

    private final List<String> corpus;
    private final Random random;

    Mutator(List<String> corpus, long seed) {
        this.corpus = corpus;
        this.random = new Random(seed);
    }

    String manifest() {
        String text = pick(corpus);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            text = mutated(text);
        }
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private String mutated(String text) {
        return switch (random.nextInt(9)) {
            case 0 -> insert(text, pick(WORDS));
            case 1 -> replaceRange(text, pick(WORDS));
            case 2 -> replaceRange(text, "");
            case 3 -> insert(text, String.valueOf((char) random.nextInt(random.nextBoolean() ? 128 : 65_536)));
            case 4 -> swapWords(text);
            case 5 -> lines(text);
            case 6 -> splice(text, pick(corpus));
            case 7 -> insert(text, repeated());
            default -> replaceWord(text);
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private int place(String text) {
        return random.nextInt(text.length() + 1);
    }

    private String insert(String text, String what) {
        int at = place(text);
        return text.substring(0, at) + what + text.substring(at);
    }

    private String replaceRange(String text, String by) {
        int from = place(text);
        int to = Math.min(text.length(), from + random.nextInt(20));
        return text.substring(0, from) + by + text.substring(to);
    }

    /** Words as a person sees them: what stands between blanks, colons, brackets and commas. */
    private String replaceWord(String text) {
        String[] words = text.split("(?<=[\\s:,{}\\[\\]])|(?=[\\s:,{}\\[\\]])");
        words[random.nextInt(words.length)] = pick(WORDS);
        return String.join("", words);
    }

    private String swapWords(String text) {
        String[] words = text.split("(?<=[\\s:,{}\\[\\]])|(?=[\\s:,{}\\[\\]])");
        Collections.swap(Arrays.asList(words), random.nextInt(words.length), random.nextInt(words.length));
        return String.join("", words);
    }

    private String lines(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (lines.isEmpty()) {
            return text;
        }
        int at = random.nextInt(lines.size());
        switch (random.nextInt(4)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(random.nextInt(lines.size() + 1), lines.get(at));
            case 2 -> lines.set(at, " ".repeat(random.nextInt(5)) + lines.get(at).strip());
            default -> Collections.swap(lines, at, random.nextInt(lines.size()));
        }
        return String.join("\n", lines) + "\n";
    }

    private String splice(String text, String other) {
        return text.substring(0, place(text)) + other.substring(place(other));
    }

    private String repeated() {
        String word = pick(WORDS);
        return word.repeat(1 + random.nextInt(random.nextInt(20) == 0 ? 5_000 : 20));
    }
}
