// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GiB each way, by one connection and by a hundred, with checksums at both ends. */
@Tag("alone")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class BulkTest {
    private static final long GIB = 1L << 30;
    private static final int BLOCK = 256 * 1024;

    private final int port = Ports.free();
    private Backend backend;
    private Appliance appliance;

    @BeforeAll
    void start(@TempDir Path directory) {
        backend = Backend.start(BulkTest::converse);
        appliance = Appliance.start(directory, Rules.plain("bulk", port, backend.port()));
    }

    @AfterAll
    void stop() throws IOException {
        appliance.close();
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void aGibibyteArrivesUnchangedUpAndDown(int connections) throws Exception {
        List<Future<Boolean>> results = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connections; i++) {
                long seed = i;
                results.add(clients.submit(() -> upAndDown(GIB / connections, seed)));
            }
        }

        for (Future<Boolean> result : results) {
            assertThat(result.get(1, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** The backend of the test: 'U' n bytes -> their CRC; 'D' n seed -> n bytes, the CRC follows. */
    static void converse(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        int way = in.read();
        long bytes = in.readLong();
        if (way == 'U') {
            out.writeLong(receive(in, bytes));
        } else {
            out.writeLong(send(out, bytes, in.readLong()));
        }
    }

    private boolean upAndDown(long bytes, long seed) throws IOException {
        return up(port, bytes, seed) && down(port, bytes, seed + 1);
    }

    /** Whether what was sent arrived. */
    static boolean up(int port, long bytes, long seed) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write('U');
            out.writeLong(bytes);
            long sent = send(out, bytes, seed);
            return new DataInputStream(socket.getInputStream()).readLong() == sent;
        }
    }

    /** Whether what was asked for arrived. */
    static boolean down(int port, long bytes, long seed) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write('D');
            out.writeLong(bytes);
            out.writeLong(seed);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            long received = receive(in, bytes);
            return in.readLong() == received;
        }
    }

    /** Sends pseudo-random bytes; each block differs from the last, so that a block lost, doubled or moved changes the sum. */
    static long send(OutputStream out, long bytes, long seed) throws IOException {
        CRC32C sum = new CRC32C();
        byte[] block = new byte[BLOCK];
        SplittableRandom random = new SplittableRandom(seed);
        random.nextBytes(block);
        for (long left = bytes; left > 0; left -= BLOCK) {
            int length = (int) Math.min(BLOCK, left);
            block[(int) (left / BLOCK % BLOCK)] = (byte) random.nextInt();
            sum.update(block, 0, length);
            out.write(block, 0, length);
        }
        return sum.getValue();
    }

    static long receive(InputStream in, long bytes) throws IOException {
        CRC32C sum = new CRC32C();
        byte[] block = new byte[BLOCK];
        for (long left = bytes; left > 0; ) {
            int read = in.read(block, 0, (int) Math.min(BLOCK, left));
            if (read < 0) {
                throw new IOException(left + " bytes are missing");
            }
            sum.update(block, 0, read);
            left -= read;
        }
        return sum.getValue();
    }
}
