// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.node.api.NamedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The certificates that are trusted to sign jars, or to issue the certificates of those who do. Immutable.
 *
 * @param trusted the certificates that could be read
 * @param complaints a sentence for each that could not
 */
record Signers(Set<X509Certificate> trusted, List<String> complaints) {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final int MAX_FILE = 1 << 20;
    /** Longest that a file takes; the turn to make changes is held meanwhile. */
    private static final Duration READ = Duration.ofSeconds(10);

    Signers {
        trusted = Set.copyOf(trusted);
        complaints = List.copyOf(complaints);
    }

    /** Reads PEM files, or PEM text. */
    static Signers of(List<String> sources) {
        Set<X509Certificate> trusted = new HashSet<>();
        List<String> complaints = new ArrayList<>();
        for (String source : sources) {
            boolean text = source.contains(BEGIN);
            try (InputStream in = new ByteArrayInputStream(text ? source.getBytes(StandardCharsets.US_ASCII)
                    : NamedFile.read(Path.of(source), MAX_FILE, READ))) {
                for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    trusted.add((X509Certificate) certificate);
                }
            } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
                complaints.add("The signer's certificate " + (text ? "in the configuration" : source) + " cannot be read (" + e + ").");
            }
        }
        return new Signers(trusted, complaints);
    }

    /** The first of the paths that ends in a trusted certificate or is one, all of it valid now: its subject. */
    Optional<String> verified(List<CertPath> paths) {
        return paths.stream().filter(this::leadsToTrust).findFirst()
            .map(path -> ((X509Certificate) path.getCertificates().getFirst()).getSubjectX500Principal().getName());
    }

    private boolean leadsToTrust(CertPath path) {
        List<X509Certificate> untrusted = new ArrayList<>();
        Optional<X509Certificate> end = Optional.empty();
        for (var certificate : path.getCertificates()) {
            X509Certificate link = (X509Certificate) certificate;
            if (trusted.contains(link)) {
                end = Optional.of(link);
                break;
            }
            untrusted.add(link);
        }
        Set<X509Certificate> anchors = end.map(Set::of).orElse(trusted);
        return !anchors.isEmpty() && anchors.stream().anyMatch(anchor -> valid(untrusted, anchor));
    }

    /** The order and the signatures of a jar's chain are only claims: PKIX checks them. It does not look at the anchor's own dates. */
    private static boolean valid(List<X509Certificate> chain, X509Certificate anchor) {
        try {
            anchor.checkValidity();
            if (!chain.isEmpty()) {
                PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
                parameters.setRevocationEnabled(false);
                CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
                CertPathValidator.getInstance("PKIX").validate(path, parameters);
            }
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
