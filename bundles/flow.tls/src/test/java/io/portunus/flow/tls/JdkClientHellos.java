// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;

/** The JDK's engine, as a client that writes ClientHellos and as a server that reads them. */
final class JdkClientHellos {
    private static final int MAX_CALLS = 100;

    private final SSLContext context;

    JdkClientHellos() throws GeneralSecurityException {
        context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
    }

    /** What a client sends first. */
    byte[] write(String protocol, Optional<String> name, List<String> alpn) throws SSLException {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocol.split(","));
        parameters.setServerNames(name.<List<SNIServerName>>map(host -> List.of(new SNIHostName(host))).orElse(List.of()));
        parameters.setApplicationProtocols(alpn.toArray(String[]::new));
        engine.setSSLParameters(parameters);
        engine.beginHandshake();
        ByteBuffer out = ByteBuffer.allocate(200_000);
        for (int i = 0; i < MAX_CALLS && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; i++) {
            engine.wrap(ByteBuffer.allocate(0), out);
        }
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    /** The name a server reads from these bytes, as it stands there; empty when there is none or the engine refuses before it reads it. */
    Optional<String> read(byte[] bytes) {
        Recorder recorder = new Recorder();
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setSNIMatchers(List.of(recorder));
        engine.setSSLParameters(parameters);
        try {
            drive(engine, ByteBuffer.wrap(bytes));
        } catch (SSLException refused) {
            // A server without a certificate always refuses in the end; what counts is the name it saw before.
            return recorder.seen;
        }
        return recorder.seen;
    }

    private static void drive(SSLEngine engine, ByteBuffer in) throws SSLException {
        engine.beginHandshake();
        ByteBuffer out = ByteBuffer.allocate(100_000);
        for (int i = 0; i < MAX_CALLS; i++) {
            SSLEngineResult result = engine.unwrap(in, out);
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                Optional.ofNullable(engine.getDelegatedTask()).ifPresent(Runnable::run);
            }
            boolean stuck = result.bytesConsumed() == 0 && result.getHandshakeStatus() != HandshakeStatus.NEED_TASK;
            if (stuck || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP || engine.isInboundDone()) {
                return;
            }
        }
    }

    private static final class Recorder extends SNIMatcher {
        private Optional<String> seen = Optional.empty();

        Recorder() {
            super(StandardConstants.SNI_HOST_NAME);
        }

        @Override
        public boolean matches(SNIServerName name) {
            seen = Optional.of(new String(name.getEncoded(), StandardCharsets.ISO_8859_1));
            return true;
        }
    }
}
