// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be wrong with the targets of a rule. One method a problem code. Confined to one thread. */
final class TargetChecks {
    private final Findings findings;

    TargetChecks(Findings findings) {
        this.findings = findings;
    }

    void run() {
        for (int place = 0; place < findings.rules().size(); place++) {
            Rule rule = findings.rules().get(place);
            targetsEmpty(place, rule);
            targetsTooMany(place, rule);
            targetsDuplicate(place, rule);
            serviceOnUnsupportedRule(place, rule);
            invalidServiceName(place, rule);
            proxyProtocolInvalid(place, rule);
        }
    }

    /** The key of one target, which names its place only where the rule has others. */
    static String key(Rule rule, int place) {
        return rule.targets().targets().size() == 1 ? "target" : "targets[" + place + "]";
    }

    private void targetsEmpty(int place, Rule rule) {
        if (rule.targets().targets().isEmpty()) {
            findings.add(RuleCode.TARGETS_EMPTY, place, "targets", "the rule has no target; name at least one");
        }
    }

    private void targetsTooMany(int place, Rule rule) {
        int count = rule.targets().targets().size();
        if (count > TargetGroup.MAX_TARGETS) {
            findings.add(RuleCode.TARGETS_TOO_MANY, place, "targets", "the rule has " + count + " targets, more than "
                + TargetGroup.MAX_TARGETS + "; name fewer, or a host name that stands for several addresses");
        }
    }

    private void targetsDuplicate(int place, Rule rule) {
        List<Target> targets = rule.targets().targets();
        if (targets.size() < 2) {
            return;
        }
        Map<TargetAddress, Integer> first = new HashMap<>();
        for (int i = 0; i < targets.size(); i++) {
            TargetAddress address = targets.get(i).address();
            Integer earlier = first.putIfAbsent(canonical(address), i);
            if (earlier != null) {
                findings.addOfTarget(RuleCode.TARGETS_DUPLICATE, place, i, "targets[" + earlier + "] is " + targets.get(i)
                    + " already; give it a weight instead of naming it twice");
            }
        }
    }

    /** An address has several spellings, a name one. */
    private static TargetAddress canonical(TargetAddress address) {
        return switch (address) {
            case TargetAddress.Host(String host, PortRange ports) ->
                new TargetAddress.Host(IpLiterals.parse(host).map(IpLiterals::text).orElse(withoutDot(host)), ports);
            case TargetAddress.Service(String name) -> new TargetAddress.Service(withoutDot(name));
        };
    }

    /** Two targets that differ in the dot only are one name nearly always, and then one too many. */
    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private void serviceOnUnsupportedRule(int place, Rule rule) {
        Optional<PortRange> range = rule.listen().stream().filter(its -> its.width() > 1).findFirst();
        List<Target> targets = rule.targets().targets();
        for (int i = 0; range.isPresent() && i < targets.size(); i++) {
            if (targets.get(i).address() instanceof TargetAddress.Service) {
                findings.addOfTarget(RuleCode.RANGE_INVALID, place, i, "the rule listens on the range " + range.get() + ", whose ports go to "
                    + "as many of a target, and each record of the service " + targets.get(i) + " tells a single one; list the ports one by one, "
                    + "or name a host and its ports");
            }
        }
    }

    private void invalidServiceName(int place, Rule rule) {
        List<Target> targets = rule.targets().targets();
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i).address() instanceof TargetAddress.Service(String name)
                    && ServiceNames.protocol(name).filter(its -> !rule.protocols().has(its)).isPresent()) {
                findings.addOfTarget(RuleCode.INVALID_SERVICE_NAME, place, i, "the service " + name + " is not of " + rule.protocols().code()
                    + ", which the rule is for; write _" + rule.protocols().code() + " in it, or another protocol");
            }
        }
    }

    private void proxyProtocolInvalid(int place, Rule rule) {
        List<Target> targets = rule.targets().targets();
        for (int i = 0; i < targets.size(); i++) {
            boolean mute = targets.get(i).proxy().filter(p -> p.version() == ProxyHeader.Version.V1 && (!p.tlvs().isEmpty() || p.passOn()))
                .isPresent();
            if (mute) {
                findings.addOfTarget(RuleCode.PROXY_PROTOCOL_INVALID, place, i, "the target " + targets.get(i)
                    + " wants TLVs in a PROXY header of version 1, which is a line of text and has none; use v2, or leave them out");
            }
        }
    }
}
