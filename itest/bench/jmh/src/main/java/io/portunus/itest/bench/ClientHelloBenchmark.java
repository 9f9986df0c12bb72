// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.bench;

import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.Verdict;
import io.portunus.flow.tls.TlsInspector;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A whole look into a connection's ClientHello: reassembly of the record, parser, prelude. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class ClientHelloBenchmark {
    /** TLS 1.3 with name, ALPN and key share, as OpenSSL writes it; 223 bytes. */
    private static final String CLIENT_HELLO = """
        16030100da010000d60303b6d133cb66da1777e5c7bdfdf1c7291ce07613d269c86121d8aa0bb320468a332061b6036d3cbe583c8e4daed3ece3f0f8
        bfd3069f028304aa47f7b7b3307bbdc1000813021303130100ff0100008500000014001200000f6170702e6578616d706c652e636f6d000b00040300
        0102000a00040002001d002300000010000e000c02683208687474702f312e310016000000170000000d000400020401002b0003020304002d000201
        01003300260024001d0020f6dc9826351f6372e1eb969fa87feacee06d3abd6300ad0f8ee27434547ccd6b""";

    private final Inspector inspector = new TlsInspector();
    private ByteBuffer clientHello = ByteBuffer.allocate(0);

    /** Takes the ClientHello as it lies in a loop's buffer. */
    @Setup
    public void prepare() {
        byte[] bytes = HexFormat.of().parseHex(CLIENT_HELLO.replace("\n", ""));
        clientHello = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        if (!(inspector.begin().inspect(clientHello) instanceof Verdict.Recognised)) {
            throw new AssertionError("the hello is not recognised");
        }
    }

    /** All bytes at once. */
    @Benchmark
    public Verdict whole() {
        return inspector.begin().inspect(clientHello);
    }
}
