// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Resource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The resources of the surface itself, which are there as long as it listens. */
final class OwnResources {
    private OwnResources() {
    }

    /**
     * Makes them.
     *
     * @param all what is served, whenever it is asked for
     * @param lost whether something of the node is lost for good; answers at once
     */
    static List<Resource> of(Supplier<List<Claim>> all, BooleanSupplier lost) {
        return List.of(new IndexResource(all), new HealthResource(lost));
    }
}
