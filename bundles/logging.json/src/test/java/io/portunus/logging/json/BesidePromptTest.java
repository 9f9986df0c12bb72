// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.node.api.PromptOutput;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BesidePromptTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> above = new ArrayList<>();
    private boolean prompting;
    private Optional<PromptOutput> prompt = Optional.of(lines -> prompting && above.add(lines));

    @Test
    void linesGoAboveThePromptWhileThereIsOneAndElseToStandardError() throws Exception {
        BesidePrompt out = new BesidePrompt(err, () -> prompt);

        out.write("one\n".getBytes(UTF_8));
        prompting = true;
        out.write("two\n".getBytes(UTF_8));
        prompt = Optional.empty();
        out.write("three\n".getBytes(UTF_8));
        out.flush();

        assertThat(above).containsExactly("two\n");
        assertThat(err.toString(UTF_8)).isEqualTo("one\nthree\n");
    }

    @Test
    void aPromptThatCameWhileALineWasPrintedIsDrawnAgain() throws Exception {
        prompt = Optional.of(lines -> {
            above.add(lines);
            return lines.isEmpty();
        });

        new BesidePrompt(err, () -> prompt).write("one\n".getBytes(UTF_8));

        assertThat(above).containsExactly("one\n", "");
        assertThat(err.toString(UTF_8)).isEqualTo("one\n");
    }
}
