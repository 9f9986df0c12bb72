// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.model.Probe;
import io.portunus.model.ProxyHeader;
import io.portunus.model.Rule;
import io.portunus.model.Target;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What is asked of one target, and where. Equal plans go on over a reload.
 *
 * @param probe the question
 * @param host address or name
 * @param port port
 * @param ipv6First which family of a name comes first
 * @param header header before the question, if any
 * @param source local address to come from, as the rule's connections do
 */
record ProbePlan(Probe probe, String host, int port, boolean ipv6First, Optional<ProxyHeader.Version> header, Optional<InetAddress> source) {
    /** The plan for a target; of a range the first port is asked, unless the probe has a port of its own. */
    static ProbePlan of(Rule rule, Target target, Probe probe) {
        Optional<ProxyHeader.Version> header = probe.local()
            ? Optional.of(target.proxy().map(ProxyHeader::version).orElse(ProxyHeader.Version.V2)) : Optional.empty();
        return new ProbePlan(probe, target.address().host(), probe.port().orElse(target.address().ports().first()),
            rule.targets().preferIpv6(), header, rule.sockets().source());
    }
}
