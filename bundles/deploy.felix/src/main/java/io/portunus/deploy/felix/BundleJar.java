// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Offer;
import io.portunus.node.api.DeployCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.cert.CertPath;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What is to be known of a jar, every byte of which was read. Immutable.
 *
 * @param name symbolic name
 * @param version its version
 * @param exports whether it exports packages
 * @param fragment whether it is a fragment
 * @param selfCheck whether it declares that it offers {@link SelfCheck}
 * @param brings what it is to the node
 * @param signers certificate paths that signed every class and resource; empty unless all are signed
 */
record BundleJar(String name, Version version, boolean exports, boolean fragment, boolean selfCheck, Brings brings, List<CertPath> signers) {
    /** Bound of an entry's count and of what all of them inflate to: a jar is a few hundred KiB, a bomb is not. */
    static final int MAX_ENTRIES = 16_384;
    /** Most bytes of all entries together. */
    static final long MAX_INFLATED = 256L << 20;
    private static final int BUFFER = 16_384;
    private static final Pattern SELF_CHECK = Pattern.compile("(?<![\\w.])" + Pattern.quote(SelfCheck.class.getName()) + "(?![\\w.])");
    /** Where descriptions of components lie; what stands behind the first of a description's bytes is not looked at. */
    private static final String DESCRIPTIONS = "OSGI-INF/";
    private static final int MAX_DESCRIPTION = 1 << 18;
    private static final Pattern PROVIDED = Pattern.compile("<provide\\s+interface=[\"']([\\w.$]+)[\"']");
    private static final String SYNTAX = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}";

    BundleJar {
        signers = List.copyOf(signers);
    }

    /**
     * What a bundle brings and needs.
     *
     * @param offers what its manifest declares
     * @param roles those that it offers, declared or not, as far as its manifest and the descriptions of its components show
     * @param needs packages that it cannot be without
     * @param dynamic whether it imports packages when it comes to need them
     */
    record Brings(List<Offer> offers, Set<Role> roles, List<Need> needs, boolean dynamic) {
        Brings {
            offers = List.copyOf(offers);
            roles = Set.copyOf(roles);
            needs = List.copyOf(needs);
        }
    }

    /**
     * Reads a jar to its end: sizes, checksums, digests of a signature if there is one, and the manifest.
     *
     * @throws DeployException if anything of it cannot be read
     */
    static BundleJar read(Path file) {
        try (JarFile jar = new JarFile(file.toFile(), true)) {
            Attributes manifest = Optional.ofNullable(jar.getManifest()).map(Manifest::getMainAttributes)
                .orElseThrow(() -> unreadable("it has no manifest"));
            String name = header(manifest, Constants.BUNDLE_SYMBOLICNAME).split(";", 2)[0].strip();
            if (!header(manifest, Constants.BUNDLE_MANIFESTVERSION).equals("2")) {
                throw unreadable("its manifest has no " + Constants.BUNDLE_MANIFESTVERSION + ": 2");
            }
            if (!name.matches(SYNTAX)) {
                throw unreadable("its manifest has no valid " + Constants.BUNDLE_SYMBOLICNAME);
            }
            String version = header(manifest, Constants.BUNDLE_VERSION);
            if (version.isEmpty()) {
                throw unreadable("its manifest has no " + Constants.BUNDLE_VERSION);
            }
            Contents contents = new Contents(jar);
            List<CertPath> signers = contents.read();
            contents.note(header(manifest, Constants.PROVIDE_CAPABILITY));
            return new BundleJar(name, Version.parseVersion(version), !header(manifest, Constants.EXPORT_PACKAGE).isEmpty(),
                !header(manifest, Constants.FRAGMENT_HOST).isEmpty(), declaresSelfCheck(header(manifest, Constants.PROVIDE_CAPABILITY)),
                new Brings(Offer.declared(header(manifest, Offer.HEADER)), contents.roles, Need.in(header(manifest, Constants.IMPORT_PACKAGE)),
                    !header(manifest, Constants.DYNAMICIMPORT_PACKAGE).isEmpty()), signers);
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(String.valueOf(e.getMessage()));
        } catch (SecurityException e) {
            throw unreadable("it was changed after it was signed: " + e.getMessage());
        }
    }

    /** As bnd writes it from the annotations of a component. */
    static boolean declaresSelfCheck(String capabilities) {
        return capabilities.contains("osgi.service") && SELF_CHECK.matcher(capabilities).find();
    }

    private static String header(Attributes manifest, String name) {
        return Optional.ofNullable(manifest.getValue(name)).orElse("").strip();
    }

    static DeployException unreadable(String why) {
        return new DeployException(DeployCode.BUNDLE_UNREADABLE, "The jar is not a complete bundle: " + why + ".");
    }

    /** Reads all entries once. */
    private static final class Contents {
        private final JarFile jar;
        private final byte[] buffer = new byte[BUFFER];
        private final Set<Role> roles = EnumSet.noneOf(Role.class);
        /** The description of components that is being read. */
        private final StringBuilder description = new StringBuilder();
        private long inflated;
        private boolean allSigned = true;
        private Optional<List<CertPath>> common = Optional.empty();

        Contents(JarFile jar) {
            this.jar = jar;
        }

        /** Who signed every entry. */
        List<CertPath> read() throws IOException {
            Set<String> names = new HashSet<>();
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                if (!names.add(entry.getName()) || names.size() > MAX_ENTRIES) {
                    throw unreadable("it has more than " + MAX_ENTRIES + " entries, or two named " + entry.getName());
                }
                readToEnd(entry);
                if (!entry.isDirectory() && !partOfSignature(entry.getName())) {
                    signedBy(entry);
                }
            }
            return allSigned ? common.orElse(List.of()) : List.of();
        }

        /** Takes note of the contracts that a text names as what is offered. */
        void note(String text) {
            for (Role role : Role.values()) {
                if (Pattern.compile("(?<![\\w.])" + Pattern.quote(role.contract()) + "(?![\\w.])").matcher(text).find()) {
                    roles.add(role);
                }
            }
        }

        private void readToEnd(JarEntry entry) throws IOException {
            CRC32 sum = new CRC32();
            boolean described = entry.getName().startsWith(DESCRIPTIONS) && entry.getName().endsWith(".xml");
            description.setLength(0);
            try (InputStream in = jar.getInputStream(entry)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    sum.update(buffer, 0, n);
                    if (described && description.length() < MAX_DESCRIPTION) {
                        description.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                    }
                    inflated += n;
                    if (inflated > MAX_INFLATED) {
                        throw unreadable("its entries are more than " + (MAX_INFLATED >> 20) + " MiB");
                    }
                }
            }
            for (Matcher provided = PROVIDED.matcher(description); provided.find();) {
                note(provided.group(1));
            }
            // The stream of a zip file, unlike that of a zip stream, does not compare them.
            if (entry.getCrc() >= 0 && entry.getCrc() != sum.getValue()) {
                throw unreadable("the entry " + entry.getName() + " is damaged");
            }
        }

        /** Known only after an entry was read to its end. */
        private void signedBy(JarEntry entry) {
            List<CertPath> paths = new ArrayList<>();
            for (CodeSigner signer : Optional.ofNullable(entry.getCodeSigners()).orElse(new CodeSigner[0])) {
                paths.add(signer.getSignerCertPath());
            }
            common.ifPresent(paths::retainAll);
            allSigned &= !paths.isEmpty();
            common = Optional.of(paths);
        }

        private static boolean partOfSignature(String name) {
            String upper = name.toUpperCase(Locale.ROOT);
            return upper.startsWith("META-INF/") && upper.indexOf('/', "META-INF/".length()) < 0
                && (upper.equals("META-INF/MANIFEST.MF") || upper.startsWith("META-INF/SIG-") || upper.matches(".*\\.(SF|RSA|DSA|EC)"));
        }
    }
}
