// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Prints one indented JSON object: the daemon's first hello as {@code hello}, and the snapshot that follows it as {@code snapshot}. Stateless. */
final class OnceView {
    private static final JsonMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    /** Two blanks, a line for each member and element, {@code "key": value}. */
    private static final PrettyPrinter LAYOUT = new DefaultPrettyPrinter(Separators.createDefaultInstance()
            .withObjectNameValueSpacing(Separators.Spacing.AFTER).withObjectEmptySeparator("").withArrayEmptySeparator(""))
        .withObjectIndenter(new DefaultIndenter("  ", "\n")).withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private final Path socket;
    private final Duration patience;

    OnceView(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /** Whether it could be printed; if not, a sentence went to {@code err}. */
    boolean print(PrintStream out, PrintStream err) {
        FutureTask<String> reading = new FutureTask<>(this::read);
        Thread.ofVirtual().name("stats-once").start(reading);
        try {
            out.println(reading.get(patience.toMillis(), TimeUnit.MILLISECONDS));
            return true;
        } catch (ExecutionException e) {
            err.println(StatsClient.complaint(socket, e.getCause() instanceof IOException known ? known : new IOException(e)));
        } catch (TimeoutException e) {
            reading.cancel(true);
            err.println(StatsClient.complaint(socket, new IOException("no snapshot came within " + patience.toSeconds() + " s")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private String read() throws IOException {
        try (StatsClient client = StatsClient.connect(socket)) {
            Optional<JsonNode> hello = Optional.empty();
            while (true) {
                JsonNode line = Message.tree(client.line());
                if (line.has("v")) {
                    hello = Optional.of(line);
                } else if (hello.isPresent()) {
                    return both(hello.get(), line);
                }
            }
        }
    }

    /** Both as one object, members in order of their names, as the predecessor prints it. */
    static String both(JsonNode hello, JsonNode snapshot) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("hello", sorted(hello));
        whole.set("snapshot", sorted(snapshot));
        return JSON.writer().with(LAYOUT).writeValueAsString(whole);
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            ObjectNode all = JSON.createObjectNode();
            node.propertyStream().sorted(Map.Entry.comparingByKey()).forEach(field -> all.set(field.getKey(), sorted(field.getValue())));
            return all;
        }
        if (node.isArray()) {
            ArrayNode all = JSON.createArrayNode();
            node.valueStream().forEach(element -> all.add(sorted(element)));
            return all;
        }
        return node;
    }
}
