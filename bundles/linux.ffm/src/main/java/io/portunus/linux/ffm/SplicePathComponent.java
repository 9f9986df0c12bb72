// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.flow.spi.BulkLane;
import io.portunus.flow.spi.BulkPath;
import io.portunus.flow.spi.Stream;
import io.portunus.model.Problem;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Offers {@link SplicePath}, also where it does not work: it states why. */
@Component(service = BulkPath.class, immediate = true)
public final class SplicePathComponent implements BulkPath {
    private final SplicePath path;

    /** Looks whether splice(2) works here. */
    @Activate
    public SplicePathComponent() {
        path = new SplicePath(Platform.here(), PipeFfm::new);
    }

    @Deactivate
    void deactivate() {
        path.retire();
    }

    @Override
    public String name() {
        return path.name();
    }

    @Override
    public Optional<Problem> unavailable() {
        return path.unavailable();
    }

    @Override
    public Optional<BulkLane> open(Stream source, Stream sink) {
        return path.open(source, sink);
    }
}
