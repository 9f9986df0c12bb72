// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.portunus.node.api.PromptOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;

/** Standard error that does not run into the terminal's prompt: whole lines go above it while there is one. Confined to one thread. */
final class BesidePrompt extends OutputStream {
    private final OutputStream out;
    private final Supplier<Optional<PromptOutput>> prompt;

    BesidePrompt(OutputStream out, Supplier<Optional<PromptOutput>> prompt) {
        this.out = out;
        this.prompt = prompt;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        Optional<PromptOutput> terminal = prompt.get();
        if (terminal.filter(its -> its.test(new String(bytes, from, length, UTF_8))).isEmpty()) {
            out.write(bytes, from, length);
            out.flush();
            terminal.ifPresent(its -> its.test(""));
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
