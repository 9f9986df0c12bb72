// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.portunus.admin.api.Right;
import io.portunus.admin.api.StaticFiles;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Files whose text is their path, whatever it is; it keeps what it was asked for. */
record SampleFiles(String prefix, List<String> asked) implements StaticFiles {
    SampleFiles(String prefix) {
        this(prefix, new CopyOnWriteArrayList<>());
    }

    @Override
    public Optional<Right> right() {
        return Optional.empty();
    }

    @Override
    public Optional<InputStream> open(String path) {
        asked.add(path);
        return path.startsWith("missing") ? Optional.empty() : Optional.of(new ByteArrayInputStream(path.getBytes(UTF_8)));
    }
}
