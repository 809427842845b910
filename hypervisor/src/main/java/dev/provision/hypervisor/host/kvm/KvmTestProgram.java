package dev.provision.hypervisor.host.kvm;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The guest code of the KVM self-test, byte for byte, with its assembly beside it.
 *
 * <p>
 * It runs in 64-bit ring 0, like a guest kernel. ADD, OUT and HLT alone would prove nothing: a KVM that interprets guest
 * kernel code passes such a test in under a millisecond and then fails on a real kernel. So the program uses one SSE
 * instruction, which such interpreters lack, and a loop long enough to tell an interpreter from a CPU.
 */
record KvmTestProgram(List<Instruction> instructions) {

    /** One instruction: its bytes in hexadecimal and the assembly they encode. */
    record Instruction(String hex, String assembly) {}

    /** The I/O port both OUT instructions write to; nothing answers there but this test. */
    static final int PORT = 0x10;

    /** Iterations of the timed loop. */
    static final int ITERATIONS = 100_000;

    /** First value sent by the guest: the SSE instruction has been executed, the clock starts. */
    static final int STARTED = 0x53;

    /** Second value sent by the guest; it is right only if the loop ended with ECX = 0. */
    static final int FINISHED = 0x564f5250;

    private static final Instruction SSE = new Instruction("0f57c0", "xorps xmm0, xmm0");

    private static final List<Instruction> MEASURED = List.of( //
            new Instruction("b853000000", "mov eax, 0x53"), // STARTED
            new Instruction("e710", "out 0x10, eax"), //
            new Instruction("b9a0860100", "mov ecx, 100000"), // ITERATIONS
            new Instruction("ffc9", "dec ecx"), //
            new Instruction("75fc", "jnz -4"), // back to dec
            new Instruction("8d8150524f56", "lea eax, [rcx + 0x564f5250]"), // FINISHED + ECX
            new Instruction("e710", "out 0x10, eax"), //
            new Instruction("f4", "hlt"));

    KvmTestProgram {
        instructions = List.copyOf(instructions);
    }

    /** The self-test's program. */
    static KvmTestProgram standard() {
        return new KvmTestProgram(Stream.concat(Stream.of(SSE), MEASURED.stream()).toList());
    }

    /** The program without its SSE instruction: shows an interpreting KVM's speed rather than its gaps. */
    static KvmTestProgram withoutSse() {
        return new KvmTestProgram(MEASURED);
    }

    /** Machine code, in order. */
    byte[] code() {
        var hex = new StringBuilder();
        instructions.forEach(instruction -> hex.append(instruction.hex()));
        return HexFormat.of().parseHex(hex);
    }

    /** The assembly of the instruction that starts at this byte offset, or a note that none does. */
    String assemblyAt(long offset) {
        var start = 0;
        for (var instruction : instructions) {
            if (start == offset) {
                return instruction.assembly();
            }
            start += instruction.hex().length() / 2;
        }
        return "no instruction of the test";
    }
}
