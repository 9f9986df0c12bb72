// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enables {@link EpollTransportComponent} where it works; elsewhere there is no such transport, and {@link SplicePath} has warned why. */
@Component(service = EpollOffer.class, immediate = true)
public final class EpollOffer {
    private static final Logger LOG = LoggerFactory.getLogger(EpollOffer.class);

    /** Tries it once. */
    @Activate
    public EpollOffer(ComponentContext context) {
        EpollTrial.objection(Platform.here()).ifPresentOrElse(
            objection -> LOG.atDebug().addKeyValue("reason", objection).log("there is no transport by epoll"),
            () -> context.enableComponent(EpollTransportComponent.class.getName()));
    }
}
