// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portunus.model.SocketAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Access records as messages of syslog (RFC 5424), each in a datagram (RFC 5426). Confined to the writer's thread. */
final class AccessSyslog implements AccessOutput {
    /** Facility local0, severity informational (RFC 5424 §6.2.1). */
    private static final int PRIORITY = 16 * 8 + 6;
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final InetSocketAddress collector;
    private final InstantSource clock;
    private final String behindTime;
    private final ByteBuffer message = ByteBuffer.allocateDirect(RecordLine.MAX_BYTES + 1024);
    private Optional<DatagramChannel> open = Optional.empty();

    AccessSyslog(InetSocketAddress collector, InstantSource clock) {
        this.collector = collector;
        this.clock = clock;
        // No structured data: the record is structured itself.
        this.behindTime = " " + hostName() + " portunus " + ProcessHandle.current().pid() + " access - ";
    }

    /** At most 255 printable characters (RFC 5424 §6), or the dash of one that is not known. */
    private static String hostName() {
        try {
            String name = Files.readString(KERNEL_HOST_NAME).strip();
            return name.matches("[!-~]{1,255}") ? name : "-";
        } catch (IOException noProcFileSystem) {
            return "-";
        }
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        byte[] header = ("<" + PRIORITY + ">1 " + Json.TIMESTAMP.format(clock.instant()) + behindTime).getBytes(US_ASCII);
        try {
            DatagramChannel channel = channel();
            while (lines.hasRemaining()) {
                int end = endOfLine(lines);
                message.clear().put(header).put(header.length, lines, lines.position(), end - lines.position());
                message.position(0).limit(header.length + end - lines.position());
                channel.write(message);
                lines.position(end + 1);
            }
        } catch (IOException failed) {
            close();
            throw failed;
        }
    }

    private static int endOfLine(ByteBuffer lines) {
        int at = lines.position();
        while (lines.get(at) != '\n') {
            at++;
        }
        return at;
    }

    /** Connected, so that the system reports when nobody is there. */
    private DatagramChannel channel() throws IOException {
        if (open.isEmpty()) {
            DatagramChannel channel = DatagramChannel.open();
            open = Optional.of(channel);
            channel.connect(collector);
        }
        return open.get();
    }

    @Override
    public void reopen() {
        close();
    }

    @Override
    public String name() {
        return "syslog at " + SocketAddresses.text(collector);
    }

    @Override
    public void close() {
        try {
            if (open.isPresent()) {
                open.get().close();
            }
        } catch (IOException lost) {
            // A datagram that was sent is sent; there is nothing to be mended here.
        }
        open = Optional.empty();
    }
}
