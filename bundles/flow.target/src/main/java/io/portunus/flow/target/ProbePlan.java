// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.PortRange;
import io.portunus.model.Probe;
import io.portunus.model.ProxyHeader;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What is asked of one target, and where. Equal plans go on over a reload.
 *
 * @param probe the question
 * @param host address or name, or a service, whose hosts are asked
 * @param port port; 0 for those that a service names
 * @param ipv6First which family of a name comes first
 * @param header header before the question, if any
 * @param source local address to come from, as the rule's connections do
 */
record ProbePlan(Probe probe, String host, int port, boolean ipv6First, Optional<ProxyHeader.Version> header, Optional<InetAddress> source) {
    /** The plan for a target; of a range the first port is asked, unless the probe has a port of its own. */
    static ProbePlan of(Rule rule, Target target, Probe probe) {
        Optional<ProxyHeader.Version> header = probe.local()
            ? Optional.of(target.proxy().map(ProxyHeader::version).orElse(ProxyHeader.Version.V2)) : Optional.empty();
        int port = target.address() instanceof TargetAddress.Host(String _, PortRange ports) ? ports.first() : 0;
        return new ProbePlan(probe, target.address().name(), probe.port().orElse(port), rule.targets().preferIpv6(), header,
            rule.sockets().source());
    }

    /** The plan for a host of a service, which is a whole name. */
    ProbePlan of(TargetAddress.Host named) {
        return new ProbePlan(probe, named.host() + ".", probe.port().orElse(named.ports().first()), ipv6First, header, source);
    }
}
