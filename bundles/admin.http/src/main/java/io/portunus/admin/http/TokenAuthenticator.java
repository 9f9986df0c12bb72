// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Authentication;
import io.portunus.admin.api.Authenticator;
import io.portunus.admin.api.Credentials;
import io.portunus.admin.api.Principal;
import io.portunus.model.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Knows whoever has the token of the state directory, who may do everything: he may as well change what runs there. Immutable. */
@Component(service = Authenticator.class)
public final class TokenAuthenticator implements Authenticator {
    private static final Principal HOLDER = Principal.withEveryRight("local", "token");

    private final AdminToken token;

    /** Reads the token, or makes it at the first start. */
    @Activate
    public TokenAuthenticator(BundleContext context) {
        this(AdminToken.open(Path.of(Objects.requireNonNull(context.getProperty("portunus.state"), "the property portunus.state is not set"))));
    }

    TokenAuthenticator(AdminToken token) {
        this.token = token;
    }

    @Override
    public Authentication authenticate(Credentials credentials) {
        return credentials.field("Authorization").filter(token::opens).isPresent()
            ? new Authentication.Known(HOLDER) : Authentication.NO_OPINION;
    }

    @Override
    public String challenge() {
        return "Bearer";
    }

    @Override
    public String remedy() {
        return "Send the header 'Authorization: Bearer' with the token of the file admin.token in the state directory.";
    }

    @Override
    public List<Problem> problems() {
        return token.problems();
    }
}
