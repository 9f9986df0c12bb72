// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import io.portunus.node.api.OwnFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/** The key by which clients know the node again: ECDSA on P-256, since the library can make no Ed25519 key without another one. */
final class HostKey {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    /** Longest file. */
    private static final int MAX_BYTES = 64 * 1024;
    /** Size of the curve. */
    static final int CURVE_BITS = 256;

    private HostKey() {
    }

    /** Reads the key, or makes it if there is none. */
    static KeyPairProvider at(Path file) throws IOException, GeneralSecurityException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            make(file);
        }
        byte[] content = OwnFile.read(file, MAX_BYTES);
        Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
        others.removeAll(OWNER_ONLY);
        if (others.stream().anyMatch(p -> p.name().startsWith("GROUP") || p.name().startsWith("OTHERS"))) {
            throw new InvalidKeyException("others than its owner may use the file; after chmod 600 it is taken");
        }
        List<KeyPair> pairs = new ArrayList<>();
        try (InputStream in = new ByteArrayInputStream(content)) {
            Iterable<KeyPair> read = SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName(file.toString()), in, null);
            if (read != null) {
                read.forEach(pairs::add);
            }
        }
        if (pairs.isEmpty()) {
            throw new InvalidKeyException("there is no key in it");
        }
        return KeyPairProvider.wrap(pairs);
    }

    private static void make(Path file) throws IOException, GeneralSecurityException {
        KeyPair pair = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", CURVE_BITS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "portunus", null, out);
        OwnFile.replace(file, out.toByteArray(), PosixFilePermissions.toString(OWNER_ONLY));
    }
}
