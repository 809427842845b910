package dev.provision.hypervisor.qemu.channel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

class LineBufferTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void linesDoNotDependOnHowBytesArrive(int piece) throws LineTooLongException {
        byte[] input = ("first\r\n\nthird" + "x".repeat(3000) + "\n\r\nlast").getBytes(StandardCharsets.UTF_8);
        LineBuffer buffer = new LineBuffer(4000);
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < input.length; at += piece) {
            buffer.add(ByteBuffer.wrap(input, at, Math.min(piece, input.length - at)));
            for (byte[] line = buffer.poll(); line != null; line = buffer.poll()) {
                lines.add(new String(line, StandardCharsets.UTF_8));
            }
        }
        assertEquals(List.of("first", "", "third" + "x".repeat(3000), ""), lines);
        assertNull(buffer.poll());
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 1000})
    void aLineWithoutEndIsRefused(int bytes) {
        LineBuffer buffer = new LineBuffer(10);
        buffer.add(ByteBuffer.wrap(new byte[bytes]));
        assertThrows(LineTooLongException.class, buffer::poll);
    }
}
