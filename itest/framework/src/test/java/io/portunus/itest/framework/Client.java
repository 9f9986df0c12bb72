// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** A client of a rule. Confined to the thread of the test. */
record Client(Socket socket) implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;
    /** Long enough for an answer over the loopback address, had there been one. */
    private static final int SILENCE_MILLIS = 400;

    static Client connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new Client(socket);
    }

    /** Whether nobody listens on the port. */
    static boolean refused(int port) {
        try (Client unexpected = connect(port)) {
            return !unexpected.socket.isConnected();
        } catch (IOException refused) {
            return true;
        }
    }

    /** The ClientHello that the JDK's TLS client sends for the name. */
    static byte[] clientHello(String name) throws GeneralSecurityException, SSLException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        engine.setSSLParameters(parameters);
        ByteBuffer clientHello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), clientHello);
        byte[] bytes = new byte[clientHello.flip().remaining()];
        clientHello.get(bytes);
        return bytes;
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    byte[] receive(int length) throws IOException {
        return socket.getInputStream().readNBytes(length);
    }

    /** Sends, and receives as much. */
    byte[] exchange(byte[] bytes) throws IOException {
        send(bytes);
        return receive(bytes.length);
    }

    /** Whether nothing comes for a while, neither bytes nor an end. */
    boolean silent() throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException silence) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    /** Whether the next that comes is a reset. */
    boolean isReset() throws IOException {
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Whether the next that comes is an end or a reset. */
    boolean isOver() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
