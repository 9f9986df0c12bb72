// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Authentication;
import io.portunus.admin.api.Authenticator;
import io.portunus.admin.api.Credentials;
import io.portunus.admin.api.Principal;
import java.util.Set;

/** Knows a guest, who may read; refuses and fails by the name that is given. */
record SampleAuthenticator(String realm) implements Authenticator {
    @Override
    public Authentication authenticate(Credentials credentials) {
        return switch (credentials.field("X-Name").orElse("")) {
            case "guest" -> new Authentication.Known(Principal.of("guest", "user", Set.of(Samples.READ)));
            case "banned" -> new Authentication.Refused("You were banned.");
            case "broken" -> throw new IllegalStateException("secret detail");
            default -> Authentication.NO_OPINION;
        };
    }

    @Override
    public String challenge() {
        return "Name realm=\"" + realm + "\"";
    }

    @Override
    public String remedy() {
        return "Send your name.";
    }
}
