// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import org.apache.sshd.common.util.security.AbstractSecurityProviderRegistrar;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;

/** How the library learns of {@link JdkEd25519}: under the name by which it looks for such support. Thread-safe. */
final class JdkEd25519Provider extends AbstractSecurityProviderRegistrar {
    private static final String JDK_PROVIDER = "SunEC";

    private final EdDSASupport<?, ?> support;

    JdkEd25519Provider(EdDSASupport<?, ?> support) {
        super(SecurityUtils.EDDSA);
        this.support = support;
    }

    @Override
    public boolean isEnabled() {
        return true;
    }

    @Override
    public boolean isSupported() {
        return Security.getProvider(JDK_PROVIDER) != null;
    }

    @Override
    public String getProviderName() {
        return JDK_PROVIDER;
    }

    @Override
    public boolean isNamedProviderUsed() {
        return true;
    }

    @Override
    public Provider getSecurityProvider() {
        return Security.getProvider(JDK_PROVIDER);
    }

    /** None: everything but the support itself is looked up in the JDK as before. */
    @Override
    public String getDefaultSecurityEntitySupportValue(Class<?> entity) {
        return NO_OPTIONS_VALUE;
    }

    @Override
    public Optional<EdDSASupport<?, ?>> getEdDSASupport() {
        return Optional.of(support);
    }
}
