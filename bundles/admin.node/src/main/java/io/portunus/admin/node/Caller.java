// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Request;
import io.portunus.node.api.Actor;

/** Who asks, for the record of a change. Stateless. */
final class Caller {
    private Caller() {
    }

    /** The peer of a request. */
    static Actor of(Request request) {
        return new Actor("http", request.sender().address());
    }
}
