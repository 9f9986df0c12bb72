// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;

/** What one end of a connection does, step by step; a step that goes otherwise fails with its number. */
record Script(List<Step> steps) {
    /** One step. */
    sealed interface Step {
        void run(Socket socket) throws IOException;
    }

    record Send(int bytes) implements Step {
        @Override
        public void run(Socket socket) throws IOException {
            socket.getOutputStream().write(pattern(bytes));
        }
    }

    record Read(int bytes) implements Step {
        @Override
        public void run(Socket socket) throws IOException {
            byte[] got = socket.getInputStream().readNBytes(bytes);
            byte[] wanted = pattern(bytes);
            if (!Arrays.equals(got, wanted)) {
                throw new IOException("got " + got.length + " of " + bytes + " bytes, or other ones");
            }
        }
    }

    record Fin() implements Step {
        @Override
        public void run(Socket socket) throws IOException {
            socket.shutdownOutput();
        }
    }

    record Rst() implements Step {
        @Override
        public void run(Socket socket) throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    record ExpectEnd() implements Step {
        @Override
        public void run(Socket socket) throws IOException {
            int read = socket.getInputStream().read();
            if (read != -1) {
                throw new IOException("wanted the end, got a byte");
            }
        }
    }

    record ExpectReset() implements Step {
        @Override
        public void run(Socket socket) throws IOException {
            InputStream in = socket.getInputStream();
            try {
                int read = in.read();
                throw new IOException(read == -1 ? "wanted a reset, got the end" : "wanted a reset, got a byte");
            } catch (SocketException reset) {
                if (!String.valueOf(reset.getMessage()).contains("reset")) {
                    throw reset;
                }
            }
        }
    }

    static Script of(Step... steps) {
        return new Script(List.of(steps));
    }

    void run(Socket socket) throws IOException {
        for (int i = 0; i < steps.size(); i++) {
            try {
                steps.get(i).run(socket);
            } catch (IOException e) {
                throw new IOException("step " + (i + 1) + " " + steps.get(i) + ": " + e.getMessage(), e);
            }
        }
    }

    private static byte[] pattern(int bytes) {
        byte[] pattern = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            pattern[i] = (byte) (i * 31 + (i >>> 8));
        }
        return pattern;
    }
}
