// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import static io.portunus.flow.tls.ClientHelloBuilder.clientHello;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.itest.contracts.Cuts;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzzes the inspection with whole connections: no exception, one answer however the bytes are cut, refusals of 0 or 7 bytes. The module's
 * build fuzzes for a minute; elsewhere, as from an IDE, only the seeds run.
 */
class TlsInspectionFuzzTest {
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void answersOnceHoweverTheBytesAreCut(byte[] bytes) {
        new Cuts(TlsInspection::new).holdTogether(bytes);
        expectRefusals(new TlsInspection());
    }

    static Stream<byte[]> seeds() throws GeneralSecurityException, SSLException {
        JdkClientHellos jdk = new JdkClientHellos();
        byte[] message = clientHello().name("a.example").alpn("h2").message();
        byte[] stranger = {9, 0, 1, 'x', 0, 0, 1, 'a'};
        return Stream.of(jdk.write("TLSv1.3,TLSv1.2", Optional.of("a.example"), List.of("h2")), jdk.write("TLSv1.2", Optional.empty(), List.of()),
                Records.cut(message), Records.cut(message, 1, 2, 3, 60), Records.sliced(message, 7), clientHello().withoutExtensions().records(),
                clientHello().sessionId(0).extension(0, ClientHelloBuilder.vector16(stranger)).records(),
                clientHello().name("192.0.2.1").name("b.example").records());
    }

    private static void expectRefusals(Inspection inspection) {
        for (CloseReason reason : CloseReason.known()) {
            int length = inspection.refusal(reason).length;
            if (length != 0 && length != 7) {
                throw new AssertionError(reason + " is told in " + length + " bytes");
            }
        }
    }
}
