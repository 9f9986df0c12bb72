// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.flow.api.RecordField;
import io.portunus.model.SocketAddresses;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What the configuration of access records means. Stateless. */
final class AccessSettings {
    private static final String FILE = "access.log";

    private AccessSettings() {
    }

    /** The form of a record. */
    static RecordForm form(AccessLogConfig config) {
        List<RecordField> chosen = List.of(config.fields());
        return chosen.isEmpty() ? RecordForm.whole() : new RecordForm(chosen);
    }

    /** Where records go; nothing is opened yet. */
    static AccessOutput output(AccessLogConfig config, Optional<String> state) {
        return switch (config.to()) {
            case "file" -> new AccessFile(place(config, state));
            case "stdout" -> AccessStream.standard();
            case "syslog" -> new AccessSyslog(SocketAddresses.parse(config.syslog()).orElseThrow(() ->
                new IllegalArgumentException("'" + config.syslog() + "' is no address of a collector; write ip:port")), InstantSource.system());
            default -> throw new IllegalArgumentException("access records cannot go to '" + config.to() + "'; use file, stdout or syslog");
        };
    }

    /** A link in the state folder is none of ours; one that the operator names is his. */
    static AccessFile.Place place(AccessLogConfig config, Optional<String> state) {
        if (config.path().isEmpty()) {
            String folder = state.orElseThrow(() -> new IllegalStateException(
                "access records have no place, because the framework property portunus.state is not set"));
            return new AccessFile.Place(Path.of(folder, FILE), false, config.max_size(), config.keep());
        }
        Path path = Path.of(config.path());
        boolean ofState = state.map(Path::of).filter(folder -> path.toAbsolutePath().normalize().startsWith(folder.toAbsolutePath().normalize()))
            .isPresent();
        return new AccessFile.Place(path, !ofState, config.max_size(), config.keep());
    }
}
