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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The certificates that are trusted to sign jars, or to issue the certificates of those who do, each with the names it may sign. Immutable.
 *
 * @param trusted the certificates that could be read
 * @param complaints a sentence for each that could not
 */
record Signers(List<Signer> trusted, List<String> complaints) {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final int MAX_FILE = 1 << 20;
    /** Longest that a file takes; the turn to make changes is held meanwhile. */
    private static final Duration READ = Duration.ofSeconds(10);
    /** What stands behind a certificate: the symbolic names that it may sign, one that ends in {@code .*} for all that begin so. */
    private static final Pattern NAMES = Pattern.compile("(.*\\S)\\s+for\\s+([\\w.*-]+(?:\\s*,\\s*[\\w.*-]+)*)\\s*", Pattern.DOTALL);

    Signers {
        trusted = List.copyOf(trusted);
        complaints = List.copyOf(complaints);
    }

    /**
     * A certificate.
     *
     * @param certificate the signer's or its issuer's
     * @param names what it may sign; empty for every name
     */
    record Signer(X509Certificate certificate, List<String> names) {
        Signer {
            names = List.copyOf(names);
        }

        boolean maySign(String name) {
            return names.isEmpty() || names.stream().anyMatch(its -> its.endsWith(".*") ? name.startsWith(its.substring(0, its.length() - 1))
                : its.equals(name));
        }
    }

    /** Reads PEM files, or PEM text, each with the names behind it. */
    static Signers of(List<String> sources) {
        List<Signer> trusted = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        for (String source : sources) {
            Matcher bound = NAMES.matcher(source);
            boolean some = bound.matches();
            String where = some ? bound.group(1) : source;
            List<String> names = some ? List.of(bound.group(2).split("\\s*,\\s*")) : List.of();
            boolean text = where.contains(BEGIN);
            try (InputStream in = new ByteArrayInputStream(text ? where.getBytes(StandardCharsets.US_ASCII)
                    : NamedFile.read(Path.of(where), MAX_FILE, READ))) {
                for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    trusted.add(new Signer((X509Certificate) certificate, names));
                }
            } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
                complaints.add("The signer's certificate " + (text ? "in the configuration" : where) + " cannot be read (" + e + ").");
            }
        }
        return new Signers(trusted, complaints);
    }

    /** The first of the paths that ends in a certificate trusted to sign a name, or is one, all of it valid now: its subject. */
    Optional<String> verified(List<CertPath> paths, String name) {
        Set<X509Certificate> able = trusted.stream().filter(signer -> signer.maySign(name)).map(Signer::certificate)
            .collect(Collectors.toUnmodifiableSet());
        return verified(paths, able);
    }

    private static Optional<String> verified(List<CertPath> paths, Set<X509Certificate> able) {
        return paths.stream().filter(path -> leadsTo(able, path)).findFirst()
            .map(path -> ((X509Certificate) path.getCertificates().getFirst()).getSubjectX500Principal().getName());
    }

    /** Why a jar of a name is not trusted, sentences. */
    String whyNot(List<CertPath> paths, String name) {
        Set<X509Certificate> all = trusted.stream().map(Signer::certificate).collect(Collectors.toUnmodifiableSet());
        Optional<String> otherwise = verified(paths, all);
        String why = paths.isEmpty() ? "not every class and resource of it is signed by the same signer"
            : otherwise.isPresent() ? otherwise.get() + ", who signed it, may not sign " + name
            : "its signer is none of the trusted ones, or a certificate is not valid now";
        return why + "." + complaints.stream().map(complaint -> " " + complaint).collect(Collectors.joining());
    }

    private static boolean leadsTo(Set<X509Certificate> trusted, CertPath path) {
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
