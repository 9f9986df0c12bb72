// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import java.util.Collection;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process in order, as one that has lost a loop: the launcher offers to, and knows the exit code. In a framework that nobody launched,
 * that one stops. Returns at once.
 *
 * @param context of this bundle
 */
record ProcessEnd(BundleContext context) implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);
    private static final String OFFERED = "(portunus.lifecycle=lost_loop)";

    @Override
    public void run() {
        try {
            Collection<ServiceReference<Runnable>> offered = context.getServiceReferences(Runnable.class, OFFERED);
            for (ServiceReference<Runnable> reference : offered) {
                context.getService(reference).run();
            }
            if (offered.isEmpty()) {
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).stop();
            }
        } catch (BundleException | IllegalStateException stopping) {
            LOG.debug("the framework stops already", stopping);
        } catch (InvalidSyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
