// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.config.api.ListShape;
import io.portunus.config.api.TimeBounds;
import io.portunus.config.api.TomlForms;
import io.portunus.config.api.TomlSection;
import io.portunus.model.Cidr;
import io.portunus.model.ProblemCode;
import io.portunus.model.ProxyHeader;
import io.portunus.model.ProxyHeader.Tlv;
import io.portunus.model.ProxyHeader.Version;
import io.portunus.model.ProxyTrust;
import io.portunus.model.RuleCode;
import io.portunus.model.SourceFilter;
import io.portunus.model.Spelling;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What one table sets for the PROXY header of targets: that of a target, or that of a rule for the targets that set nothing else.
 *
 * @param section the table
 * @param version {@code proxy_protocol}
 * @param tlvs {@code proxy_tlvs}
 * @param passOn {@code proxy_pass_tlvs}
 */
record TomlProxy(TomlSection section, Optional<Version> version, Optional<Set<Tlv>> tlvs, Optional<Boolean> passOn) {
    private static final String VERSION = "proxy_protocol";
    private static final String TLVS = "proxy_tlvs";
    private static final String PASS = "proxy_pass_tlvs";
    private static final List<String> TLV_WORDS = Arrays.stream(Tlv.values()).map(TomlProxy::word).toList();
    private static final ListShape TLV_LIST = new ListShape(0, Tlv.values().length, "[\"authority\", \"crc32c\"]");
    private static final ListShape SOURCES = new ListShape(1, SourceFilter.MAX_BLOCKS, "[\"10.0.0.0/8\"]");
    private static final TimeBounds TRUST_DEADLINE = TimeBounds.of("1s", "60s");

    /** The keys of a target that has no table of its own, so that it sets nothing else than its rule. */
    TomlProxy silent() {
        return new TomlProxy(section, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Reads the keys of a table. */
    static TomlProxy read(TomlSection section) {
        return new TomlProxy(section, version(section), section.list(TLVS, TLV_LIST, TomlProxy::tlv).map(Set::copyOf), section.flag(PASS));
    }

    private static Optional<Version> version(TomlSection section) {
        Optional<String> text = section.value(VERSION, String.class, "\"v1\" or \"v2\", in quotes");
        Optional<Version> version = text.flatMap(written -> Arrays.stream(Version.values()).filter(v -> word(v).equals(written)).findFirst());
        if (text.isPresent() && version.isEmpty()) {
            section.problem(RuleCode.PROXY_PROTOCOL_INVALID, VERSION, TomlSection.echo(text.get())
                + " is no version of the PROXY protocol; write \"v1\" or \"v2\", or remove the key");
        }
        return version;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Tlv tlv(String text) {
        return Arrays.stream(Tlv.values()).filter(tlv -> word(tlv).equals(text)).findFirst().orElseThrow(() ->
            new IllegalArgumentException(TomlSection.echo(text) + " is none of " + String.join(", ", TLV_WORDS)
                + Spelling.nearest(text, TLV_WORDS).map(w -> "; did you mean '" + w + "'?").orElse("; write one of them")));
    }

    /** The header of this target in a rule, and what is wrong with the target's part in it. */
    Optional<ProxyHeader> header(TomlProxy rule) {
        Optional<Version> its = version.or(rule::version);
        if (its.isPresent() && its.get() == Version.V1) {
            refuseTlvs(section);
            return Optional.of(ProxyHeader.of(Version.V1));
        }
        if (its.isEmpty() && !section.has(VERSION) && !rule.section.has(VERSION)) {
            missVersion();
        }
        return its.map(v -> new ProxyHeader(v, tlvs.or(rule::tlvs).orElse(Set.of()), passOn.or(rule::passOn).orElse(false)));
    }

    /** Reports what is wrong with a rule's own keys, given the headers of its targets: TLVs that none of them can have. */
    void check(List<ProxyHeader> headers) {
        if (!readable() || headers.stream().anyMatch(header -> header.version() == Version.V2)) {
            return;
        }
        if (headers.isEmpty() && version.isEmpty()) {
            missVersion();
        } else {
            refuseTlvs(section);
        }
    }

    /** Whether it is known which version is wanted here, if any. */
    boolean readable() {
        return version.isPresent() == section.has(VERSION);
    }

    private void refuseTlvs(TomlSection at) {
        if (tlvs.filter(all -> !all.isEmpty()).isPresent()) {
            at.problem(RuleCode.PROXY_PROTOCOL_INVALID, TLVS, "a v1 header has no TLVs; write proxy_protocol = \"v2\", or remove the key");
        }
        if (passOn.orElse(false)) {
            at.problem(RuleCode.PROXY_PROTOCOL_INVALID, PASS, "a v1 header passes no TLVs on; write proxy_protocol = \"v2\", or remove the key");
        }
    }

    private void missVersion() {
        if (tlvs.filter(all -> !all.isEmpty()).isPresent() || passOn.orElse(false)) {
            section.problem(ProblemCode.MISSING_KEY, VERSION, "there are TLVs for a PROXY header, and no header; add proxy_protocol = \"v2\", or "
                + "remove " + section.presentOf(TLVS, PASS));
        }
    }

    /** Reads {@code accept_proxy} and its time. */
    static Optional<ProxyTrust> trust(TomlSection rule) {
        Optional<List<Cidr>> sources = rule.list("accept_proxy", SOURCES, TomlForms::block);
        Optional<Duration> deadline = rule.time("accept_proxy_timeout", TRUST_DEADLINE);
        if (rule.has("accept_proxy_timeout") && !rule.has("accept_proxy")) {
            rule.problem(ProblemCode.MISSING_KEY, "accept_proxy", "there is a time for a PROXY header that is required of nobody; add accept_proxy"
                + " = [\"10.0.0.0/8\"] with the sources that send one, or remove accept_proxy_timeout");
        }
        return sources.map(all -> new ProxyTrust(all, deadline.orElse(ProxyTrust.DEFAULT_DEADLINE)));
    }
}
