// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** TLS targets that say who they are: one line with their name, to each client, then what they got. */
public final class TlsBackend {
    /** Of the keys. */
    public static final String PASSWORD = "changeit";

    private TlsBackend() {
    }

    /** Starts one; it speaks whatever TLS the JDK speaks, and answers HTTP too: its answer is a whole response that names it. */
    public static Backend start(Path directory, String name) {
        try {
            SSLServerSocket server = (SSLServerSocket) context(directory).getServerSocketFactory()
                .createServerSocket(0, 1024, InetAddress.getLoopbackAddress());
            return Backend.serve(server, socket -> {
                socket.setSoTimeout(10_000);
                InputStream in = socket.getInputStream();
                in.read();
                String body = "I am " + name + "\n";
                socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII));
            });
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts one that sends its name in a line, then sends everything back. */
    public static Backend naming(Path directory, String name) {
        try {
            return Backend.serve(context(directory).getServerSocketFactory().createServerSocket(0, 1024, InetAddress.getLoopbackAddress()),
                Backend.naming(name.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client context that trusts every certificate: the tests look at who answers, not at whom to trust. */
    public static SSLContext trustingClient() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext context(Path directory) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(directory).getKeyManagers(), null, null);
        return context;
    }

    /** The key and the certificate of all backends of a folder, made when first asked for; for servers of other protocols. */
    public static KeyManagerFactory keys(Path directory) throws IOException, GeneralSecurityException {
        Path store = directory.resolve("backend.p12");
        if (!Files.exists(store)) {
            makeKey(store);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        return managers;
    }

    private static void makeKey(Path store) throws IOException {
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "backend",
            "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=backend.example.test", "-validity", "30", "-storetype", "PKCS12",
            "-keystore", store.toString(), "-storepass", PASSWORD);
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new UncheckedIOException(new IOException("keytool: " + said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // Everybody is trusted in these tests.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // Everybody is trusted in these tests.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
